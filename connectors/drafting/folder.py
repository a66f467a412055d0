"""Adapter: reads the heads of a province's files; of their rows nothing is kept."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

from connectors.drafting.heads import of_header, of_lines, of_names
from connectors.drafting.refusing import NOT_READABLE, of_file
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.drafting.guessing import Seen

_ENDINGS: Final = (".csv", ".jsonl", ".ndjson", ".xlsx")
#: The head of a file is in its beginning.
_BEGINNING: Final = 64 * 1024
_FILES, _SHEETS, _CELLS = 200, 50, 400
#: Bytes of a workbook that are read into memory, unpacked: all but its sheets.
_WORDS: Final = 64 * 1024 * 1024


def heads(place: Path) -> list[Seen]:
    """Read the names in the first rows of files.

    Args:
        place: A file; a folder of files; or a drop folder, whose last batch is taken.

    Raises:
        Refused: There are none, or one cannot be read; it is named.
        OSError: There is no such file.
    """
    if not place.is_dir():
        return _of(place)
    batches = sorted(one for one in place.glob("in/*") if one.is_dir())
    inside = batches[-1] if batches else place
    files = sorted(
        one
        for one in inside.iterdir()
        if one.suffix.lower() in _ENDINGS and not one.name.startswith((".", "~$"))
    )
    if not files:
        raise Refused(NOT_READABLE)
    return [seen for file in files[:_FILES] for seen in _of(file)]


def _of(file: Path) -> list[Seen]:
    try:
        if file.suffix.lower() == ".xlsx":
            return _workbook(file)
        with file.open("rb") as opened:
            text = opened.read(_BEGINNING)
        lines = file.suffix.lower() in {".jsonl", ".ndjson"}
        return [(of_lines if lines else of_header)(file.name, text)]
    except Refused:
        raise Refused(of_file(file.name)) from None


def _workbook(file: Path) -> list[Seen]:
    # Slow to import, and few provinces have workbooks.
    from openpyxl import load_workbook  # noqa: PLC0415

    found = []
    with file.open("rb") as opened:
        try:
            with zipfile.ZipFile(opened) as packed:
                _is_small(packed)
            book = load_workbook(opened, read_only=True, data_only=True)
            for sheet in book.worksheets[:_SHEETS]:
                rows = sheet.iter_rows(max_row=1, max_col=_CELLS, values_only=True)
                first = next(iter(rows), ())
                if any(isinstance(one, str) for one in first):
                    found.append(of_names(f"{file.name}#{sheet.title}", first))
            book.close()
        except Refused:
            raise
        except Exception:  # noqa: BLE001  # a broken workbook fails in any way
            raise Refused(NOT_READABLE) from None
    if not found:
        raise Refused(NOT_READABLE)
    return found


def _is_small(packed: zipfile.ZipFile) -> None:
    """Refuse what would fill the memory: all but the sheets is read at once."""
    inner = (one for one in packed.infolist() if "worksheets/" not in one.filename)
    if sum(one.file_size for one in inner) > _WORDS:
        raise Refused(NOT_READABLE)
