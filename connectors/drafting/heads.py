"""Decider (pure): the names of columns in the heads of files; it keeps no values."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.drafting.guessing import Column, Seen
from connectors.drafting.refusing import NOT_READABLE
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ENCODINGS: Final = ("utf-8-sig", "gb18030")
#: A line of JSON may leave out what is null: so many are looked at …
_LINES: Final = 100
#: … so deep, and so many names are taken.
_DEPTH, _COLUMNS = 4, 400


def of_header(name: str, text: bytes) -> Seen:
    """Read the names of the columns of a CSV file.

    Args:
        name: What to call it: its file name.
        text: Its beginning, at least the first line.

    Raises:
        Refused: It is none.
    """
    line = text.split(b"\n", 1)[0]
    for encoding in _ENCODINGS:
        try:
            decoded = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        mark = max(",;\t|", key=decoded.count)
        names = _cells(decoded.rstrip("\r"), mark)
        if decoded.replace("\t", "").rstrip("\r").isprintable():
            return of_names(name, names)
    raise Refused(NOT_READABLE)


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=mark), [])
    except csv.Error:
        return []


def of_names(name: str, cells: Iterable[object]) -> Seen:
    """Take the cells of a first row for names.

    Args:
        name: What to call it: of a workbook ``book.xlsx#sheet``.
        cells: As they stand; what is no text is no name.

    Raises:
        Refused: There are none.
    """
    names = [one.strip() for one in cells if isinstance(one, str) and one.strip()]
    if not names:
        raise Refused(NOT_READABLE)
    return Seen(name, tuple(Column(one) for one in dict.fromkeys(names[:_COLUMNS])))


def of_lines(name: str, text: bytes) -> Seen:
    """Read the names in the first lines of a file of JSON lines, with paths.

    Args:
        name: What to call it: its file name.
        text: Its beginning; a last line that was cut off is passed over.

    Raises:
        Refused: The first line is no object.
    """
    found: dict[str, None] = {}
    for place, line in enumerate(text.removeprefix(b"\xef\xbb\xbf").split(b"\n")):
        if place >= _LINES:
            break
        try:
            told = msgspec.json.decode(line)
        except (ValueError, RecursionError):
            break
        found |= dict.fromkeys(_names(told, "", 0))
    return of_names(name, found)


def _names(told: Any, path: str, depth: int) -> Iterator[str]:
    if not isinstance(told, dict) or depth > _DEPTH:
        return
    for name, one in told.items():
        if isinstance(one, dict):
            yield from _names(one, f"{path}{name}.", depth + 1)
        else:
            yield path + name
