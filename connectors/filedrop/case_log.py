"""Itinerary: files of changes become a log of case files, and pages of it.

A line is taken once, in the order of files and rows, and then stands: the log is only ever
added to, so that its positions lead through it. The same line again is the same line.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.faults import ProvinceFault
from connectors.filedrop.arrivals import Arrivals, fresh
from connectors.filedrop.desk_reports import forget, is_closed, note, report
from connectors.filedrop.desk_store import DeskStore, marks
from connectors.filedrop.judging import Flawed
from connectors.filedrop.own_thread import OwnThread
from connectors.filedrop.rows import Flaw
from connectors.mapping.changes import ChangeRow
from connectors.mapping.mistakes import RowMistake
from connectors.port import MOST_CHANGES, Changed
from connectors.told_changes import ToldChanges, UnfitChanges, read_changes
from schema.records.told import FaultCode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from connectors.filedrop.places import Places
    from connectors.mapping.rows import RowMapping
    from connectors.port import ChangesWanted
    from schema.records.change import Changes
    from schema.records.keys import ProvinceCode

_FOLDER: Final = "changes"
_EVERY: Final = frozenset(ChangeRow.__struct_fields__)
#: Larger places than any log has; SQLite refuses them.
_LONGEST: Final = 18
_DECODER = msgspec.json.Decoder()


class CaseLog:
    """The log of case files of one province, from its folder ``changes``."""

    def __init__(
        self, province: ProvinceCode, places: Places, words: RowMapping, settle: float
    ) -> None:
        """Open nothing yet.

        Args:
            province: Whose case files.
            places: The drop folder.
            words: What a line is called.
            settle: So many seconds a file must have been still.
        """
        self._province = province
        self._places = places
        self._words = words
        self._store = DeskStore(places.state)
        self._arrivals = Arrivals(places.changes, settle)
        self._thread = OwnThread(province, "case-log")

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Take what is new, and tell a page.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if not 1 <= wanted.first <= MOST_CHANGES:
            raise ProvinceFault(FaultCode.PROVINCE_ERROR, "no such page")

        def work() -> Changes:
            self._take()
            return self._page(wanted)

        return Changed(await self._thread.do(work, deadline))

    async def look(self) -> None:
        """Take what is new, so that offices hear of mistakes though nobody asks."""
        loop = asyncio.get_running_loop()
        with suppress(ProvinceFault):  # it is logged
            await self._thread.do(self._take, loop.time() + 60)

    async def close(self) -> None:
        """Close the state, after what is under way."""
        await self._thread.close()
        self._store.close()

    def _take(self) -> None:
        self._places.changes.mkdir(parents=True, exist_ok=True)
        still = self._arrivals.look()
        told = "SELECT name, look FROM seen WHERE folder = ?"
        known = dict(self._store.read(told, (_FOLDER,)))
        gone = [name for name in known if name not in self._arrivals.there]
        for name in fresh(still, known):
            lines = list(self._lines(name))
            with self._store.writing() as db:
                flaws = [flaw for line in lines if (flaw := _stored(db, name, line))]
                look = "" if is_closed(flaws) else still[name]
                note(db, _FOLDER, name, look, flaws)
        if gone:
            with self._store.writing() as db:
                forget(db, self._places, _FOLDER, gone)
        report(self._store, self._places, _FOLDER)

    def _lines(self, name: str) -> Iterator[Flawed | tuple[int, ChangeRow]]:
        """Read a file: its lines, or what is wrong with them."""
        read = self._arrivals.read(name)
        for number, row in read.rows:
            if isinstance(row, Flaw):
                yield Flawed(name, number, "", row.code)
                continue
            line: ChangeRow | RowMistake = self._words.read(row, _EVERY)
            if isinstance(line, RowMistake):
                yield Flawed(name, number, line.column, line.code)
            elif self._fits(line):
                yield number, line
            else:
                yield Flawed(name, number, "", "UNFIT_CHANGE")
        if read.flaw:
            yield Flawed(name, read.at, "", read.flaw)

    def _fits(self, line: ChangeRow) -> bool:
        page = ToldChanges(province=self._province, changes=(_builtins(line),))
        try:
            read_changes(self._province, page, 1, whole=True)
        except UnfitChanges:
            return False
        return True

    def _page(self, wanted: ChangesWanted) -> Changes:
        epoch = self._epoch()
        begin = 0
        if wanted.case_no:
            lines = self._store.read(
                "SELECT position, case_no, told FROM log"
                " WHERE case_no = ? AND seq > ? ORDER BY seq LIMIT ?",
                (wanted.case_no, wanted.seq, wanted.first + 1),
            )
            cases = {wanted.case_no}
        else:
            begin = self._begin(epoch, wanted.after)
            lines = self._store.read(
                "SELECT position, case_no, told FROM log"
                " WHERE position > ? ORDER BY position LIMIT ?",
                (begin, wanted.first + 1),
            )
            cases = {case_no for _, case_no, _ in lines[: wanted.first]}
        told, more = lines[: wanted.first], len(lines) > wanted.first
        last = told[-1][0] if told else begin
        page = ToldChanges(
            province=self._province,
            changes=tuple(_DECODER.decode(line) for _, _, line in told),
            watermarks=tuple(self._watermarks(sorted(cases))),
            next="" if wanted.case_no else f"{epoch}-{last}",
            more=more,
        )
        try:
            return read_changes(self._province, page, wanted.first)
        except UnfitChanges as unfit:
            raise ProvinceFault(FaultCode.MALFORMED, unfit.rule) from None

    def _begin(self, epoch: str, after: str) -> int:
        """Find where to go on: at the beginning, if the place is none of this log."""
        name, _, place = after.rpartition("-")
        fits = place.isascii() and place.isdigit() and len(place) <= _LONGEST
        if name != epoch or not fits:
            return 0
        ((end,),) = self._store.read("SELECT coalesce(max(position), 0) FROM log")
        return int(place) if int(place) <= end else 0

    def _epoch(self) -> str:
        """Tell this log from one that stood here before the state was lost."""
        statement = "SELECT value FROM own WHERE name = 'log'"
        if not (told := self._store.read(statement)):
            with self._store.writing() as db:
                db.execute(
                    "INSERT OR IGNORE INTO own VALUES ('log', ?)",
                    (secrets.token_hex(6),),
                )
            told = self._store.read(statement)
        return str(told[0][0])

    def _watermarks(self, cases: list[str]) -> Iterator[dict[str, Any]]:
        told = self._store.read(
            "SELECT case_no, max(seq) FROM log"  # noqa: S608  # marks only
            f" WHERE case_no IN ({marks(len(cases))}) GROUP BY case_no ORDER BY case_no",
            tuple(cases),
        )
        for case_no, seq in told:
            yield {"caseNo": case_no, "seq": seq}


def _builtins(line: ChangeRow) -> dict[str, Any]:
    """Write a line as JSON has it, without what is empty."""
    told = _DECODER.decode(msgspec.json.encode(line.told))
    return {name: value for name, value in told.items() if value is not None}


def _stored(
    db: sqlite3.Connection, name: str, line: Flawed | tuple[int, ChangeRow]
) -> Flawed | None:
    """Add a line to the log, if it is not there; or tell what is wrong with it."""
    if isinstance(line, Flawed):
        return line
    number, row = line
    told = msgspec.json.encode(_builtins(row))
    added = db.execute(
        "INSERT OR IGNORE INTO log (case_no, seq, told, place) VALUES (?, ?, ?, ?)",
        (row.case_no, row.seq, told, f"{name}:{number}"),
    )
    if added.rowcount:
        return None
    (before, place) = db.execute(
        "SELECT told, place FROM log WHERE case_no = ? AND seq = ?",
        (row.case_no, row.seq),
    ).fetchone()
    if before == told:
        return None
    return Flawed(name, number, "", "CHANGED_AFTERWARDS", place)
