"""Decider (pure): names that a mapping may hold. No text of a file becomes a statement.

Whoever builds a statement or an address of a name quotes it all the same.
"""

from __future__ import annotations

import re
from typing import Final

_STEP = r"[\w$#](?:[\w$# （）()-]{0,62}[\w$#）)])?"
_COLUMN: Final = re.compile(rf"{_STEP}(?:\.{_STEP}){{0,7}}")
_PART = r"(?:\{key\}|[\w$#-]{1,64})"
_SOURCE: Final = re.compile(rf"/?{_PART}(?:[./]{_PART}){{0,15}}")
#: The name of a code list.
_LIST: Final = re.compile(r"[\w-]{1,64}")


def is_column(text: str) -> bool:
    """Tell whether a text is the name of a column, or a path of names."""
    return _COLUMN.fullmatch(text) is not None and "--" not in text


def is_source(text: str) -> bool:
    """Tell whether a text names where rows come from; ``{key}`` at most once."""
    sound = _SOURCE.fullmatch(text) is not None and "--" not in text
    return sound and text.count("{key}") <= 1


def is_list(text: str) -> bool:
    """Tell whether a text can be the name of a code list."""
    return _LIST.fullmatch(text) is not None
