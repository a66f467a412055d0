"""Adapter: reads reports of arrears, and the collective cases that they make."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import msgspec

from hub.store.arrears_forms import kept_of
from schema.records.arrears import CollectiveCase, KeptCollective

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
_OF_COLLECTIVES: Final = """
SELECT kept.body::text, kept.case_no, kept.lead, kept.lead_province, kept.signal_on,
    kept.state, collective_id::text
FROM arrears_report AS kept JOIN collective_report USING (report_id)
WHERE collective_id = ANY(%s::uuid[]) ORDER BY kept.report_id
"""
_SOME: Final = """
SELECT collective_id::text, formed_at, body::text FROM collective_case
WHERE collective_id = ANY(%s::uuid[])
"""
# Few stand at a time: each is looked into by its reports.
_PAGE: Final = """
SELECT collective_id::text, formed_at, body::text FROM collective_case AS standing
WHERE ended_at IS NULL AND (formed_at, collective_id::text) > (%s, %s)
    AND EXISTS (
        SELECT FROM collective_report AS linked JOIN arrears_report USING (report_id)
        WHERE linked.collective_id = standing.collective_id
            AND (office = ANY(%s::text[]) OR lead = ANY(%s::text[]))
    )
ORDER BY formed_at, collective_id::text LIMIT %s
"""
_read = msgspec.json.Decoder(CollectiveCase).decode


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

    async def collectives(self, ids: Sequence[str]) -> Mapping[str, KeptCollective]:
        """Read collective cases, by their ids."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(_SOME, (list(set(ids)),))
            return {row[0]: _kept(*row) for row in await rows.fetchall()}

    async def linked(self, ids: Sequence[str]) -> Mapping[str, Sequence[KeptReport]]:
        """Read the reports of collective cases, by these cases' ids."""
        found: dict[str, list[KeptReport]] = defaultdict(list)
        async with self._pool.connection() as connection:
            rows = await connection.execute(_OF_COLLECTIVES, (list(set(ids)),))
            for row in await rows.fetchall():
                kept = kept_of(row)
                found[kept.collective or ""].append(kept)
        return found

    async def page(
        self, unions: Sequence[str], most: int, after: tuple[datetime, str]
    ) -> Sequence[KeptCollective]:
        """Read those that stand, where these unions took in a report or lead a case.

        Args:
            unions: Their codes.
            most: So many at the most.
            after: Only those after this place, in the order in which they were formed.
        """
        known = list(unions)
        wanted = (*after, known, known, most)
        async with self._pool.connection() as connection:
            rows = await connection.execute(_PAGE, wanted)
            return [_kept(*row) for row in await rows.fetchall()]


def _kept(id_: str, formed_at: datetime, body: str) -> KeptCollective:
    return KeptCollective(id=id_, formed_at=formed_at, case=_read(body))
