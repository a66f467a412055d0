"""Value: the statements of pages of transfers; each goes in by the index that fits.

For some unions, each is asked for its own first rows by an index that has them in order,
and the best of those are the page: what it costs grows with the unions and the page,
not with the table. For very many unions (all of a province) a page is found sooner by
walking the list of all and leaving out what is of others.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from schema.records.moving import Side

if TYPE_CHECKING:
    from schema.records.moving import TransferFilter

#: From so many unions on, the list of all is walked.
MANY: Final = 400

_FITS: Final = """
    (opened_at, transfer_id) > (%(at)s, %(id)s)
    AND (cardinality(%(states)s::text[]) = 0 OR state = ANY(%(states)s::text[]))
    AND (cardinality(%(basis)s::text[]) = 0 OR basis = ANY(%(basis)s::text[]))
    AND (%(changed)s::timestamptz IS NULL OR changed_at >= %(changed)s)
    AND (%(due)s::timestamptz IS NULL OR due_at <= %(due)s)
    AND (NOT %(overdue)s OR overdue)
"""
_IN_ORDER: Final = "ORDER BY opened_at, transfer_id LIMIT %(most)s"
_OF_EACH: Final = """
    SELECT own.* FROM asked CROSS JOIN LATERAL (
        SELECT opened_at, transfer_id FROM transfer
        WHERE {side} = asked.code AND {batch} AND {fits} {in_order}
    ) AS own
"""
_OF_ALL: Final = """
    SELECT opened_at, transfer_id FROM transfer WHERE {whose} AND {batch} AND {fits}
"""
_PAGE: Final = """
WITH asked AS (SELECT DISTINCT unnest(%(offices)s::text[]) AS code)
SELECT transfer.body::text, page.opened_at, page.transfer_id
FROM ({found} {in_order}) AS page JOIN transfer USING (transfer_id)
ORDER BY page.opened_at, page.transfer_id
"""

#: Who came to unions to stay; the old register may not have closed its entry yet.
ARRIVED: Final = """
SELECT transfer.body::text, page.arrived_at, page.transfer_id
FROM (
    SELECT own.* FROM unnest(%(offices)s::text[]) AS asked (code) CROSS JOIN LATERAL (
        SELECT arrived_at, transfer_id FROM transfer
        WHERE to_union = asked.code
            AND arrived_at >= %(since)s
            AND (arrived_at, transfer_id) > (%(at)s, %(id)s)
        ORDER BY arrived_at, transfer_id LIMIT %(most)s
    ) AS own
    ORDER BY arrived_at, transfer_id LIMIT %(most)s
) AS page JOIN transfer USING (transfer_id)
ORDER BY page.arrived_at, page.transfer_id
"""


def page_statement(wanted: TransferFilter, unions: int | None) -> str:
    """Give the statement of a page.

    Args:
        wanted: What is filtered by.
        unions: Of how many unions; none if of all.
    """
    return _statement(
        wanted.side, unions is None, (unions or 0) > MANY, bool(wanted.batch)
    )


@cache
def _statement(side: Side | None, of_all: bool, many: bool, batch: bool) -> str:  # noqa: FBT001  # they are the key of the cache
    sides = {
        Side.IN: ("to_union",),
        Side.OUT: ("from_union",),
        None: ("from_union", "to_union"),
    }[side]
    parts = {
        "batch": "batch_id = %(batch)s AND batch_id <> ''" if batch else "true",
        "fits": _FITS,
        "in_order": _IN_ORDER,
    }
    if of_all or many or batch:
        whose = " OR ".join(f"{each} IN (SELECT code FROM asked)" for each in sides)  # noqa: S608  # ours
        found = _OF_ALL.format(whose="true" if of_all else f"({whose})", **parts)
    else:
        # A transfer between two of them is found twice, and shown once.
        found = " UNION ".join(_OF_EACH.format(side=each, **parts) for each in sides)
    return _PAGE.format(found=found, in_order=_IN_ORDER)
