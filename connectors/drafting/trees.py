"""Decider (pure): nested JSON that a stranger wrote, taken as far as it is what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Object = dict[str, Any]


def items(told: Any) -> Iterator[tuple[str, Object]]:
    """Name the objects in an object; of anything else, none."""
    if isinstance(told, dict):
        yield from (
            (str(key), one) for key, one in told.items() if isinstance(one, dict)
        )


def object_of(told: Any) -> Object:
    """Take an object; of anything else, an empty one."""
    return told if isinstance(told, dict) else {}


def list_of(told: Any) -> list[Any]:
    """Take a list; of anything else, an empty one."""
    return told if isinstance(told, list) else []


def words_of(told: Object) -> str:
    """Tell what people wrote beside it; never its examples."""
    words = told.get("description") or told.get("title") or ""
    return words if isinstance(words, str) else ""
