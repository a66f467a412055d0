"""Decider (pure): what to say of a name that is not there: the nearest, or what there is."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable

#: So many names are shown where none is near.
_SHOWN = 12


def near(name: str, known: Iterable[str]) -> Bilingual:
    """Say how to mend a name that is not there.

    Args:
        name: What was written.
        known: What there is.
    """
    names = sorted(known)
    lower = {one.lower(): one for one in names}
    close = get_close_matches(name.lower(), lower, n=1)
    if close:
        found = lower[close[0]]
        return Bilingual(f"是否应为“{found}”？", f'Did you mean "{found}"?')
    if not names:
        return Bilingual("那里什么也没有。", "There is nothing there.")
    shown = names[:_SHOWN]
    more = len(names) > _SHOWN
    return Bilingual(
        f"现有：{'、'.join(shown)}{'等' if more else ''}。",
        f"There are: {', '.join(shown)}{' and others' if more else ''}.",
    )
