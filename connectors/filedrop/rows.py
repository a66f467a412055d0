"""Adapter: the rows of a file, one after the other, whatever its format."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator  # of a Struct
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.filedrop.torn import Torn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: A line of JSON or a cell of CSV may be so long, in characters.
_LONGEST: Final = 1_000_000
_CHUNK = 1024 * 1024
#: What may stand between the cells of a line, the likeliest first.
_BETWEEN = (",", "\t", ";", "|")
_JSON = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


class Flaw(msgspec.Struct, frozen=True):
    """Stands where a cell or a whole row should be, and cannot be read.

    Attributes:
        code: Why: a key of ``words.ROWS``.
    """

    code: str


#: A row with its number as an office counts: the head is row 1, or a line of a file.
Numbered = tuple[int, dict[str, object] | Flaw]


class Sheet(msgspec.Struct):
    """The rows of a file, or of one sheet of a workbook.

    Attributes:
        head: The names of its columns; none where each row names its own.
        rows: The rows, each once.
    """

    head: tuple[str, ...] | None
    rows: Iterator[Numbered]


def of_csv(file: Path) -> Sheet:
    """Read a CSV file: UTF-8 with or without a byte order mark, UTF-16, or GB18030.

    Raises:
        Torn: It is none; here or while rows are read.
    """
    name, encoding = file.name, _encoding(file)
    csv.field_size_limit(_LONGEST)
    between = _between(file, encoding)

    def lines() -> Iterator[tuple[int, list[str]]]:
        with file.open(encoding=encoding, newline="") as text:
            reader = csv.reader(text, delimiter=between, strict=True)
            number = 0
            try:
                for number, cells in enumerate(reader, 1):
                    if any(map(str.strip, cells)):
                        yield number, cells
            except csv.Error:
                raise Torn("BROKEN_CSV", name, number + 1) from None

    told = lines()
    _, first = next(told, (0, []))
    head = head_of(first, name)
    return Sheet(head, (_row(head, number, cells) for number, cells in told))


def head_of(cells: Sequence[object], name: str) -> tuple[str, ...]:
    """Read the head of a sheet.

    Raises:
        Torn: There is none, or two columns have one name.
    """
    head = tuple(str("" if one is None else one).strip() for one in cells)
    named = [one for one in head if one]
    if not named or len(set(named)) < len(named):
        raise Torn("HEAD", name, 1)
    return head


def _row(head: tuple[str, ...], number: int, cells: list[str]) -> Numbered:
    if len(cells) != len(head):
        # Which cell is missing nobody knows: all behind it would be taken for others.
        return number, Flaw("CELLS")
    # An empty cell is nothing, as in a workbook: CSV has no other way to say so.
    return number, dict(zip(head, (cell or None for cell in cells), strict=True))


def of_json_lines(file: Path) -> Sheet:
    """Read a file with one JSON object in each line.

    Raises:
        Torn: It is no text; while rows are read.
    """
    encoding = _encoding(file)

    def rows() -> Iterator[Numbered]:
        with file.open(encoding=encoding) as text:
            number = 0
            while line := text.readline(_LONGEST):
                number += 1
                if len(line) == _LONGEST:
                    raise Torn("TOO_LARGE", file.name, number)
                if line.isspace():
                    continue
                try:
                    row = _JSON.decode(line)
                except (ValueError, RecursionError):
                    yield number, Flaw("BROKEN_LINE")
                else:
                    twice = line.count(":") > len(row) and _names_twice(line)
                    yield number, Flaw("NAME_TWICE") if twice else row

    return Sheet(None, rows())


def _names_twice(line: str) -> bool:
    """Tell whether an object of a line names something twice: which counts is unknown."""

    def pairs(told: list[tuple[str, object]]) -> None:
        if len({name for name, _ in told}) < len(told):
            raise ValueError("a name twice")

    try:
        json.loads(line, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return True
    return False


def _between(file: Path, encoding: str) -> str:
    with file.open(encoding=encoding, newline="") as text:
        first = text.readline(_LONGEST)
    return max(_BETWEEN, key=first.count)


def _encoding(file: Path) -> str:
    """Find out by reading the whole file once: half a character decides nothing."""
    with file.open("rb") as stream:
        beginning = stream.read(2)
    if beginning in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        names: tuple[str, ...] = ("utf-16",)
    else:
        names = ("utf-8-sig", "gb18030")
    for name in names:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            with file.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeError:
            continue
        return name
    raise Torn("ENCODING", file.name)
