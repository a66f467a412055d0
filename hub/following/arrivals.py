"""Decider: which words of a province may be kept, and which name a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.identity.resident_id import contains_resident_id
from schema.records.change import Change

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from schema.records.change import Arrival


def nameless(
    arrivals: Iterable[Arrival], today: date
) -> tuple[tuple[Arrival, ...], tuple[Arrival, ...]]:
    """Divide what came into what may be kept, and what holds a resident ID number.

    Of the latter nothing is kept, so that its number stays a gap until the province
    tells it otherwise.

    Args:
        arrivals: What came.
        today: The day, in China.
    """
    kept: list[Arrival] = []
    telling: list[Arrival] = []
    for one in arrivals:
        named = any(contains_resident_id(text, today) for text in _texts(one))
        (telling if named else kept).append(one)
    return tuple(kept), tuple(telling)


def _texts(one: Arrival) -> Iterable[str]:
    yield one.case_no
    if isinstance(one, Change):
        if one.document is not None:
            yield one.document.reference
        if one.fact is not None:
            yield from (one.fact.kind, one.fact.about)
