"""Adapter: a file of a batch becomes sheets of rows, by the format that its name tells."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from connectors.filedrop import rows
from connectors.filedrop.torn import Torn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from connectors.filedrop.rows import Sheet

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
    try:
        if file.stat().st_size > most_bytes:
            raise Torn("TOO_LARGE", file.name)
        if ending == ".xlsx":
            # Slow to import, and few provinces have workbooks.
            from connectors.filedrop.workbooks import opened  # noqa: PLC0415

            with opened(file, most_bytes) as sheets:
                yield sheets
        elif ending == ".csv":
            yield {"": rows.of_csv(file)}
        else:
            yield {"": rows.of_json_lines(file)}
    except OSError:
        raise Torn("FILE_MISSING", file.name) from None


def split(source: str) -> tuple[str, str]:
    """Tell file and sheet of a mapping's ``source``: ``book.xlsx#sheet``."""
    file, _, sheet = source.partition("#")
    return file, sheet
