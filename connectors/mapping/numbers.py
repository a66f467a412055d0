"""Decider (pure): amounts of money in yuan, fen or ten thousand yuan, and counts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from connectors.mapping.mistakes import Unfit
from connectors.mapping.texts import narrow

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[object], object]

#: How much one of the unit is, in yuan.
UNITS: Final = {"yuan": Decimal(1), "fen": Decimal("0.01"), "wan": Decimal(10_000)}
_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 13
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,12})?", re.ASCII)
#: What people write round an amount; a unit word must be the mapping's.
_WORDS: Final = {"yuan": ("人民币", "¥", "元"), "fen": ("分",), "wan": ("万元", "万")}
#: Thousands are grouped by threes and nothing else: 1,23 is not 123.
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d{1,12})?", re.ASCII)


def number(value: object, words: tuple[str, ...] = ()) -> Decimal:
    """Read a number exactly; a float as it is shown, so that 0.1 is 0.1.

    Raises:
        Unfit: It is none.
    """
    if isinstance(value, bool):
        raise Unfit("NOT_A_NUMBER")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise Unfit("NOT_A_NUMBER")
        return value
    if isinstance(value, int):
        return Decimal(value)
    text = repr(value) if isinstance(value, float) else narrow(value)
    if isinstance(value, float):
        made = Decimal(text)
        if not made.is_finite():
            raise Unfit("NOT_A_NUMBER")
        return made
    for word in words:
        text = text.removeprefix(word).removesuffix(word).strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise Unfit("NOT_A_NUMBER")
    return Decimal(text)


def yuan_reader(unit: str) -> Reader:
    """Make the reader of an amount: yuan as text, as short as the contract lets it."""
    factor, words = UNITS[unit], _WORDS[unit]

    def read(value: object) -> object:
        amount = number(value, words)
        if not -_MOST < amount < _MOST:
            raise Unfit("OUT_OF_RANGE")
        amount *= factor
        if not -_MOST < amount < _MOST:
            raise Unfit("OUT_OF_RANGE")
        cents = amount.quantize(_CENT)
        if cents != amount:
            raise Unfit("FRACTION_OF_A_CENT")
        return format(cents, "f")

    return read


def yuan_writer(unit: str) -> Reader:
    """Make what writes an amount in the province's unit, as a text."""
    factor = UNITS[unit]

    def write(value: object) -> object:
        text = format((number(value) / factor).normalize(), "f")
        return "0" if text == "-0" else text

    return write


def count_reader(least: int, most: int) -> Reader:
    """Make the reader of a whole number between two bounds."""

    def read(value: object) -> object:
        if type(value) is int:
            found = value
        else:
            exact = number(value)
            if not least <= exact <= most:
                raise Unfit("OUT_OF_RANGE")
            found = int(exact)
            if found != exact:
                raise Unfit("NOT_WHOLE")
        if least <= found <= most:
            return found
        raise Unfit("OUT_OF_RANGE")

    return read
