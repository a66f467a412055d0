"""Adapter: a file of a batch becomes sheets of rows, by the format that its name tells."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.filedrop import rows
from connectors.filedrop.torn import Torn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from connectors.filedrop.rows import Numbered, Sheet

#: The endings of names that are read.
ENDINGS: Final = (".csv", ".jsonl", ".ndjson", ".xlsx")


@contextmanager
def sheets_of(file: Path, most_bytes: int) -> Iterator[Mapping[str, Sheet]]:
    """Open a file: its sheets by their names, in order; without a name the only one.

    Args:
        file: Which.
        most_bytes: How large it may be, unpacked.

    Raises:
        Torn: It cannot be read; here, or while rows are read.
    """
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise Torn("UNKNOWN_FORMAT", file.name)
    with ExitStack() as stack:
        try:
            if file.stat().st_size > most_bytes:
                raise Torn("TOO_LARGE", file.name)
            sheets = _opened(file, ending, most_bytes, stack)
        except OSError:
            raise Torn("FILE_MISSING", file.name) from None
        # What goes wrong with whoever asks for rows, such as a pipe whose other end is
        # dead, is no fault of the file: only reading is looked at.
        yield {
            title: msgspec.structs.replace(one, rows=_read(one.rows, file.name))
            for title, one in sheets.items()
        }


def _opened(
    file: Path, ending: str, most_bytes: int, stack: ExitStack
) -> Mapping[str, Sheet]:
    if ending == ".xlsx":
        # Slow to import, and few provinces have workbooks.
        from connectors.filedrop.workbooks import opened  # noqa: PLC0415

        return stack.enter_context(opened(file, most_bytes))
    if ending == ".csv":
        return {"": rows.of_csv(file)}
    return {"": rows.of_json_lines(file)}


def _read(told: Iterator[Numbered], name: str) -> Iterator[Numbered]:
    try:
        yield from told
    except OSError:
        raise Torn("FILE_MISSING", name) from None


def split(source: str) -> tuple[str, str]:
    """Tell file and sheet of a mapping's ``source``: ``book.xlsx#sheet``."""
    file, _, sheet = source.partition("#")
    return file, sheet
