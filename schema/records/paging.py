"""Value: one page of a longer list, and where each of its items stands."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

#: Items on a page at the most, and how many if nobody says.
MOST_ON_PAGE = 100
USUAL_ON_PAGE = 50


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A page; its cursors stay good while what is listed changes.

    Attributes:
        items: In their order.
        cursors: One for each.
        more: Whether there are more after it.
        resumed: Whether it goes on from a cursor.
    """

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    more: bool
    resumed: bool = False
