"""Decider (pure): how the answers of a path go on, by the names that its description has.

What is plainly there and cannot be written as settings is told, for a person to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Paging = tuple[tuple[str, str], ...]

_PAGES: Final = ("page", "pagenum", "pageno", "pageindex", "current", "pagenumber")
_SIZES: Final = ("size", "pagesize", "limit", "rows", "perpage", "pagelimit")
_OFFSETS: Final = ("offset", "start", "skip", "startindex")
_CURSORS: Final = ("cursor", "after", "pagetoken", "nextcursor", "nexttoken", "marker")
_NEXT: Final = (
    "nextcursor", "nextpagetoken", "nexttoken", "cursornext", "endcursor",
    "nextmarker", "continuationtoken", "next", "cursor",
)  # fmt: skip
_MORE: Final = ("hasmore", "hasnextpage", "hasnext", "more")


def paging_of(
    parameters: Sequence[str], beside: Sequence[str], *, linked: bool
) -> tuple[Paging, str]:
    """Tell how answers go on.

    Args:
        parameters: Of the query, or what stands in the body beside the keys.
        beside: What an answer tells beside its rows, each by its path.
        linked: Whether it has the header ``Link``.

    Returns:
        The settings, empty without pages or where they cannot be told; and then the
        names that speak of pages, empty if none do.
    """
    page, size = _of(parameters, _PAGES), _of(parameters, _SIZES)
    offset, cursor = _of(parameters, _OFFSETS), _of(parameters, _CURSORS)
    following, more = _of(beside, _NEXT), _of(beside, _MORE)
    sized = (("size_parameter", size),) if size else ()
    flag = (("more_at", more),) if more else ()
    if cursor and following:
        place = ("parameter", cursor), ("at", following)
        return (("style", "cursor"), *place, *flag, *sized), ""
    number = page or offset
    if number and not cursor and not linked:
        style = "page" if page else "offset"
        told = ("style", style), ("parameter", number)
        # A total is not used: nobody knows what it counts, and an empty page is the end.
        return (*told, *flag, *sized), ""
    if linked and not cursor:
        return (("style", "link"), *sized), ""
    seen = (page, offset, cursor, following, more, size, linked and "Link")
    return (), ", ".join(one for one in seen if one)


def _of(names: Iterable[str], known: tuple[str, ...]) -> str:
    """Find the name that is known best; empty if none is."""
    found = {
        one.rpartition(".")[2].lower().replace("_", "").replace("-", ""): one
        for one in names
    }
    return next((found[one] for one in known if one in found), "")
