"""Adapter: writes what a province tells into the reference province's own file."""

from __future__ import annotations

import json
import os
import sqlite3
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from deploy.demo.population.shares import NAMES_EN, NAMES_ZH, NOT_KEPT
from deploy.demo.province.tables import METADATA
from schema.records.kinds import KINDS, ROW_KINDS, RecordKind

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from schema.records.worker import WorkerRecord

_AT_ONCE = 2000


class ProvinceFile:
    """One province's database while it is being written.

    There is no journal: the directory is renamed when it is whole, and until
    then a torn file is thrown away.
    """

    def __init__(self, file: Path, province: str, as_of: datetime) -> None:
        kept = [line.kind for line in ROW_KINDS if line.kind not in NOT_KEPT[province]]
        who = (province, NAMES_ZH[province], NAMES_EN[province])
        self._file = file
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("BEGIN")
        for table in METADATA.sorted_tables:
            text = str(CreateTable(table).compile(dialect=sqlite.dialect()))
            self._connection.execute(text)
        self._connection.execute(
            "INSERT INTO province VALUES (?, ?, ?, ?, ?)",
            (*who, json.dumps(kept), as_of.isoformat()),
        )
        self._waiting: dict[RecordKind, list[tuple[Any, ...]]] = {k: [] for k in KINDS}
        self.counts: dict[RecordKind, int] = dict.fromkeys(KINDS, 0)

    def add(self, told: WorkerRecord) -> None:
        """Add a worker with all rows."""
        self._row(RecordKind.WORKER, told, ())
        for line in ROW_KINDS:
            for row in getattr(told, line.rows):
                self._row(line.kind, row, (told.local_id,))

    def _row(
        self, kind: RecordKind, record: msgspec.Struct, worker: tuple[str, ...]
    ) -> None:
        # One call in C makes plain values of the whole record; its names are
        # those of the contract, so the columns are asked for by those.
        plain = msgspec.to_builtins(record)
        if kind is RecordKind.HARDSHIP_FILE:
            plain["aids"] = _ledger(plain["aids"])
        waiting = self._waiting[kind]
        waiting.append((*worker, *map(plain.get, _COLUMNS[kind])))
        if len(waiting) >= _AT_ONCE:
            self._flush(kind)

    def _flush(self, kind: RecordKind) -> None:
        rows = self._waiting[kind]
        if rows:
            places = ", ".join("?" * len(rows[0]))
            # The table's name is one of our own kinds.
            statement = f"INSERT INTO {kind.lower()} VALUES ({places})"  # noqa: S608
            self._connection.executemany(statement, rows)
            self.counts[kind] += len(rows)
            rows.clear()

    def finish(self) -> None:
        """Write what waits, and see it on disk."""
        for kind in KINDS:
            self._flush(kind)
        self._connection.execute("COMMIT")
        self._connection.close()
        with self._file.open("rb+") as whole:
            os.fsync(whole.fileno())

    def close(self) -> None:
        """Let go of the file, finished or not."""
        self._connection.close()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


#: For each kind, the names of its columns as a record encodes them.
_COLUMNS = {
    kind: tuple(
        _camel(column.name)
        for column in METADATA.tables[kind.lower()].columns
        if column.name != "worker"
    )
    for kind in KINDS
}


def _ledger(aids: list[dict[str, Any]]) -> str:
    return json.dumps(
        [
            {
                "programme": aid["programme"],
                "period": aid["period"],
                "amount": aid["amount"],
                "given_on": aid["givenOn"],
                "given_by": aid["givenBy"],
            }
            for aid in aids
        ],
        ensure_ascii=False,
    )
