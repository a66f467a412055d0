"""Decider: which of the commands that wait for a register may be asked now.

A command waits for the earlier ones of its transfer, unless the province has them; and
for what an ended transfer of the same member is still owed there. What takes an IN entry
back goes before the entry itself, which then finds the bar.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from schema.records.command import Act

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Waiting(msgspec.Struct, frozen=True):
    """A command without a last word, as far as its turn goes.

    Attributes:
        id: Its place: a smaller one was written earlier.
        transfer: Id of its transfer.
        act: What it asks.
        pending: The province has it, and is not done with it yet.
    """

    id: int
    transfer: str
    act: Act
    pending: bool = False


def in_turn(
    asked: Sequence[Waiting], standing: Iterable[Waiting], owed: Mapping[str, int]
) -> list[Waiting]:
    """Choose those that hold to no other, in their order.

    Args:
        asked: Commands of one province that could be asked, by their places.
        standing: All that have no last word of their transfers in that province.
        owed: By transfer, the place of the oldest command that an ended transfer of
            the same member is owed in that province.
    """
    of_transfer: dict[str, list[Waiting]] = defaultdict(list)
    for one in standing:
        of_transfer[one.transfer].append(one)
    return [
        one
        for one in asked
        if owed.get(one.transfer, one.id) >= one.id
        and _first(one, of_transfer[one.transfer])
    ]


def _first(one: Waiting, standing: Sequence[Waiting]) -> bool:
    """Tell whether nothing of its transfer goes before a command."""
    acts = {other.act: other.id for other in standing if other.id != one.id}
    if one.act is Act.REGISTER_IN and Act.CANCEL_IN in acts:
        return False
    place = one.id
    if one.act is Act.CANCEL_IN:
        # It takes the place of the entry that it undoes.
        place = min(place, acts.get(Act.REGISTER_IN, place))
    return not any(other.id < place and not other.pending for other in standing)
