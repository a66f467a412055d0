"""Adapter: a CSV file of organisations, line by line.

Lines are cut before they are parsed, so that one stray quotation mark does not
swallow the rest of the file.
"""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING, Final

from stdnum.cn import uscc

from hub.organisation import mistakes
from hub.organisation.mistakes import COLUMNS
from hub.organisation.organisation import Organisation
from schema.records.keys import ProvinceCode
from schema.records.membership import OrganisationKind
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema.records.refusal import Refusal

_LONGEST_CODE: Final = 64
_LONGEST_NAME: Final = 200
_DATE_LENGTH, _DASHES = 10, (4, 7)
_KINDS: Final = frozenset(kind.value for kind in OrganisationKind)
_DIVISION_LENGTHS: Final = frozenset({6, 9, 12})
_PROVINCE_LENGTH: Final = 2
#: A credit code of a trade union begins so (GB 32100): 18 characters with two check
#: digits, which find a mistyped one.
_OF_A_UNION: Final = "81"
_CREDIT_CODE_LENGTH: Final = 18


def organisations(content: bytes) -> Iterator[tuple[int, Organisation | Refusal]]:
    """Read a file.

    Yields:
        The number of each line that is not blank, from 2, with what it states or why
        it cannot be read.

    Raises:
        Refused: The file is not UTF-8, or has another first line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(mistakes.NOT_UTF8) from None
    head, _, body = text.partition("\n")
    if tuple(name.strip() for name in head.split(",")) != COLUMNS:
        raise Refused(mistakes.WRONG_HEADER)
    for number, line in enumerate(body.split("\n"), start=2):
        if line.strip():
            try:
                yield number, _read(line.rstrip("\r"))
            except Refused as error:
                yield number, error.refusal


def _read(line: str) -> Organisation:
    try:
        (cells,) = csv.reader([line], strict=True)
    except (csv.Error, ValueError):
        raise Refused(mistakes.NOT_CSV) from None
    if len(cells) != len(COLUMNS):
        raise Refused(mistakes.WRONG_COLUMNS)
    cell = dict(zip(COLUMNS, map(str.strip, cells), strict=True))
    begins = _date(cell["valid_from"])
    if begins is None:
        raise Refused(mistakes.BAD_DATE)
    return Organisation(
        code=_code(cell["code"]),
        name=_name(cell["name"]),
        province=_province(cell["province"]),
        division=_division(cell["division"]),
        kind=_kind(cell["kind"]),
        parent=_code(cell["parent"]) if cell["parent"] else None,
        valid_from=begins,
        valid_to=_date(cell["valid_to"]),
        planned_end=_date(cell["planned_end"]),
        landing=_code(cell["landing"]) if cell["landing"] else None,
    )


def _code(written: str) -> str:
    if not 0 < len(written) <= _LONGEST_CODE or not written.isprintable():
        raise Refused(mistakes.BAD_CODE)
    credit = len(written) == _CREDIT_CODE_LENGTH and written.startswith(_OF_A_UNION)
    if credit and not uscc.is_valid(written):
        raise Refused(mistakes.BAD_CREDIT_CODE)
    return written


def _name(written: str) -> str:
    if not 0 < len(written) <= _LONGEST_NAME or not written.isprintable():
        raise Refused(mistakes.BAD_NAME)
    return written


def _digits(written: str) -> bool:
    return written.isascii() and written.isdigit()


def _province(written: str) -> ProvinceCode:
    if len(written) != _PROVINCE_LENGTH or not _digits(written):
        raise Refused(mistakes.BAD_PROVINCE)
    return ProvinceCode(written)


def _division(written: str) -> str:
    if len(written) not in _DIVISION_LENGTHS or not _digits(written):
        raise Refused(mistakes.BAD_DIVISION)
    return written


def _kind(written: str) -> OrganisationKind:
    if written not in _KINDS:
        raise Refused(mistakes.UNKNOWN_KIND)
    return OrganisationKind(written)


def _date(written: str) -> date | None:
    if not written:
        return None
    # ``fromisoformat`` alone would take weeks and days of the year.
    if len(written) != _DATE_LENGTH or any(written[i] != "-" for i in _DASHES):
        raise Refused(mistakes.BAD_DATE)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refused(mistakes.BAD_DATE) from None
