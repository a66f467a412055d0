"""Adapter: the files of a folder that are new or have changed, and are no longer written.

The province's files are read and never touched. What a programme or a spreadsheet is still
writing is left for the next look: it is read when it has been still for a while.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.filedrop.rows import Flaw
from connectors.filedrop.sheets import sheets_of
from connectors.filedrop.torn import Torn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


#: What people fill in is small; more is read in batches.
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_ROWS: Final = 100_000
#: What a file may be called: as people and Windows call copies, with spaces too.
_SOUND: Final = re.compile(r"\w[\w .()（）-]{0,99}")
#: Names that programmes give to what they are still writing, or keep for themselves.
_UNFINISHED: Final = (".", "~", "desktop.ini", "thumbs.db")
_UNFINISHED_ENDS: Final = (".tmp", ".part", ".filepart", ".crdownload", "~")
_TEXTS: Final = frozenset({".csv", ".jsonl", ".ndjson"})


class Read(NamedTuple):
    """A file that was read.

    Attributes:
        rows: Its rows, each with its number.
        flaw: What is wrong with the file, a code; empty if nothing is.
        at: The row that is about; 0 for the whole.
    """

    rows: list[tuple[int, dict[str, object] | Flaw]]
    flaw: str = ""
    at: int = 0


class Arrivals:
    """One folder that is looked into again and again.

    Attributes:
        there: The files that were there at the last look, still or not.
    """

    def __init__(self, folder: Path, settle: float) -> None:
        """Look at nothing yet.

        Args:
            folder: Which.
            settle: So many seconds a file must have been still.
        """
        self._folder = folder
        self._settle = settle
        self._still: dict[str, tuple[str, float]] = {}
        self.there: frozenset[str] = frozenset()

    def look(self) -> dict[str, str]:
        """Tell the files that are still, each with what changes when it is written.

        Raises:
            OSError: The folder cannot be read.
        """
        now = monotonic()
        there: dict[str, str] = {}
        try:
            for path in self._folder.iterdir():
                if not is_passed_over(path.name) and not path.is_symlink():
                    told = path.stat()
                    if path.is_file():
                        look = (
                            f"{told.st_ino} {told.st_size}"
                            f" {told.st_mtime_ns} {told.st_ctime_ns}"
                        )
                        there[path.name] = look
        except FileNotFoundError:
            # A file that went meanwhile; or the folder, which nobody has made yet.
            if self._folder.is_dir():
                return {}
        self.there = frozenset(there)
        before, self._still = self._still, {}
        for name, look in there.items():
            known, since = before.get(name, ("", now))
            self._still[name] = (look, since if known == look else now)
        return {
            name: look
            for name, (look, since) in self._still.items()
            if now - since >= self._settle
        }

    def read(self, name: str) -> Read:
        """Read a file, as far as it goes; never raises for what stands in it."""
        if not is_sound_name(name):
            return Read([], "UNSOUND_NAME")
        file = self._folder / name
        found: list[tuple[int, dict[str, object] | Flaw]] = []
        try:
            with sheets_of(file, MOST_BYTES) as sheets:
                # People keep their notes on further sheets.
                for number, row in next(iter(sheets.values())).rows:
                    if len(found) >= MOST_ROWS:
                        return Read([], "TOO_MANY_ROWS")
                    found.append((number, _emptied(row)))
            if found and file.suffix.lower() in _TEXTS and not _ended(file):
                # Half an entry's number looks like a number.
                last, _ = found.pop()
                return Read(found, "UNENDED", last)
        except Torn as torn:
            return Read([], torn.code, torn.row)
        except OSError:
            return Read([], "FILE_MISSING")
        return Read(found)


def fresh(still: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    """Tell the files that differ from what is known of them, by name."""
    return sorted(name for name, look in still.items() if known.get(name) != look)


def is_sound_name(name: str) -> bool:
    """Tell whether a file can be read under its name."""
    return _SOUND.fullmatch(name) is not None


def is_passed_over(name: str) -> bool:
    """Tell whether a name is that of something unfinished, or of a programme's own."""
    low = name.lower()
    return low.startswith(_UNFINISHED) or low.endswith(_UNFINISHED_ENDS)


def _emptied(row: dict[str, object] | Flaw) -> dict[str, object] | Flaw:
    """Make nothing of empty cells: CSV has no other way to write it."""
    if isinstance(row, Flaw):
        return row
    return {name: None if value == "" else value for name, value in row.items()}


def _ended(file: Path) -> bool:
    with file.open("rb") as stream:
        stream.seek(-min(2, file.stat().st_size), 2)
        # In UTF-16 a line feed is two bytes, in either order.
        return b"\n" in stream.read()
