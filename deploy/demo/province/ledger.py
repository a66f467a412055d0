"""Adapter: what the province writes down when members come and go: a file of its own.

The province's data as it was published is never changed: changed memberships and new
files stand beside it, in a SQLite file that loses nothing that was acknowledged (WAL,
``synchronous = FULL``), wherever the process is killed.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from deploy.demo.province.tables import MEMBERSHIP, WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Row = dict[str, Any]

#: ``done`` has one line for each thing that was really done, and nothing in it keeps
#: a second one out: were an act done twice, two lines would say so.
_TABLES = """
CREATE TABLE origin (code TEXT NOT NULL, as_of TEXT NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE receipt (
  key TEXT PRIMARY KEY, act TEXT NOT NULL, transfer TEXT NOT NULL,
  answered TEXT NOT NULL, entry TEXT, local_id TEXT, joined_on TEXT, code TEXT
) WITHOUT ROWID;
CREATE TABLE entry (
  number INTEGER PRIMARY KEY AUTOINCREMENT, direction TEXT NOT NULL,
  transfer TEXT NOT NULL, local_id TEXT NOT NULL, membership_no TEXT NOT NULL,
  union_code TEXT NOT NULL, counterpart_union TEXT NOT NULL,
  counterpart_province TEXT NOT NULL, "on" TEXT NOT NULL, state TEXT NOT NULL,
  row_id TEXT NOT NULL, before TEXT
);
CREATE INDEX entry_of_transfer ON entry (transfer);
CREATE TABLE bar (transfer TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE done (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, act TEXT NOT NULL,
  transfer TEXT NOT NULL, membership_no TEXT NOT NULL, number INTEGER
);
CREATE TABLE card (
  membership_no TEXT, local_id TEXT, PRIMARY KEY (membership_no, local_id)
) WITHOUT ROWID;
"""

_SINCE_1_2 = """
CREATE TABLE IF NOT EXISTS bar_in (transfer TEXT PRIMARY KEY) WITHOUT ROWID
"""

_COLUMNS = [column.name for column in MEMBERSHIP.columns]
_PUT = f"INSERT OR REPLACE INTO membership VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
#: What the ledger has of a row goes before what was published.
_ROWS = """
SELECT * FROM main.membership WHERE worker = :worker
UNION ALL
SELECT * FROM published.membership AS p WHERE worker = :worker AND NOT EXISTS
  (SELECT 1 FROM main.membership AS m WHERE m.worker = :worker AND m.id = p.id)
ORDER BY id
"""


class OtherDataError(Exception):
    """The file was begun over other data than the province serves now."""


def uri(file: Path, mode: str) -> str:
    """Name a file to SQLite."""
    return f"file:{quote(str(file.resolve()))}?{mode}"


class Ledger:
    """Entries, receipts, bars and changed rows. One thread at a time uses it."""

    def __init__(self, file: Path, published: Path) -> None:
        """Open the file, or begin it over the data that is published.

        Raises:
            OtherDataError: It was begun over other data.
            sqlite3.Error: It cannot be opened or written.
        """
        self._db = sqlite3.connect(
            uri(file, "mode=rwc"),
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        self._db.row_factory = sqlite3.Row
        self._names: dict[str, str | None] | None = None
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(
            "ATTACH DATABASE ? AS published", (uri(published, "mode=ro&immutable=1"),)
        )
        self._begin_file()

    def _begin_file(self) -> None:
        origin = self._one(
            "SELECT code, as_of, (SELECT count(*) FROM published.membership) AS rows"
            " FROM published.province"
        )
        # Whoever opens it first makes all of it, or nothing.
        self._db.execute("BEGIN IMMEDIATE")
        if not self._one("SELECT 1 FROM main.sqlite_master LIMIT 1"):
            for table in (WORKER, MEMBERSHIP):
                text = str(CreateTable(table).compile(dialect=sqlite.dialect()))
                self._db.execute(text)
            for statement in filter(str.strip, _TABLES.split(";")):
                self._db.execute(statement)
            self._db.execute("INSERT INTO origin VALUES (?, ?, ?)", tuple(origin or ()))
            self._db.execute(
                "INSERT INTO card SELECT DISTINCT membership_no, worker"
                " FROM published.membership WHERE membership_no IS NOT NULL"
            )
        # A file that was begun before contract 1.2 goes on.
        self._db.execute(_SINCE_1_2)
        begun_over = self._one("SELECT code, as_of, rows FROM main.origin")
        self._db.execute("COMMIT")
        if begun_over != origin:
            self._db.close()
            raise OtherDataError

    def begin(self) -> None:
        """Begin the transaction of a request."""
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Put the transaction on disk: from now on it may be acknowledged."""
        self._db.execute("COMMIT")

    def rollback(self) -> None:
        """Undo the transaction."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Do what is in the block wholly or, if it raises, not at all."""
        self._db.execute("SAVEPOINT whole")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO whole")
            raise
        finally:
            self._db.execute("RELEASE whole")

    def receipt(self, key: str) -> Row | None:
        """Find what was answered under a key."""
        return self._found("SELECT * FROM receipt WHERE key = ?", key)

    def keep(self, receipt: Row) -> None:
        """Keep what is answered under a key, for ever."""
        self._db.execute(
            "INSERT INTO receipt VALUES (:key, :act, :transfer, :answered, :entry,"
            " :local_id, :joined_on, :code)",
            receipt,
        )

    def is_barred(self, transfer: str) -> bool:
        """Tell whether a transfer can have no OUT entry any more."""
        return self._one("SELECT 1 FROM bar WHERE transfer = ?", transfer) is not None

    def bar(self, transfer: str) -> None:
        """Let no later OUT entry of a transfer in."""
        self._db.execute("INSERT OR IGNORE INTO bar VALUES (?)", (transfer,))

    def is_barred_in(self, transfer: str) -> bool:
        """Tell whether a transfer can have no IN entry any more."""
        found = self._one("SELECT 1 FROM bar_in WHERE transfer = ?", transfer)
        return found is not None

    def bar_in(self, transfer: str) -> None:
        """Let no later IN entry of a transfer in."""
        self._db.execute("INSERT OR IGNORE INTO bar_in VALUES (?)", (transfer,))

    def name_of(self, union: str) -> str | None:
        """Tell what this province calls a union, as its own rows have it."""
        if self._names is None:
            found = self._db.execute(
                "SELECT union_code, max(union_name) FROM published.membership"
                " GROUP BY union_code"
            )
            self._names = dict(map(tuple, found))
        return self._names.get(union)

    def knows(self, local_id: str) -> bool:
        """Tell whether there is a file of that name."""
        found = self._one(
            "SELECT 1 FROM main.worker WHERE local_id = :id UNION ALL"
            " SELECT 1 FROM published.worker WHERE local_id = :id",
            {"id": local_id},
        )
        return found is not None

    def add_file(self, local_id: str, at: str) -> None:
        """Begin a file of which nothing is known yet but its name."""
        self._db.execute(
            "INSERT INTO main.worker (local_id, as_of) VALUES (?, ?)", (local_id, at)
        )

    def holders(self, membership_no: str) -> list[str]:
        """Tell which files have a membership of this card."""
        found = self._db.execute(
            "SELECT local_id FROM card WHERE membership_no = ? ORDER BY local_id",
            (membership_no,),
        )
        return [row[0] for row in found]

    def rows(self, local_id: str) -> list[Row]:
        """Read the memberships of a file as they stand now."""
        found = self._db.execute(_ROWS, {"worker": local_id})
        return [dict(row) for row in found]

    def put(self, row: Row) -> None:
        """Write a membership as it stands now."""
        self._db.execute(_PUT, [row.get(name) for name in _COLUMNS])
        self._db.execute(
            "INSERT OR IGNORE INTO card VALUES (?, ?)",
            (row["membership_no"], row["worker"]),
        )

    def remove(self, local_id: str, row_id: str) -> None:
        """Take back a membership that an IN entry made."""
        self._db.execute(
            "DELETE FROM main.membership WHERE worker = ? AND id = ?",
            (local_id, row_id),
        )

    def out_of(self, transfer: str) -> Row | None:
        """Find the OUT entry of a transfer."""
        found = self._entry("OUT", transfer)
        return found and {**found, "before": json.loads(found["before"])}

    def in_of(self, transfer: str) -> Row | None:
        """Find the IN entry of a transfer."""
        return self._entry("IN", transfer)

    def _entry(self, direction: str, transfer: str) -> Row | None:
        row = self._one(
            "SELECT * FROM entry WHERE transfer = ? AND direction = ?"
            " ORDER BY number DESC",
            (transfer, direction),
        )
        return None if row is None else dict(row)

    def enter(self, entry: Row) -> int:
        """Write an entry, and tell its number."""
        before = entry.get("before")
        done = self._db.execute(
            "INSERT INTO entry (direction, transfer, local_id, membership_no,"
            ' union_code, counterpart_union, counterpart_province, "on", state,'
            " row_id, before) VALUES (:direction, :transfer, :local_id,"
            " :membership_no, :union, :counterpart_union, :counterpart_province, :on,"
            " :state, :row_id, :before)",
            {**entry, "before": before and json.dumps(before, ensure_ascii=False)},
        )
        return done.lastrowid or 0

    def name_row(self, number: int, row_id: str, local_id: str) -> None:
        """Say which row, of which file, an entry made."""
        self._db.execute(
            "UPDATE entry SET row_id = ?, local_id = ? WHERE number = ?",
            (row_id, local_id, number),
        )

    def close_entry(self, number: int, state: str) -> None:
        """Say how an OUT entry ended."""
        self._db.execute("UPDATE entry SET state = ? WHERE number = ?", (state, number))

    def note(self, at: str, act: str, entry: Row, number: int) -> None:
        """Note that something was really done."""
        self._db.execute(
            "INSERT INTO done (at, act, transfer, membership_no, number)"
            " VALUES (?, ?, ?, ?, ?)",
            (at, act, entry["transfer"], entry["membership_no"], number),
        )

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def _found(self, statement: str, value: str) -> Row | None:
        row = self._one(statement, value)
        return dict(row) if row is not None else None

    def _one(self, statement: str, values: Any = ()) -> sqlite3.Row | None:
        given = (values,) if isinstance(values, str) else values
        row: sqlite3.Row | None = self._db.execute(statement, given).fetchone()
        return row
