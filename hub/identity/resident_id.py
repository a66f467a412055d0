"""Decider: what somebody wrote becomes a resident ID number, or a refusal.

The form is that of GB 11643-1999: six digits of the division of first
registration (GB/T 2260), eight of the birth date, three in sequence, and a check
character by ISO 7064 MOD 11-2. The 15-digit form of before 1999 has neither the
century nor the check character; both follow from the rest, so both forms of a
person's number become the same one here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NoReturn
from unicodedata import digit, normalize

from hub.identity.divisions import existed_between
from hub.identity.mistakes import (
    IMPOSSIBLE_BIRTH_DATE,
    NOT_DIGITS,
    UNKNOWN_DIVISION,
    WRONG_CHECK_DIGIT,
    WRONG_LENGTH,
    refused,
)
from schema.records.refusal import Refused

_LENGTH, _OLD_LENGTH = 18, 15
#: Nobody writes a number with this much padding; it is not worth reading.
_LONGEST_INPUT = 200
_FIRST_YEAR = 1900

#: Full-width digits, and the characters that input methods offer for the X,
#: which is a Roman ten on the card.
_SAME = {ord("０") + digit: str(digit) for digit in range(10)} | {
    ord(x): "X" for x in "xｘＸⅩⅹ"
}
#: Hyphens of every kind, and characters that show as nothing; ``str.isspace``
#: knows the spaces.
_PADDING = frozenset(
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00ad"
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"
)
_FORM = re.compile(r"[0-9]*X?", re.ASCII)
_RUN_OF_DIGITS = re.compile(r"(?=([0-9]{17}[0-9Xx]))", re.ASCII)


class ResidentId:
    """A valid resident ID number that cannot be printed, pickled or encoded."""

    __slots__ = ("_number",)

    def __init__(self, number: str) -> None:
        self._number = number

    def reveal_for_hashing(self) -> bytes:
        """Give the 18 characters to the keyed hash, and to nothing else."""
        return self._number.encode("ascii")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ResidentId) and self._number == other._number

    def __hash__(self) -> int:
        return hash(self._number)

    def __repr__(self) -> str:
        """Hide the number: reprs reach logs and traces."""
        return "ResidentId(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a resident ID number is not written anywhere")


def parse(text: str, today: date) -> ResidentId:
    """Read a resident ID number as people write it.

    Args:
        text: 18 or 15 digits, full-width or not, with any spaces and hyphens,
            the X in either case.
        today: The day on which it is read, in China.

    Raises:
        Refused: It is none. The codes are ``WRONG_LENGTH``, ``NOT_DIGITS``,
            ``WRONG_CHECK_DIGIT``, ``IMPOSSIBLE_BIRTH_DATE`` and
            ``UNKNOWN_DIVISION``; no sentence repeats what was written.
    """
    number = text
    if len(text) != _LENGTH or not (text.isascii() and text.isdigit()):
        number = _normalise(text)
    body = _body(number)
    check = check_character(body)
    if len(number) == _LENGTH and number[-1] != check:
        raise refused(WRONG_CHECK_DIGIT)
    _check_birth_date(body, today)
    if not existed_between(body[:6], int(body[6:10]), today.year):
        raise refused(UNKNOWN_DIVISION)
    return ResidentId(body + check)


def _normalise(text: str) -> str:
    if len(text) > _LONGEST_INPUT:
        raise refused(WRONG_LENGTH)
    return _strip(text)


def _strip(text: str) -> str:
    return "".join(
        character
        for character in text.translate(_SAME)
        if not (character.isspace() or character in _PADDING)
    )


def _body(number: str) -> str:
    """Give the 17 digits before the check character."""
    if not _FORM.fullmatch(number):
        raise refused(NOT_DIGITS)
    if len(number) == _LENGTH:
        return number[:-1]
    if len(number) != _OLD_LENGTH:
        raise refused(WRONG_LENGTH)
    if number[-1] == "X":
        raise refused(NOT_DIGITS)
    return f"{number[:6]}19{number[6:]}"


def check_character(body: str) -> str:
    """Compute the check character of 17 digits (ISO 7064 MOD 11-2).

    The weights are the powers of two modulo eleven; thirteen is two modulo
    eleven, so reading the digits in base thirteen is the weighted sum.
    """
    check = (1 - 2 * int(body, 13)) % 11
    return "X" if check == 10 else str(check)  # noqa: PLR2004  # as the standard says


def _check_birth_date(body: str, today: date) -> None:
    try:
        born = date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
    except ValueError:
        # The date's own error would carry parts of the number.
        raise refused(IMPOSSIBLE_BIRTH_DATE) from None
    if born.year < _FIRST_YEAR or born > today:
        raise refused(IMPOSSIBLE_BIRTH_DATE)


def contains_resident_id(text: str, today: date) -> bool:
    """Tell whether a text is a resident ID number, or has one of 18 in it.

    It guards the texts that are stored as they come: whatever stands between the
    characters of a number, other than letters and digits, hides nothing. A 15-digit
    number counts only where it is the whole text: it has no check character, and an
    identifier made of division, date and sequence would look just like it.
    """
    plain = text if text.isascii() else normalize("NFKC", text)
    if sum(map(str.isdigit, plain)) < _OLD_LENGTH:
        return False
    bare = "".join(map(_plain, filter(str.isalnum, plain)))
    if _is_resident_id(bare, today):
        return True
    return any(_is_resident_id(run[1], today) for run in _RUN_OF_DIGITS.finditer(bare))


def _plain(character: str) -> str:
    """Give a digit of whatever script as people read it, and all else as it is."""
    return str(digit(character)) if character.isdigit() else character


def _is_resident_id(text: str, today: date) -> bool:
    try:
        parse(text, today)
    except Refused:
        return False
    return True
