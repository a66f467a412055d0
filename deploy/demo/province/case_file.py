"""Adapter: the province's own case files: what happened in each, and the log of all.

They lie in a SQLite file of their own (WAL, ``synchronous = FULL``): a number is
told when it is on disk, wherever the process is killed. Each change has a key of whoever
wrote it, so that writing it again gives the same number and nothing new.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    Row = dict[str, Any]

#: More changes than this in one page are refused (contract 1.2).
MOST_CHANGES = 500
#: Another process may write: so long it is waited for, in seconds.
_PATIENCE_S = 10.0

_TABLES = """
CREATE TABLE IF NOT EXISTS case_change (
  place INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
  case_no TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
  UNIQUE (case_no, seq)
);
CREATE TABLE IF NOT EXISTS case_log (name TEXT NOT NULL);
INSERT INTO case_log SELECT lower(hex(randomblob(6)))
  WHERE NOT EXISTS (SELECT 1 FROM case_log);
"""
_WRITE = """
INSERT INTO case_change (key, case_no, seq, body)
SELECT :key, :case_no, coalesce(max(seq), 0) + 1, :body
FROM case_change WHERE case_no = :case_no
"""
_LOG = "SELECT * FROM case_change WHERE place > ? ORDER BY place LIMIT ?"
_FILE = "SELECT * FROM case_change WHERE case_no = ? AND seq > ? ORDER BY seq LIMIT ?"
_MARKS = """
SELECT case_no, max(seq) FROM case_change
WHERE case_no IN (SELECT value FROM json_each(?)) GROUP BY case_no ORDER BY case_no
"""


class OtherChangeError(Exception):
    """The key was used for another change."""


class CaseFile:
    """Case files, each with its numbered changes. One thread at a time uses it."""

    def __init__(self, file: Path) -> None:
        """Open the file, or begin it.

        Raises:
            sqlite3.Error: It cannot be opened or written.
        """
        self._db = sqlite3.connect(
            f"{file.resolve().as_uri()}?mode=rwc",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_PATIENCE_S,
        )
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("BEGIN IMMEDIATE")
        for statement in filter(str.strip, _TABLES.split(";")):
            self._db.execute(statement)
        self._db.execute("COMMIT")
        (self._name,) = self._db.execute("SELECT name FROM case_log").fetchone()

    def write(self, key: str, case_no: str, body: Row) -> int:
        """Write down what happened; when this returns, it is on disk.

        Args:
            key: Of whoever writes: the same key is the same change.
            case_no: Which case.
            body: The change, as the contract has it, without case and number.

        Returns:
            Its number in the file of the case.

        Raises:
            OtherChangeError: The key was used for another change.
        """
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        self._db.execute("BEGIN IMMEDIATE")
        try:
            found = self._db.execute(
                "SELECT case_no, seq, body FROM case_change WHERE key = ?", (key,)
            ).fetchone()
            if found is None:
                values = {"key": key, "case_no": case_no, "body": text}
                self._db.execute(_WRITE, values)
                found = self._db.execute(
                    "SELECT case_no, seq, body FROM case_change WHERE key = ?", (key,)
                ).fetchone()
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        if _untimed(found["body"]) != _untimed(text) or found["case_no"] != case_no:
            raise OtherChangeError
        seq: int = found["seq"]
        return seq

    def log(self, after: str, first: int) -> Row:
        """Read the log of all files after a cursor; one of another log begins anew."""
        name, _, place = after.partition("-")
        known = name == self._name and place.isascii() and place.isdigit()
        found = self._read(_LOG, (int(place) if known else 0, first + 1))
        page = found[:first]
        end = page[-1]["place"] if page else int(place) if known else 0
        told = [_told(row) for row in page]
        return self._page(told, f"{self._name}-{end}", more=len(found) > first)

    def of(self, case_no: str, seq: int, first: int) -> Row:
        """Read the file of a case, after a number."""
        found = self._read(_FILE, (case_no, seq, first + 1))
        told = [_told(row) for row in found[:first]]
        return self._page(told, "", more=len(found) > first, cases=[case_no])

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def _page(
        self,
        changes: list[Row],
        after: str,
        *,
        more: bool,
        cases: list[str] | None = None,
    ) -> Row:
        wanted = json.dumps(cases or sorted({one["caseNo"] for one in changes}))
        marks = self._db.execute(_MARKS, (wanted,)).fetchall()
        return {
            "changes": changes,
            "watermarks": [{"caseNo": one[0], "seq": one[1]} for one in marks],
            "next": after,
            "more": more,
        }

    def _read(self, statement: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
        return self._db.execute(statement, values).fetchall()


def _told(row: sqlite3.Row) -> Row:
    return {**json.loads(row["body"]), "caseNo": row["case_no"], "seq": row["seq"]}


def _untimed(body: str) -> Row:
    told: Row = json.loads(body)
    return {name: value for name, value in told.items() if name != "asOf"}
