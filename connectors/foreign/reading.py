"""Decider (pure): what stands below a field of an answer becomes rows.

A null that an error explains is never taken for "there is none": a row that an error hits
keeps its key and nothing else, so that the mapping cannot read it; an error above all rows
is a failure of the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.faults import ProvinceFault
from connectors.graphql.errors import refusal
from connectors.own_words.reading import at
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connectors.graphql.errors import ErrorBody

    Path = tuple[str | int, ...]
    Row = Mapping[str, object]


class Place(msgspec.Struct, frozen=True):
    """Where the rows of a field stand below it.

    Attributes:
        steps: The way to the rows.
        inside: The way to the rows inside these; none if they are themselves meant.
        key: The column with the key of the worker, of the outer row.
        single: One worker was asked for: a field that is null is nobody.
    """

    steps: tuple[str, ...]
    inside: tuple[str, ...]
    key: str
    single: bool = False


def errors_below(
    errors: Sequence[ErrorBody], aliases: Mapping[str, int]
) -> list[list[ErrorBody]]:
    """Deal errors out to the fields of a document, each with the path below it.

    Raises:
        ProvinceFault: One of them is about the answer as a whole.
    """
    found: list[list[ErrorBody]] = [[] for _ in aliases]
    for error in errors:
        place = aliases.get(str(error.path[0])) if error.path else None
        if place is None or error.path is None:
            raise refusal(errors)
        below = msgspec.structs.replace(error, path=error.path[1:])
        found[place].append(below)
    return found


def rows(told: object, place: Place, errors: Sequence[ErrorBody]) -> list[Row]:
    """Find the rows below a field.

    Args:
        told: What stands under its alias.
        place: Where they are.
        errors: What went wrong below it.

    Raises:
        ProvinceFault: They were not told, or something else stands there.
    """
    found: list[Row] = []
    left = list(errors)
    for path, row in _placed(told, place.steps, ()):
        hits = [one for one in left if _meet(_path(one), path)]
        if row is None:
            if hits:
                raise refusal(hits)
            nobody = isinstance(path[-1], int) if path else place.single
            if not nobody:
                raise ProvinceFault(FaultCode.MALFORMED, "no rows at their place")
            continue
        left = [one for one in left if one not in hits]
        found += _rows_of(row, path, place, hits)
    if left:
        raise refusal(left)
    return found


def _rows_of(
    row: Row, path: Path, place: Place, hits: Sequence[ErrorBody]
) -> Iterator[Row]:
    bare = {place.key: at(row, place.key)}
    if not place.inside:
        yield bare if hits else row
        return
    try:
        inner = list(_placed(row, place.inside, path))
    except ProvinceFault:
        inner = [(path, None)]
    for where, one in inner:
        hit = any(_meet(_path(error), where) for error in hits)
        nobody = one is None and where != path and isinstance(where[-1], int)
        if hit or not nobody:
            yield bare if hit or one is None else {**one, **bare}


def _placed(
    told: object, steps: tuple[str, ...], path: Path
) -> Iterator[tuple[Path, Any]]:
    """Go to where rows stand, through all lists on the way."""
    if isinstance(told, list):
        for number, one in enumerate(told):
            yield from _placed(one, steps, (*path, number))
    elif told is None or (isinstance(told, dict) and not steps):
        yield path, told
    elif isinstance(told, dict):
        yield from _placed(told.get(steps[0]), steps[1:], (*path, steps[0]))
    else:
        raise ProvinceFault(FaultCode.MALFORMED, "no rows at their place")


def _meet(error: Path, place: Path) -> bool:
    """Tell whether an error is of this place: there, below or above it."""
    shorter = min(len(error), len(place))
    return error[:shorter] == place[:shorter]


def _path(error: ErrorBody) -> Path:
    return error.path or ()
