"""Value: the statements of pages of cases and tasks; each goes in by the index that fits.

For some unions, each is asked for its own first rows by an index that has them in order,
and the best of those are the page. For very many unions (all of a province) the list of
their province is walked, and what is of others is left out: what it costs grows with the
page, not with the unions.

A page ordered by days is that of one event of the feed: a row counts from the event that
began it until the one that closed it (``case_listing``).
"""

from __future__ import annotations

from functools import cache
from typing import Final

#: From so many unions on, lists of provinces are walked.
MANY: Final = 200

_STANDS: Final = "row.to_v = 9223372036854775807"
_AS_OF: Final = """
    row.from_v <= (SELECT version FROM known) AND row.to_v > (SELECT version FROM known)
"""
_FITS: Final = """
    (row.{key}, row.case_no, row.task_no) > (%(key)s, %(no)s, %(task)s)
    AND {version}
    AND (%(any_of)s = 0 OR row.sides & %(any_of)s <> 0)
    AND row.sides & %(all_of)s = %(all_of)s
    AND (%(by)s = 0 OR row.sides & %(by)s <> 0)
    AND row.marks & %(marks)s = %(marks)s
    AND (cardinality(%(kinds)s::text[]) = 0 OR row.kind = ANY(%(kinds)s::text[]))
    AND (cardinality(%(states)s::text[]) = 0 OR row.state = ANY(%(states)s::text[]))
    AND (%(lead)s::text IS NULL OR row.lead_province = %(lead)s)
    AND row.due_on <= %(due)s
    AND (%(opened)s::timestamptz IS NULL OR row.opened_at >= %(opened)s)
    AND (%(changed)s::timestamptz IS NULL OR row.changed_at >= %(changed)s)
"""
_ORDER: Final = "ORDER BY row.{key}, row.case_no, row.task_no"
_PARTS: Final = "CROSS JOIN unnest(%(parts)s::int[]) AS parts (part)"
_OF_EACH: Final = """
    SELECT row.{key} AS key, row.case_no, row.task_no, row.opened_at
    FROM case_listing AS row
    WHERE row.union_code = asked.code AND row.part = parts.part AND {fits}
    {order} LIMIT %(most)s
"""
# A case of two of the unions is met twice in a row, and shown once. (IS TRUE: else the
# planner asks the index for each union, instead of looking each row up in a hash.)
_OF_PROVINCE: Final = """
    SELECT DISTINCT ON (row.{key}, row.case_no, row.task_no)
        row.{key} AS key, row.case_no, row.task_no, row.opened_at
    FROM case_listing AS row
    WHERE row.province = asked.code AND row.part = parts.part AND {fits}
        AND (row.union_code IN (SELECT unnest(%(unions)b::text[]))) IS TRUE
    {order} LIMIT %(most)s
"""
_PAGE: Final = """
WITH known AS MATERIALIZED (
    SELECT coalesce(max(cursor), 0) AS head,
        coalesce(%(version)s::bigint, max(cursor), 0) AS version,
        (SELECT max(pruned_to) FROM case_listing_horizon) AS pruned_to
    FROM feed_event
), asked AS (SELECT DISTINCT unnest(%(asked)b::text[]) AS code), page AS (
    SELECT DISTINCT ON (key, case_no, task_no) own.*
    FROM asked {parts} CROSS JOIN LATERAL ({own}) AS own
    ORDER BY key, case_no, task_no LIMIT %(most)s
)
SELECT known.head, known.version, known.pruned_to, page.key, page.task_no,
    page.opened_at, rights_case.body::text
FROM known LEFT JOIN (page JOIN rights_case USING (case_no)) ON true
ORDER BY page.key, page.case_no, page.task_no
"""


@cache
def page_statement(*, by_day: bool, by_province: bool) -> str:
    """Give the statement of a page.

    Args:
        by_day: Ordered by the day that is due, and not by the moment of opening.
        by_province: ``asked`` are provinces, to be walked for the unions.
    """
    key = "due_on" if by_day else "opened_at"
    order = _ORDER.format(key=key)
    fits = _FITS.format(key=key, version=_AS_OF if by_day else _STANDS)
    own = (_OF_PROVINCE if by_province else _OF_EACH).format(
        key=key, fits=fits, order=order
    )
    return _PAGE.format(own=own, parts=_PARTS)


PROVINCES: Final = """
SELECT count(DISTINCT code), array_agg(DISTINCT province) FROM organisation
WHERE code = ANY(%s::text[])
"""
