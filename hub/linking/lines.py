"""Adapter: a links file, read line by line in constant memory.

A line that cannot be read is refused for itself, with its number; the lines
after it are read all the same. That is why lines are cut before they are parsed:
one stray quotation mark must not swallow the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
from typing import IO, TYPE_CHECKING, Final

import msgspec

from hub.linking.file_mistakes import (
    COLUMNS,
    FILE_NOT_UTF8,
    LINE_TOO_LONG,
    NOT_JSON,
    NOT_UTF8,
    TORN_LINE,
    WRONG_COLUMNS,
    WRONG_HEADER,
)
from hub.linking.rows import LinkRow
from schema.records.refusal import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LONGEST_LINE: Final = 64 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Line(msgspec.Struct, frozen=True):
    """One line that is not empty.

    Attributes:
        number: Its number in the file, from 1.
        read: What it states, or why it cannot be read.
    """

    number: int
    read: LinkRow | Refusal


class _JsonLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of a JSON line; they are checked later, like those of CSV."""

    resident_id: str
    province: str
    local_key: str
    kinds: list[str] | str
    valid_from: str
    valid_to: str | None = None


class LinksFile:
    """A links file: CSV with a header, or one JSON object a line.

    Attributes:
        bytes_read: How far it is read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.bytes_read = 0
        self._number = 0

    def lines(self) -> Iterator[Line]:
        """Read the lines that state something.

        Raises:
            Refused: The file has no usable first line.
            OSError: It cannot be read.
        """
        first = self._first_line()
        if first is None:
            return
        text = _decoded(first)
        if text.startswith("{"):
            parse: Callable[[str], LinkRow] = _parse_json
            yield self._line(first, parse)
        else:
            parse = _csv_parser(text)
        while (raw := self._next_line()) is not None:
            yield self._line(raw, parse)

    def _first_line(self) -> bytes | None:
        raw = self._next_line()
        if raw is None:
            return None
        if raw.startswith(_UTF16):
            raise Refused(FILE_NOT_UTF8)
        return raw.removeprefix(codecs.BOM_UTF8)

    def _next_line(self) -> bytes | None:
        """Give the next line that is not blank, with its end; none at the end."""
        while raw := self._stream.readline(_LONGEST_LINE):
            self._number += 1
            self.bytes_read += len(raw)
            if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
                self._skip_to_end_of_line()
            if not raw.isspace():
                return raw
        return None

    def _skip_to_end_of_line(self) -> None:
        while rest := self._stream.readline(_LONGEST_LINE):
            self.bytes_read += len(rest)
            if rest.endswith(b"\n"):
                return

    def _line(self, raw: bytes, parse: Callable[[str], LinkRow]) -> Line:
        try:
            return Line(self._number, parse(_decoded(raw)))
        except Refused as error:
            torn = not raw.endswith(b"\n") and len(raw) < _LONGEST_LINE
            return Line(self._number, TORN_LINE if torn else error.refusal)


def _decoded(raw: bytes) -> str:
    if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
        raise Refused(LINE_TOO_LONG)
    try:
        return raw.decode().strip()
    except UnicodeDecodeError:
        # Its own error would carry the line.
        raise Refused(NOT_UTF8) from None


def _parse_json(text: str) -> LinkRow:
    try:
        line = msgspec.json.decode(text, type=_JsonLine)
    except msgspec.DecodeError:
        raise Refused(NOT_JSON) from None
    kinds = line.kinds.split("|") if isinstance(line.kinds, str) else line.kinds
    return LinkRow(
        line.resident_id,
        line.province,
        line.local_key,
        tuple(kinds),
        line.valid_from,
        line.valid_to,
    )


def _csv_parser(header: str) -> Callable[[str], LinkRow]:
    """Make a parser for lines under a header; its columns may be in any order."""
    names = [name.strip().lower() for name in _split(header, WRONG_HEADER)]
    if sorted(names) != sorted(COLUMNS):
        raise Refused(WRONG_HEADER)
    number, province, local_key, kinds, valid_from, valid_to = map(names.index, COLUMNS)

    def parse(text: str) -> LinkRow:
        fields = _split(text, WRONG_COLUMNS)
        if len(fields) != len(COLUMNS):
            raise Refused(WRONG_COLUMNS)
        return LinkRow(
            fields[number],
            fields[province],
            fields[local_key],
            tuple(fields[kinds].split("|")),
            fields[valid_from],
            fields[valid_to],
        )

    return parse


def _split(text: str, mistake: Refusal) -> list[str]:
    try:
        return next(csv.reader((text,), strict=True))
    except (csv.Error, StopIteration):
        raise Refused(mistake) from None
