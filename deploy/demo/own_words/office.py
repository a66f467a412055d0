"""Adapter: Shandong's own database, and the little programme that works through its inbox.

The province has no server. It keeps tables of its own (``shandong``), lets the hub read
them, and takes what is to be entered from ``hub_inbox``; what happens in its case files it
copies into ``hub_log``. Both tables are agreed on in ``connectors/REFERENCE.md``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from deploy.demo.own_words.shandong import SHEETS
from deploy.demo.province.acting import Desk
from deploy.demo.province.rules import REASONS
from deploy.demo.province.tables import MEMBERSHIP, WORKER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from deploy.demo.own_words.words import Sheet
    from deploy.demo.province.case_file import CaseFile
    from deploy.demo.province.ledger import Ledger
    from deploy.demo.province.register import Register

    Row = dict[str, Any]

#: More lines than this are left to the next round.
_AT_ONCE: Final = 500
_PATIENCE_S: Final = 10.0

_AGREED: Final = """
CREATE TABLE hub_inbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, act TEXT NOT NULL,
  transfer TEXT NOT NULL, local_id TEXT, membership_no TEXT NOT NULL,
  union_code TEXT NOT NULL, counterpart_union TEXT NOT NULL,
  counterpart_province TEXT NOT NULL, on_day TEXT NOT NULL, joined_on TEXT,
  landing BOOLEAN NOT NULL, reason TEXT NOT NULL,
  answered TEXT CHECK (answered IN ('DONE', 'REFUSED')), entry TEXT,
  given_local_id TEXT, first_joined_on TEXT, code TEXT, message TEXT
);
CREATE INDEX hub_inbox_waiting ON hub_inbox (seq) WHERE answered IS NULL;
CREATE TABLE hub_log (
  position INTEGER PRIMARY KEY AUTOINCREMENT, case_no TEXT NOT NULL,
  seq INTEGER NOT NULL, as_of TEXT NOT NULL, act TEXT, on_day TEXT, union_code TEXT,
  corrects INTEGER, gone INTEGER, document_reference TEXT, document_sha256 TEXT,
  fact_kind TEXT, fact_about TEXT, fact_names TEXT, fact_days INTEGER,
  UNIQUE (case_no, seq)
);
"""
_WAITING: Final = (
    "SELECT key, act, transfer, local_id, membership_no, union_code AS 'union',"
    ' counterpart_union, counterpart_province, on_day AS "on", joined_on, landing'
    " FROM hub_inbox WHERE answered IS NULL ORDER BY seq LIMIT ?"
)
#: All at once: who reads a line finds a whole receipt, or none.
_ANSWER: Final = (
    "UPDATE hub_inbox SET answered = :answered, entry = :entry,"
    " given_local_id = :local_id, first_joined_on = :joined_on, code = :code,"
    " message = :message WHERE key = :key"
)
_LOG: Final = (
    "INSERT OR IGNORE INTO hub_log (case_no, seq, as_of, act, on_day, union_code,"
    " corrects, gone, document_reference, document_sha256, fact_kind, fact_about,"
    " fact_names, fact_days) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SHEETS: Final = {sheet.table.name: sheet for sheet in SHEETS}
_MEMBERS: Final = _SHEETS[MEMBERSHIP.name]
_PEOPLE: Final = _SHEETS[WORKER.name]


def make(file: Path, register: Register) -> None:
    """Make the province's database, if there is none: whole, or not at all."""
    if file.exists():
        return
    partial = file.with_name(f".{file.name}.partial")
    partial.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(partial, isolation_level=None)) as own:
        own.execute("PRAGMA journal_mode = OFF")
        own.execute("BEGIN")
        for statement in filter(str.strip, _AGREED.split(";")):
            own.execute(statement)
        for sheet in SHEETS:
            _fill(own, sheet, register)
        own.execute("COMMIT")
        own.execute("PRAGMA journal_mode = WAL")
    with partial.open("rb+") as whole:
        os.fsync(whole.fileno())
    partial.rename(file)


def _fill(own: sqlite3.Connection, sheet: Sheet, register: Register) -> None:
    names = [column.name for column in sheet.columns]
    own.execute(f"CREATE TABLE {sheet.name} ({', '.join(names)})")
    own.executemany(_insert(sheet), _values(sheet, register.every(sheet.table)))
    own.execute(f"CREATE INDEX I_{sheet.name} ON {sheet.name} ({sheet.key.name})")


def _insert(sheet: Sheet) -> str:
    # Its own names, of its own list.
    places = ", ".join("?" * len(sheet.columns))
    return f"INSERT INTO {sheet.name} VALUES ({places})"  # noqa: S608


def _values(sheet: Sheet, rows: Iterable[Any]) -> Iterable[list[object]]:
    return (list(sheet.row(row).values()) for row in rows)


class Office:
    """Works through the inbox, line by line, and keeps the log."""

    def __init__(
        self,
        code: str,
        file: Path,
        register: Register,
        ledger: Ledger,
        cases: CaseFile,
    ) -> None:
        """Open what it works with.

        Args:
            code: Which province.
            file: Its database.
            register: What is read of the register, acts included.
            ledger: What acts are written into.
            cases: Its case files.
        """
        self._own = sqlite3.connect(file, isolation_level=None, timeout=_PATIENCE_S)
        self._own.row_factory = sqlite3.Row
        self._own.execute("PRAGMA synchronous = FULL")
        self._register = register
        self._ledger = ledger
        self._desk = Desk(code, ledger)
        self._cases = cases
        self._told = ""

    def work(self) -> int:
        """Do what waits, and tell how much that was."""
        return self._answer() + self._copy()

    def close(self) -> None:
        """Give the database back."""
        self._own.close()

    def _answer(self) -> int:
        lines = [dict(row) for row in self._own.execute(_WAITING, (_AT_ONCE,))]
        if not lines:
            return 0
        # The register first, on disk: killed here, the same keys get the same answers.
        receipts = asyncio.run(self._enter(lines))
        self._own.execute("BEGIN IMMEDIATE")
        try:
            for line, receipt in zip(lines, receipts, strict=True):
                for local_id in sorted(self._touched(line, receipt)):
                    self._write(local_id)
                code = receipt["code"]
                self._own.execute(
                    _ANSWER, {**receipt, "message": code and REASONS[code]}
                )
            self._own.execute("COMMIT")
        except BaseException:
            self._own.execute("ROLLBACK")
            raise
        return len(lines)

    async def _enter(self, lines: Sequence[Row]) -> list[Row]:
        receipts: list[Row] = []
        async with self._desk.request() as acts:
            for line in lines:
                entry = {**line, "landing": bool(line["landing"])}
                receipts += await acts.act(line["act"], [entry])
        return receipts

    def _touched(self, line: Row, receipt: Row) -> set[str]:
        """Tell whose rows an act may have changed."""
        made = (
            self._ledger.out_of(line["transfer"]),
            self._ledger.in_of(line["transfer"]),
        )
        entries = {one["local_id"] for one in made if one}
        return (entries | {receipt["local_id"]}) - {None}

    def _write(self, local_id: str) -> None:
        """Bring the rows of a worker in line with the register."""
        for sheet in (_PEOPLE, _MEMBERS):
            rows = self._register.rows(sheet.table, sheet.key.field, [local_id])
            self._own.execute(
                f"DELETE FROM {sheet.name} WHERE {sheet.key.name} = ?",  # noqa: S608
                (local_id,),
            )
            self._own.executemany(_insert(sheet), _values(sheet, rows))

    def _copy(self) -> int:
        page = self._cases.log(self._told, _AT_ONCE)
        if page["changes"]:
            self._own.execute("BEGIN IMMEDIATE")
            self._own.executemany(_LOG, map(_line, page["changes"]))
            self._own.execute("COMMIT")
        self._told = page["next"]
        return len(page["changes"])


def _line(one: Row) -> tuple[object, ...]:
    paper, fact = one.get("document") or {}, one.get("fact") or {}
    plain = ("caseNo", "seq", "asOf", "act", "on", "unionCode", "corrects", "gone")
    return (
        *map(one.get, plain),
        *map(paper.get, ("reference", "sha256")),
        *map(fact.get, ("kind", "about", "names", "days")),
    )
