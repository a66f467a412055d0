"""Decider: the one place where texts from outside are judged before a case keeps them.

Whatever is kept of a case can be read for years, in every province that has a part in it.
So nothing that names a person by number stands in it, nothing that does not show, and no
day that cannot be.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from hub.identity.resident_id import contains_resident_id
from schema.records.change import Change

if TYPE_CHECKING:
    from schema.records.change import Arrival
    from schema.records.keys import ProvinceCode

#: The longest case number, in characters.
LONGEST_NUMBER: Final = 64
_UNION: Final = re.compile(r"[0-9A-Za-z-]{1,32}", re.ASCII)
#: They part texts and numbers from one another in keys.
_PARTS_KEYS: Final = frozenset(" :|")


def names_somebody(text: str, on: date) -> bool:
    """Tell whether a resident ID number stands in a text, however it is spaced."""
    return contains_resident_id(text, on)


def is_text(text: str, most: int) -> bool:
    """Tell whether a text is one: it shows, and is no longer than it may be."""
    return bool(text.strip()) and len(text) <= most and text.isprintable()


def is_union(code: str) -> bool:
    """Tell whether a text has the shape of a union's code, and names nobody."""
    return bool(_UNION.fullmatch(code)) and not names_somebody(code, date.max)


def number_of(written: str, province: ProvinceCode, on: date) -> str | None:
    """Make the number of a case out of that of a union's file.

    It begins with the code of the union's province: so nobody takes, or finds out, the
    numbers of another. What looks alike is one number (Unicode NFKC).

    Args:
        written: As the union wrote it.
        province: The union's.
        on: The day, in China.

    Returns:
        The number; none if that cannot be one.
    """
    no = normalize("NFKC", written)
    if not no.startswith(f"{province}-"):
        no = f"{province}-{no}"
    sound = bool(written) and is_text(no, LONGEST_NUMBER) and not set(no) & _PARTS_KEYS
    return no if sound and not names_somebody(no, on) else None


def flaw_of(one: Arrival, today: date) -> str:
    """Name what keeps a province's statement from being kept; empty if nothing does.

    Args:
        one: What the province told.
        today: The day, in China.
    """
    texts, union = [one.case_no], ""
    if isinstance(one, Change):
        union = one.union
        texts.append(union)
        if one.document is not None:
            texts.append(one.document.reference)
        if one.fact is not None:
            texts += [one.fact.kind, one.fact.about]
    if any(names_somebody(text, today) for text in texts):
        return "personal-data"
    if not all(map(str.isprintable, texts)):
        return "unprintable-text"
    if isinstance(one, Change) and not is_union(union):
        return "union-code"
    if isinstance(one, Change) and one.on > today:
        return "day-to-come"
    return ""
