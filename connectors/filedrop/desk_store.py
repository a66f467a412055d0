"""Adapter: what the hub remembers of acts, receipts and changes in files.

One SQLite file in the state directory, which all processes of a hub share; it has to lie
on a disk of this machine. Writers take turns, and what is committed is on disk.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: How long a writer waits for its turn, in seconds.
_PATIENCE: Final = 10.0
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS own (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS act_file (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, written INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS act (
    seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, file INTEGER NOT NULL,
    command BLOB NOT NULL, receipt BLOB
);
CREATE INDEX IF NOT EXISTS act_of_file ON act (file);
CREATE TABLE IF NOT EXISTS seen (
    folder TEXT NOT NULL, name TEXT NOT NULL, look TEXT NOT NULL,
    flaws BLOB NOT NULL, reported BLOB, PRIMARY KEY (folder, name)
);
CREATE TABLE IF NOT EXISTS line (
    file TEXT NOT NULL, row INTEGER NOT NULL, line BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS line_of_file ON line (file);
CREATE TABLE IF NOT EXISTS log (
    position INTEGER PRIMARY KEY AUTOINCREMENT, case_no TEXT NOT NULL,
    seq INTEGER NOT NULL, told BLOB NOT NULL, place TEXT NOT NULL,
    UNIQUE (case_no, seq)
);
CREATE TABLE IF NOT EXISTS mirrored (path TEXT PRIMARY KEY, look TEXT NOT NULL);
"""


class DeskStore:
    """The file; to be used from one thread at a time."""

    def __init__(self, state: Path) -> None:
        """Open nothing yet; ``state`` is the state directory."""
        self._file = state / "desk.sqlite"
        self._connection: sqlite3.Connection | None = None

    def read(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Read all rows of a statement."""
        return self._open().execute(statement, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Begin a transaction that no other writer is in; it commits at the end."""
        connection = self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None:
            return self._connection
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # It holds numbers of cards: nobody else reads it.
        os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self._file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            with self._file.with_suffix(".lock").open("w") as lock:
                # Whoever changes the journal waits for nobody: they go one by one.
                fcntl.flock(lock, fcntl.LOCK_EX)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(_TABLES)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection


def marks(count: int) -> str:
    """Write so many places for values."""
    return ", ".join("?" * count)
