"""Adapter: reads reports of arrears, and the collective cases that they make."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from hub.store.arrears_collecting import read_totals
from hub.store.arrears_forms import kept_of
from schema.records.arrears import KeptCollective

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hub.following.collecting import KeptReport
    from hub.store.pool import Pool

_OF_CASES: Final = """
SELECT kept.body::text, kept.case_no, kept.lead, kept.lead_province, kept.signal_on,
    kept.state, collective_id::text
FROM arrears_report AS kept LEFT JOIN collective_report USING (report_id)
WHERE kept.case_no = ANY(%s::text[]) ORDER BY kept.report_id
"""
# What is theirs is looked for among the reports of each, and no more than is named.
_SEEN: Final = """
SELECT collective_id::text, formed_at, standing.body::text, ARRAY(
    SELECT report_id FROM collective_report AS linked
    JOIN arrears_report AS kept USING (report_id)
    WHERE linked.collective_id = standing.collective_id
        AND (%(unions)s::text[] IS NULL
            OR office = ANY(%(unions)s::text[]) OR lead = ANY(%(unions)s::text[]))
    ORDER BY report_id LIMIT %(most)s
) AS own, %(unions)s::text[] IS NULL OR EXISTS (
    SELECT FROM collective_report AS linked
    JOIN arrears_report AS kept USING (report_id)
    WHERE linked.collective_id = standing.collective_id
        AND lead = ANY(%(unions)s::text[])
) AS leads
FROM collective_case AS standing
"""
_SOME: Final = f"{_SEEN} WHERE collective_id = ANY(%(ids)s::uuid[])"
# Few stand at a time: each is looked into by its reports.
_PAGE: Final = f"""
{_SEEN}
WHERE ended_at IS NULL AND (formed_at, collective_id::text) > (%(at)s, %(id)s)
    AND EXISTS (
        SELECT FROM collective_report AS linked JOIN arrears_report USING (report_id)
        WHERE linked.collective_id = standing.collective_id
            AND (office = ANY(%(unions)s::text[]) OR lead = ANY(%(unions)s::text[]))
    )
ORDER BY formed_at, collective_id::text LIMIT %(first)s
"""
#: So many reports are named.
_MOST: Final = 50


class ArrearsReading:
    """Reads reports; who may see them is decided before.

    Every method may raise ``hub.store.unavailable.StoreUnavailable``.
    """

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def of_cases(
        self, numbers: Sequence[str]
    ) -> Mapping[str, Sequence[KeptReport]]:
        """Read the reports of cases, by the cases' numbers."""
        known = [each for each in set(numbers) if each.isprintable()]
        found: dict[str, list[KeptReport]] = defaultdict(list)
        async with self._pool.connection() as connection:
            rows = await connection.execute(_OF_CASES, (known,))
            for row in await rows.fetchall():
                kept = kept_of(row)
                found[kept.case_no].append(kept)
        return found

    async def collectives(
        self, ids: Sequence[str], unions: Sequence[str] | None
    ) -> Mapping[str, KeptCollective]:
        """Read collective cases, by their ids.

        Args:
            ids: Which.
            unions: Whose reports to name, a few of them; all if none.
        """
        wanted = {"ids": list(set(ids)), "unions": _listed(unions), "most": _MOST + 1}
        async with self._pool.connection() as connection:
            rows = await connection.execute(_SOME.encode(), wanted)
            return {row[0]: _kept(*row) for row in await rows.fetchall()}

    async def page(
        self, unions: Sequence[str], most: int, after: tuple[datetime, str]
    ) -> Sequence[KeptCollective]:
        """Read those that stand, where these unions took in a report or lead a case.

        Args:
            unions: Their codes.
            most: So many at the most.
            after: Only those after this place, in the order in which they were formed.
        """
        at, id_ = after
        wanted = {
            "at": at,
            "id": id_,
            "unions": _listed(unions),
            "most": _MOST + 1,
            "first": most,
        }
        async with self._pool.connection() as connection:
            rows = await connection.execute(_PAGE.encode(), wanted)
            return [_kept(*row) for row in await rows.fetchall()]


def _listed(unions: Sequence[str] | None) -> list[str] | None:
    return None if unions is None else list(unions)


def _kept(
    id_: str,
    formed_at: datetime,
    body: str,
    own: Sequence[str],
    leads: bool,  # noqa: FBT001  # as a row has it
) -> KeptCollective:
    return KeptCollective(
        id=id_,
        formed_at=formed_at,
        case=read_totals(body),
        own=tuple(own[:_MOST]),
        own_more=len(own) > _MOST,
        leads=leads,
    )
