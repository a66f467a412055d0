"""Decider (pure): taking a value out of a row: by column, by path, joined, or in part."""

from __future__ import annotations

from collections import abc
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING

from connectors.mapping.mistakes import Unfit
from connectors.mapping.texts import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    Pick = Callable[[abc.Mapping[str, object]], object]


def column_picker(column: str, *, absent_is_empty: bool) -> Pick:
    """Make what takes one column; ``a.b`` is a column of that name, or a path.

    Args:
        column: Its name, or names of nested objects with points between.
        absent_is_empty: A column or step that is missing counts as empty.
    """
    steps = column.split(".")
    if len(steps) > 1:
        return _path_picker(column, steps, absent_is_empty=absent_is_empty)
    if not absent_is_empty:
        return itemgetter(column)

    def pick(row: abc.Mapping[str, object]) -> object:
        return row.get(column)

    return pick


def _path_picker(column: str, steps: list[str], *, absent_is_empty: bool) -> Pick:
    def pick(row: abc.Mapping[str, object]) -> object:
        if column in row:
            return row[column]
        at: object = row
        for step in steps:
            if isinstance(at, abc.Mapping) and step in at:
                at = at[step]
            elif isinstance(at, list) and step.isdecimal() and int(step) < len(at):
                at = at[int(step)]
            elif at is None or absent_is_empty:
                return None
            else:
                raise KeyError(column)
        return at

    return pick


def join_picker(picks: tuple[Pick, ...], between: str, *, whole: bool) -> Pick:
    """Make what joins several values to one text.

    Args:
        picks: What takes each.
        between: What stands between them.
        whole: Each must be there: of a name of a row, none may be missing. Otherwise
            what is empty is left out.
    """

    def pick(row: abc.Mapping[str, object]) -> object:
        parts = [_part(one(row)) for one in picks]
        if whole and not all(parts):
            raise Unfit("EMPTY")
        return between.join(filter(None, parts)) or None

    return pick


def part_picker(pick: Pick, between: str, part: int) -> Pick:
    """Make what splits a text and takes one part, from 1; from the end if below 0."""

    def picked(row: abc.Mapping[str, object]) -> object:
        text = _part(pick(row))
        if not text:
            return None
        parts = text.split(between)
        place = part - 1 if part > 0 else len(parts) + part
        if not 0 <= place < len(parts):
            raise Unfit("NO_SUCH_PART")
        return parts[place]

    return picked


def _part(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return plain(value).strip()


def nothing(_row: abc.Mapping[str, object]) -> object:
    """Take nothing: for a constant."""
    return None
