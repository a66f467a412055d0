"""Decider: takes anything that may be a resident ID number out of a text.

It is the second net. The first is that nobody puts a number into a message;
this one catches what libraries quote from a request.
"""

from __future__ import annotations

import re

_PHONE = 11
_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])", re.ASCII)

#: What stands in the place of a number.
REMOVED = "[number removed]"

# ``\d`` is any Unicode digit, so full-width digits are caught like ASCII ones.
# A mistyped number is still nearly a number: every long run goes.
_LONG_RUN = re.compile(r"\d{15,}[XxＸｘ]?")
_DATED = r"[1-9１-９]\d{5}SEP(?:[1１][89８９]|[2２][0０])\d{2}[0-1０-１]\dSEP?[0-3０-３]\dSEP\d{3}[\dXxＸｘ]"
# As people write them in groups: 110101 19900307 8515.
_GROUPED = re.compile(_DATED.replace("SEP?", "").replace("SEP", r"[ \u3000_.-]?"))
_PLAUSIBLE = re.compile(
    _DATED.replace("SEP?", "").replace("SEP", "")
    + r"|(?<![0-9A-Za-z])[1-9]\d{7}[0-1]\d[0-3]\d{4}(?![0-9A-Za-z])"
)


def scrub(text: str) -> str:
    """Replace every run of digits that could be a resident ID number.

    Args:
        text: Any text, of any length; the time is linear in it.

    Returns:
        The text without runs of 15 or more digits, and without 18-digit numbers
        that are written in groups.
    """
    if sum(map(str.isdigit, text)) < 15:  # noqa: PLR2004  # the shorter, older number
        return text
    return _GROUPED.sub(REMOVED, _LONG_RUN.sub(REMOVED, text))


def printable(text: str) -> str:
    r"""Write what cannot be shown (controls, marks that turn a line round) as ``\uXXXX``.

    For the few places that repeat what a caller sent: it ends up in terminals,
    logs and pages.
    """
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def safe_name(name: str) -> str:
    """Hide the name of an operation that somebody put a number into.

    A name is the caller's own, and goes to logs and traces. None needs as many
    digits as a telephone number has; more of them, however spread, are not shown.
    """
    return name if sum(map(str.isdigit, name)) < _PHONE else REMOVED


def holds_phone(text: str) -> bool:
    """Tell whether a text holds what can be a mobile telephone number."""
    return _MOBILE.search(text) is not None


def holds_number(text: str) -> bool:
    """Tell whether a text holds what can be a resident ID number.

    It is narrower than ``scrub``: a random hexadecimal id may hold fifteen digits
    in a row, and must not be taken for a person.
    """
    return _PLAUSIBLE.search(text) is not None
