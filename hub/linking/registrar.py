"""Itinerary: rows are validated, pseudonymised and stored.

It knows no files and no GraphQL: the importer and the mutation both come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.clock import today_in_china
from hub.identity.resident_id import parse
from hub.linking.mistakes import OTHER_PROVINCE, UNKNOWN_PROVINCE, with_known
from hub.linking.rows import LinkResult, Outcome, Statement
from hub.linking.validation import (
    checked_kinds,
    checked_local_key,
    checked_period,
    checked_province,
    checked_source,
)
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from hub.clock import Clock
    from hub.identity.worker_key import Pseudonyms
    from hub.linking.ports import GivesWay, LinkBook
    from hub.linking.rows import LinkRow
    from schema.records.keys import ProvinceCode
    from schema.records.refusal import Refusal

#: Rows in one transaction: enough to spread its cost, few enough that others
#: who register wait for less than a second.
BATCH = 5_000

#: Rows that are checked between two chances for others to have their turn.
_AT_ONCE = 32


class Prepared(msgspec.Struct, frozen=True):
    """Rows that were checked; no resident ID number is left in it.

    Attributes:
        statements: Those that can be used.
        refused: The results of those that cannot.
    """

    statements: tuple[Statement, ...]
    refused: tuple[LinkResult, ...]


class Registrar:
    """Registers links."""

    def __init__(
        self,
        pseudonyms: Pseudonyms,
        book: LinkBook,
        provinces: Collection[ProvinceCode],
        clock: Clock,
        pace: GivesWay | None = None,
    ) -> None:
        """Get ready.

        Args:
            pseudonyms: Makes the worker keys.
            book: Where the links are kept.
            provinces: The codes of the hub's provinces, as they are at any time.
            clock: Tells the day.
            pace: Says when checking many rows must give way to other requests; none
                where nobody else is served, as in a command.
        """
        self._pseudonyms = pseudonyms
        self._book = book
        self._provinces = provinces
        self._clock = clock
        self._pace = pace

    async def register(
        self,
        rows: Sequence[LinkRow],
        source: str,
        only: ProvinceCode | None = None,
    ) -> list[LinkResult]:
        """Register rows; each is taken or refused for itself.

        Registering the same rows again changes nothing.

        Args:
            rows: Any number; every 5,000 are one transaction.
            source: Who states it, for the record: an office, or a file.
            only: The one province that the caller may speak for; all if none.

        Returns:
            One result for each row, in their order.

        Raises:
            Refused: The source cannot be used, or the store cannot. In the latter
                case whole batches may have been kept: register all again.
        """
        source = self.checked_source(source)
        results: list[LinkResult] = []
        for start in range(0, len(rows), BATCH):
            prepared = await self._in_turns(rows[start : start + BATCH], only, start)
            results += await self.settle(prepared, source)
        return results

    async def _in_turns(
        self, rows: Sequence[LinkRow], only: ProvinceCode | None, start: int
    ) -> Prepared:
        """Do as ``prepare`` does, and give way in between."""
        if self._pace is None:
            return self.prepare(rows, only, start)
        statements: list[Statement] = []
        refused: list[LinkResult] = []
        for first in range(0, len(rows), _AT_ONCE):
            await self._pace.breathe()
            some = self.prepare(rows[first : first + _AT_ONCE], only, start + first)
            statements += some.statements
            refused += some.refused
        return Prepared(tuple(statements), tuple(refused))

    def checked_source(self, source: str) -> str:
        """Check who states something.

        Raises:
            Refused: It is empty, too long or has a resident ID number in it.
        """
        return checked_source(source, today_in_china(self._clock))

    def prepare(
        self,
        rows: Sequence[LinkRow],
        only: ProvinceCode | None = None,
        start: int = 0,
    ) -> Prepared:
        """Check rows and put pseudonyms in place of the numbers; no I/O.

        Args:
            rows: What was stated.
            only: The one province that may be spoken for; all if none.
            start: The place of the first row, from which the results count.
        """
        today = today_in_china(self._clock)
        unknown = with_known(UNKNOWN_PROVINCE, " ".join(sorted(self._provinces)))
        statements: list[Statement] = []
        refused: list[LinkResult] = []
        for place, row in enumerate(rows, start):
            try:
                statements.append(self._state(place, row, only, today, unknown))
            except Refused as error:
                refused.append(LinkResult(place, Outcome.REFUSED, error.refusal))
        return Prepared(tuple(statements), tuple(refused))

    async def counted(self) -> None:
        """Let the store count what it keeps now, after much was registered.

        Raises:
            schema.records.refusal.Refused: The store cannot be used now.
        """
        await self._book.counted()

    async def settle(self, prepared: Prepared, source: str) -> list[LinkResult]:
        """Store what was prepared, in one transaction.

        Args:
            prepared: Not more than some thousand rows.
            source: Who states it.

        Returns:
            One result for each row that was prepared, in their order.
        """
        results = list(prepared.refused)
        if prepared.statements:
            results += await self._book.settle(prepared.statements, source)
            results.sort(key=lambda result: result.row)
        return results

    def _state(
        self,
        place: int,
        row: LinkRow,
        only: ProvinceCode | None,
        today: date,
        unknown: Refusal,
    ) -> Statement:
        province = checked_province(row.province, self._provinces, unknown)
        if only is not None and province != only:
            raise Refused(OTHER_PROVINCE)
        local_key = checked_local_key(row.local_key, today)
        kinds = checked_kinds(row.kinds)
        valid_from, valid_to = checked_period(row)
        live = self._pseudonyms.live(parse(row.resident_id, today))
        return Statement(
            place,
            live[0][0],
            tuple(key for _, key in live),
            province,
            local_key,
            kinds,
            valid_from,
            valid_to,
        )
