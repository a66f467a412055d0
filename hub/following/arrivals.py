"""Decider: which words of a province may be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.following.written import flaw_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from schema.records.change import Arrival


def sorted_out(
    arrivals: Iterable[Arrival], today: date
) -> tuple[tuple[Arrival, ...], tuple[tuple[Arrival, str], ...]]:
    """Divide what came into what may be kept, and what may not.

    Of the latter nothing is kept, so that its number stays a gap until the province
    tells it otherwise.

    Args:
        arrivals: What came.
        today: The day, in China.

    Returns:
        What may be kept; what may not, each with its flaw (``written.flaw_of``).
    """
    kept: list[Arrival] = []
    unfit: list[tuple[Arrival, str]] = []
    for one in arrivals:
        flaw = flaw_of(one, today)
        if flaw:
            unfit.append((one, flaw))
        else:
            kept.append(one)
    return tuple(kept), tuple(unfit)
