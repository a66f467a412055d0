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
_YUAN: Final = re.compile(r"-?\d{1,13}(\.\d{1,2})?", re.ASCII)
#: Thousands are grouped by threes and nothing else: 1,23 is not 123.
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d{1,12})?", re.ASCII)


def number(value: object, words: tuple[str, ...] = ()) -> Decimal:
    """Read a number exactly; a float to the 15 digits that it holds: 0.1 is 0.1.

    Args:
        value: What the province gave.
        words: What may stand before or behind the digits of a text.

    Raises:
        Unfit: It is none.
    """
    if isinstance(value, bool):
        raise Unfit("NOT_A_NUMBER")
    if isinstance(value, float):
        value = Decimal(f"{value:.15g}")
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Decimal):
        if value.is_finite():
            return value
        raise Unfit("NOT_A_NUMBER")
    return _written(narrow(value), words)


def _written(text: str, words: tuple[str, ...]) -> Decimal:
    for word in words:
        text = text.removeprefix(word).removesuffix(word).strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise Unfit("NOT_A_NUMBER")
    return Decimal(text)


def yuan_reader(unit: str) -> Reader:
    """Make the reader of an amount: yuan as text, with two decimals.

    A text of yuan that is as the contract has it stays as it is.
    """
    factor, words = UNITS[unit], _WORDS[unit]
    as_it_is = unit == "yuan"

    def read(value: object) -> object:
        if as_it_is and type(value) is str and _YUAN.fullmatch(value):
            return value
        amount = number(value, words)
        if abs(amount) >= _MOST / factor:
            raise Unfit("OUT_OF_RANGE")
        amount *= factor
        cents = amount.quantize(_CENT)
        if cents != amount:
            raise Unfit("FRACTION_OF_A_CENT")
        return format(cents, "f") if cents else "0.00"

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
