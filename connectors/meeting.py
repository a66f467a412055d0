"""Decider (pure): whether commands may touch one another, so that their order counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.records.command import Command


def meet(commands: Sequence[Command]) -> bool:
    """Tell whether any two meet in a card, a worker's file or a transfer."""
    about = [
        name
        for place, one in enumerate(commands)
        for name in {
            ("member", one.membership_no),
            ("worker", one.local_id or f"new {place}"),
            ("transfer", one.transfer),
        }
    ]
    return len(set(about)) < len(about)
