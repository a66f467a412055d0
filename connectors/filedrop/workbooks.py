"""Adapter: the sheets of an Excel workbook from an office, which may hold anything.

It is opened for reading only, row by row. Formulas are not computed and never taken for
what they last showed: such a cell cannot be read. What is packed is measured first.
"""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from xml.parsers import expat

from openpyxl import load_workbook

from connectors.filedrop.rows import Flaw, Sheet, head_of
from connectors.filedrop.shown_numbers import as_shown
from connectors.filedrop.torn import Torn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from connectors.filedrop.rows import Numbered

_MIB = 1024 * 1024
#: Texts of a workbook are held in memory, all of them: larger ones come as CSV.
_MOST_TEXT: Final = 128 * _MIB
#: What Excel itself can hold; more is no sheet.
_MOST_PARTS, _MOST_ROWS, _MOST_COLUMNS = 2_000, 1_048_576, 1_024
#: openpyxl's names of cells that hold no value of their own.
_FLAWS: Final = {"f": Flaw("FORMULA"), "e": Flaw("ERROR_CELL")}
_CHUNK: Final = 64 * 1024


class _Begun(Exception):
    """The first element of a document was reached."""


@contextmanager
def opened(file: Path, most_bytes: int) -> Iterator[Mapping[str, Sheet]]:
    """Open a workbook: its sheets by their names, in order.

    Args:
        file: Which.
        most_bytes: How large it may be, unpacked.

    Raises:
        Torn: It is none, or holds what is not taken.
    """
    name = file.name
    _measure(file, most_bytes)
    with file.open("rb") as stream:
        book = _load(stream, name)
        try:
            yield {one.title: _Rows(one, name).sheet() for one in book.worksheets}
        finally:
            book.close()


def _load(stream: BinaryIO, name: str) -> Any:
    try:
        return load_workbook(stream, read_only=True, data_only=False, keep_links=False)
    except MemoryError:
        raise Torn("TOO_LARGE", name) from None
    # Whatever a stranger's XML makes the library raise: it is no workbook for us.
    except Exception:  # noqa: BLE001
        raise Torn("NOT_A_WORKBOOK", name) from None


def _measure(file: Path, most_bytes: int) -> None:
    """Look at what is packed before anything is unpacked, as the archive itself says.

    More than it says is never unpacked: zipfile ends there, and finds the checksum wrong.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            flaw = _flaw_of(archive, most_bytes)
    except MemoryError:
        flaw = "TOO_LARGE"
    except (OSError, ValueError, RuntimeError, EOFError,
            zipfile.BadZipFile, zlib.error, expat.ExpatError):  # fmt: skip
        flaw = "NOT_A_WORKBOOK"
    if flaw:
        raise Torn(flaw, file.name)


def _flaw_of(archive: zipfile.ZipFile, most_bytes: int) -> str:
    """Tell why an archive is not read; empty if it is."""
    parts = archive.infolist()
    names = [one.filename.lower() for one in parts]
    if any(one.endswith(("vbaproject.bin", ".exe", ".dll")) for one in names):
        return "MACROS"
    sizes = dict(zip(names, (one.file_size for one in parts), strict=True))
    text = sum(size for name, size in sizes.items() if "sharedstrings" in name)
    styles = sum(size for name, size in sizes.items() if "styles" in name)
    too_many = len(parts) > _MOST_PARTS or len(sizes) < len(parts)
    too_large = max(text, styles) > _MOST_TEXT or sum(sizes.values()) > most_bytes
    if too_many or too_large:
        return "TOO_LARGE"
    for one in parts:
        if one.filename.lower().endswith((".xml", ".rels")):
            with archive.open(one) as stream:
                _refuse_declarations(stream)
    return ""


def _refuse_declarations(stream: Any) -> None:
    """Refuse a document that declares entities: no workbook does.

    Raises:
        ValueError: It has a document type.
    """

    def declared(*_: object) -> None:
        raise ValueError("a document type")

    def begun(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk)
    except _Begun:
        return


class _Rows:
    """The rows of one sheet, read once."""

    def __init__(self, sheet: Any, name: str) -> None:
        self._name = name
        # What a sheet says of its own size is often wrong, and may be meant to be.
        sheet.reset_dimensions()
        self._rows = self._numbered(sheet)
        _, cells = next(self._rows, (0, []))
        names = [_plain(one) for one in cells]
        while names and names[-1] is None:
            names.pop()
        self._head = head_of(names, name) if names else ()

    def sheet(self) -> Sheet:
        return Sheet(self._head, (self._row(*one) for one in self._rows))

    def _numbered(self, sheet: Any) -> Iterator[tuple[int, list[Any]]]:
        number = 0
        rows = sheet.iter_rows()
        while True:
            try:
                row = next(rows, None)
            except MemoryError:
                raise Torn("TOO_LARGE", self._name, number + 1) from None
            except Exception:  # noqa: BLE001  # as above
                raise Torn("NOT_A_WORKBOOK", self._name, number + 1) from None
            if row is None:
                return
            number += 1
            if number > _MOST_ROWS:
                raise Torn("TOO_MANY_ROWS", self._name, number)
            cells = list(row[:_MOST_COLUMNS])
            if any(one.value is not None and one.value != "" for one in cells):
                yield number, cells

    def _row(self, number: int, cells: list[Any]) -> Numbered:
        values = [_plain(one) for one in cells[: len(self._head)]]
        values += [None] * (len(self._head) - len(values))
        return number, dict(zip(self._head, values, strict=True))


def _plain(cell: Any) -> object:
    """Take what stands in a cell, if it is a value and nothing that makes one."""
    flaw = _FLAWS.get(cell.data_type)
    if flaw is not None:
        return flaw
    value = cell.value
    if cell.data_type == "n" and isinstance(value, int | float):
        return as_shown(value, cell.number_format)
    return value
