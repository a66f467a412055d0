"""Decider (pure): texts as provinces keep them: padded, in full width, or as numbers."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from connectors.mapping.mistakes import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

#: Above this a float no longer holds every whole number.
_EXACT = 2**53
#: Full-width digits and letters (ＡＢＣ１２３), the ideographic space.
_WIDE = {0xFF01 + n: 0x21 + n for n in range(94) if chr(0x21 + n).isalnum()}
_WIDE[0x3000] = 0x20
#: In a number in print what joins its parts is folded too; its brackets are not: those
#: of （2026）粤工维字第1号 belong to it, and all provinces write it so.
_WIDE_NUMBER = _WIDE | {
    ord(wide): ord(one) for wide, one in ("－-", "／/", "．.", "＿_")
}
#: Where texts are only compared all of ASCII has its full-width twin.
_WIDE_CODE = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
#: What a spreadsheet makes of a long number when it writes CSV.
_AS_AMOUNT = re.compile(r"\d(\.\d+)?E\+\d{2,3}", re.ASCII)
_ALLOWED = frozenset("\t\n\r")
_BROKEN = frozenset({"Cc", "Cs"})


def plain(value: object) -> str:
    """Make text of what a system may give for one.

    A whole number that a spreadsheet keeps as a float is written without its point.

    Raises:
        Unfit: It is neither text nor a number.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise Unfit("WRONG_TYPE")
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, Decimal) and value.is_finite():
        if value.adjusted() < _DIGITS and _lost_digits(value):
            raise Unfit("LONG_NUMBER")
        return format(value, "f") if value.adjusted() < _DIGITS else _refuse()
    # Known by its module: what makes UUIDs is nothing that decides.
    if isinstance(value, int) or type(value).__module__ == "uuid":
        return str(value)
    raise Unfit("WRONG_TYPE")


def trimmed(value: object) -> str:
    """Make text, without space at its ends, its digits and letters in half width."""
    text = plain(value)
    if not text.isascii():
        text = text.translate(_WIDE)
    return text.strip()


def narrow(value: object) -> str:
    """Make a text to compare or to read: trimmed, all of it in half width."""
    text = plain(value)
    if not text.isascii():
        text = text.translate(_WIDE_CODE)
    return text.strip()


def printed(value: object) -> str:
    """Make the text of a code or number in print, as a record has it."""
    text = plain(value)
    if not text.isascii():
        text = text.translate(_WIDE_NUMBER)
    return text.strip()


def sound(text: str) -> str:
    """Give back a text that can be stored and sent; it may have several lines.

    Raises:
        Unfit: It holds control characters or half a surrogate pair.
    """
    broken = (unicodedata.category(one) in _BROKEN for one in text)
    if any(
        flaw and one not in _ALLOWED for one, flaw in zip(text, broken, strict=True)
    ):
        raise Unfit("UNPRINTABLE")
    return text


def reader(most: int, *, code: bool, exact: bool) -> Callable[[object], object]:
    """Make the reader of a text field.

    Args:
        most: Its greatest length, in characters.
        code: It is a code or number in print: what joins its parts is folded too.
        exact: Nothing is trimmed, folded or refused but what cannot be sent at all.
    """
    clean = printed if code else trimmed

    def read(value: object) -> object:
        text = clean(value)
        if "E+" in text and _AS_AMOUNT.fullmatch(text):
            raise Unfit("LONG_NUMBER")
        if len(text) > most:
            raise Unfit("TOO_LONG")
        return text if text.isprintable() else sound(text)

    def read_exactly(value: object) -> object:
        text = plain(value)
        if len(text) > most:
            raise Unfit("TOO_LONG")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unfit("UNPRINTABLE") from None
        return text

    return read_exactly if exact else read


_DIGITS = 64


def _lost_digits(value: Decimal) -> bool:
    """Tell whether a number was written with an exponent: ``1.23E+17``."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent > 0


def _refuse() -> str:
    raise Unfit("TOO_LONG")
