"""Decider (pure): does an answer say that it goes on, though nobody goes on with it?

Where settings have no pages, the first answer would pass as all there is. Only what is
plain counts; of an answer that says nothing of pages nobody can tell.
"""

from __future__ import annotations

from typing import Final

#: What holds what leads to the next page.
_NEXT: Final = frozenset(
    {"next", "nextcursor", "nextpage", "nextpagetoken", "nexttoken", "nexturl"}
    | {"nextlink", "nextpagelink", "continuationtoken", "odatanextlink", "cursornext"}
)
#: What says in so many words whether there is more.
_MORE: Final = frozenset({"hasmore", "hasnext", "hasnextpage", "havemore", "more"})
#: What a word on pages stands in, beside the rows.
_BESIDE: Final = frozenset(
    {"page", "pageinfo", "paging", "pagination", "pager", "meta", "links", "metadata"}
)
_PLAIN: Final = str.maketrans("", "", "_-.@$ ")


def goes_on(told: object, rows_at: str, link: str = "") -> bool:
    """Tell whether an answer plainly says that there is more of it.

    Args:
        told: The answer.
        rows_at: Where its rows stand; what is in a row is the row's own and says
            nothing of pages.
        link: Where its headers say that the next page is; empty if nowhere.
    """
    if link:
        return True
    for step in (*filter(None, rows_at.split(".")), ""):
        if not isinstance(told, dict) or not step:
            break
        if _says(told) or any(
            _says(beside)
            for name, beside in told.items()
            if name != step and _plain(name) in _BESIDE
        ):
            return True
        told = told.get(step)
    return False


def _says(told: object) -> bool:
    if not isinstance(told, dict):
        return False
    for name, value in told.items():
        plain = _plain(name)
        if (plain in _MORE and value is True) or (plain in _NEXT and _leads(value)):
            return True
    return False


def _leads(value: object) -> bool:
    """Tell whether it is a cursor, a number or an address; 0 and -1 are none."""
    if isinstance(value, dict):
        value = value.get("href")
    if isinstance(value, str):
        return value not in {"", "0", "-1"}
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _plain(name: object) -> str:
    return str(name).lower().translate(_PLAIN)
