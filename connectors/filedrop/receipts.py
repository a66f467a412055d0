"""Itinerary: files of receipts are read, judged, believed or reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.filedrop.act_words import Line
from connectors.filedrop.arrivals import Arrivals, fresh
from connectors.filedrop.desk_reports import (
    FLAWS,
    NO_FLAWS,
    forget,
    is_closed,
    note,
    report,
)
from connectors.filedrop.desk_store import marks
from connectors.filedrop.judging import Flawed, Placed, Standing, judge
from connectors.filedrop.rows import Flaw
from connectors.mapping.mistakes import RowMistake
from schema.records.command import Command, Receipt

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from connectors.filedrop.act_words import ActWords
    from connectors.filedrop.desk_store import DeskStore
    from connectors.filedrop.places import Places

_FOLDER: Final = "receipts"
#: So many keys are looked up at once.
_MOST: Final = 500


class Receipts:
    """The folder ``receipts``; to be used from one thread at a time."""

    def __init__(
        self, store: DeskStore, places: Places, words: ActWords, settle: float
    ) -> None:
        """Read nothing yet."""
        self._store = store
        self._places = places
        self._words = words
        self._arrivals = Arrivals(places.receipts, settle)

    def take(self, *, again: bool = False) -> None:
        """Read what is new; believe what can be believed, and report the rest.

        Args:
            again: Judge anew what was read before: more was asked meanwhile.

        Raises:
            OSError: A folder cannot be read or written.
            sqlite3.Error: The state cannot be.
        """
        still = self._arrivals.look()
        known = dict(
            self._store.read("SELECT name, look FROM seen WHERE folder = ?", (_FOLDER,))
        )
        new = fresh(still, known)
        gone = [name for name in known if name not in self._arrivals.there]
        if new or gone or again:
            self._read(new, gone, still)
        report(self._store, self._places, _FOLDER)

    def _read(self, new: list[str], gone: list[str], still: dict[str, str]) -> None:
        read = {name: self._lines(name) for name in new}
        with self._store.writing() as db:
            for name in (*new, *gone):
                db.execute("DELETE FROM line WHERE file = ?", (name,))
            forget(db, self._places, _FOLDER, gone)
            lines = [
                Placed(file, row, _LINE.decode(line))
                for file, row, line in db.execute("SELECT file, row, line FROM line")
            ]
            fixed: dict[str, list[Flawed]] = {}
            for name, (found, flaws) in read.items():
                lines += found
                fixed[name] = flaws
                if is_closed(flaws):
                    still = {**still, name: ""}
            judged = judge(self._words, lines, _standing(db, lines))
            db.executemany(
                "UPDATE act SET receipt = ? WHERE key = ? AND receipt IS NULL",
                [(msgspec.json.encode(r), key) for key, r in judged.taken.items()],
            )
            db.execute("DELETE FROM line")
            db.executemany(
                "INSERT INTO line VALUES (?, ?, ?)",
                [
                    (one.file, one.row, msgspec.json.encode(one.line))
                    for one in judged.waiting
                ],
            )
            self._note(db, fixed, still, judged.flaws)

    def _note(
        self,
        db: sqlite3.Connection,
        fixed: dict[str, list[Flawed]],
        still: dict[str, str],
        judged: Iterable[Flawed],
    ) -> None:
        """Remember what is wrong with each file that was read, or judged again."""
        found: dict[str, list[Flawed]] = {}
        for one in judged:
            found.setdefault(one.file, []).append(one)
        before = db.execute(
            "SELECT name, look, flaws FROM seen WHERE folder = ? AND flaws <> ?",
            (_FOLDER, NO_FLAWS),
        ).fetchall()
        for name, look, flaws in before:
            if name not in fixed:
                # What is wrong with a row by itself is so still; what was wrong among
                # rows was judged anew.
                noted = FLAWS.decode(flaws)
                fixed[name] = [one for one in noted if one.code not in _AMONG]
                still = {**still, name: look}
        for name, own in fixed.items():
            wrong = sorted((*own, *found.get(name, ())), key=lambda one: one.row)
            note(db, _FOLDER, name, still[name], wrong)

    def _lines(self, name: str) -> tuple[list[Placed], list[Flawed]]:
        """Read a file: its lines, and what cannot be read."""
        read = self._arrivals.read(name)
        lines: list[Placed] = []
        flaws = [Flawed(name, read.at, "", read.flaw)] if read.flaw else []
        for number, row in read.rows:
            if isinstance(row, Flaw):
                flaws.append(Flawed(name, number, "", row.code))
                continue
            line = self._words.line(row)
            if isinstance(line, RowMistake):
                flaws.append(Flawed(name, number, line.column, line.code))
            elif line is not None:
                lines.append(Placed(name, number, line))
        return lines, flaws


_LINE = msgspec.json.Decoder(Line)
#: What is judged anew whenever anything changes.
_AMONG: Final = frozenset(
    {
        "UNKNOWN_KEY", "OTHER_COMMAND", "NOT_TO_BE_REFUSED", "NO_ENTRY",
        "ROUNDED", "DONE_WITH_REASON", "REFUSED_WITH_ENTRY", "NO_FILE_NAMED", "OTHER_WORKER", "RESIDENT_ID", "NO_RECEIPT",
        "CONTRADICTS_TAKEN", "CONTRADICTING",
    }
)  # fmt: skip


def _standing(db: sqlite3.Connection, lines: list[Placed]) -> dict[str, Standing]:
    """Tell what was asked under the keys that lines name."""
    keys = list({one.line.receipt.key for one in lines})
    found: dict[str, Standing] = {}
    for begin in range(0, len(keys), _MOST):
        some: list[Any] = keys[begin : begin + _MOST]
        for key, command, receipt in db.execute(
            "SELECT key, command, receipt FROM act"  # noqa: S608  # marks only
            f" WHERE key IN ({marks(len(some))})",
            some,
        ):
            found[key] = Standing(
                _COMMAND.decode(command), receipt and _RECEIPT.decode(receipt)
            )
    return found


_COMMAND = msgspec.json.Decoder(Command)
_RECEIPT = msgspec.json.Decoder(Receipt)
