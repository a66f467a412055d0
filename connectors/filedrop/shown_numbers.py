"""Decider (pure): a number of a workbook, as whoever looks at its cell sees it.

A number that is a name (a card's, a file's) is often a number with a format that shows zeros
or letters which it does not hold. Who reads the number alone reads another name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from connectors.filedrop.rows import Flaw

#: Excel keeps 15 digits: of a longer number the others are zeros that nobody wrote.
_EXACT: Final = 10**15
#: What changes nothing that is read: colours and conditions, spaces, what fills a cell.
_BESIDE: Final = re.compile(r"\[[^\]]*\]|_.|\*.")
_ZEROS: Final = re.compile(r"0{2,}")
#: Letters and digits in quotes or behind a backslash, before the first digit.
_NAMED: Final = re.compile(r'^[^0#?]*("[^"]*[0-9A-Za-z][^"]*"|\\[0-9A-Za-z])')
_QUOTED: Final = re.compile(r'"[^"]*"|\\.')
#: Digits that are shown apart, as those of a telephone: 000-0000.
_APART: Final = re.compile(r"0[-/ ]0")


def as_shown(value: float, number_format: str) -> object:
    """Tell a number as its cell shows it, as far as that makes another name of it.

    Args:
        value: What the cell holds.
        number_format: How it is shown, in Excel's words.

    Returns:
        The number; its digits with the zeros in front; or what is wrong with it.
    """
    whole = isinstance(value, int) or value.is_integer()
    if whole and abs(value) >= _EXACT:
        return Flaw("LONG_NUMBER")
    zeros = _zeros(number_format)
    if zeros == 0:
        return value
    if zeros < 0 or value < 0 or not whole:
        return Flaw("NUMBER_FORMAT")
    return str(int(value)).zfill(zeros)


@lru_cache(maxsize=256)
def _zeros(number_format: str) -> int:
    """Tell how many digits are shown at least; 0 for as many as there are; -1: unknown."""
    first = _BESIDE.sub("", number_format.split(";", maxsplit=1)[0]).strip()
    if _ZEROS.fullmatch(first):
        return len(first)
    whole = _QUOTED.sub("", first).split(".", maxsplit=1)[0]
    if _NAMED.match(first) or _APART.search(whole) or _ZEROS.search(whole):
        return -1
    return 0
