"""Decider (pure): guesses from words beside a column which codes mean what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.drafting import guess_words

if TYPE_CHECKING:
    from enum import Enum

    from connectors.drafting.guessing import Column

_MOST: Final = 60
#: As people write it: 1男 2女, 10-正常；20-转出, A：有效.
_PAIR: Final = re.compile(
    r"(?<![\w.])([A-Za-z0-9]{1,8})\s*[-—:：=、.．)）]?\s*([\u4e00-\u9fff]{1,12})"
)
_CODE: Final = re.compile(r"[\w-]{1,64}")


def codes_of(column: Column) -> dict[str, str]:
    """Tell the codes that a column can hold, each with the words beside it.

    Args:
        column: Of its comment, two pairs and more are a list; one is by chance.

    Returns:
        By code; nothing where none are listed.
    """
    found = dict(column.codes)
    if not found:
        pairs = _PAIR.findall(column.comment)
        found = dict(pairs) if len(pairs) > 1 else {}
    sound = {code: word for code, word in found.items() if _CODE.fullmatch(code)}
    return dict(list(sound.items())[:_MOST])


def meant(members: type[Enum], code: str, word: str) -> str | None:
    """Guess which of our values a code means; none if it is like no word we have."""
    ours = {str(one.value) for one in members}
    if code.upper() in ours:
        return code.upper()
    told = guess_words.CODES.get(members.__name__, {})
    words = {one: value for value, listed in told.items() for one in listed.split()}
    plain = (word or code).strip().lower()
    if plain in words:
        return words[plain]
    within = [one for one in words if len(one) > 1 and one in plain]
    return words[max(within, key=len)] if within else None
