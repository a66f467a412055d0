"""View: which transfers are asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry

from schema.graph.transfer import TransferBasis, TransferState
from schema.graph.view import describe
from schema.records import moving

TransferSide: Any = describe(
    moving.Side,
    "在转接的哪一侧。 Which side of a transfer.",
    {
        "IN": "转入。 The new union, or the one that members land at.",
        "OUT": "转出。 The old union.",
    },
    name="TransferSide",
)


@strawberry.input(
    name="TransferFilter",
    description="哪些转接；各项须同时成立。 Which transfers: all of it must hold.",
)
class TransferFilterInput:
    office: str | None = strawberry.field(
        default=None,
        description="某工会及其下级；省略为您自己的工会。 A union and those below it; left out: your own.",
    )
    side: TransferSide | None = strawberry.field(
        default=None, description="其在哪一侧。 Which side it is on; both if left out."
    )
    states: list[TransferState] | None = strawberry.field(
        default=None, description="处于其中一种状态。 In one of these states."
    )
    basis: list[TransferBasis] | None = strawberry.field(
        default=None, description="由其中一种发起。 Opened by one of these."
    )
    changed_since: datetime | None = strawberry.field(
        default=None, description="此刻起有变动。 Moved at or after this moment."
    )
    due_by: date | None = strawberry.field(
        default=None,
        description="期限在此日或之前。 Waiting, with the limit on or before this day.",
    )
    overdue: bool = strawberry.field(
        default=False,
        description="只要登记久未答复者。 Only where a register has been silent for too long.",
    )
    batch: strawberry.ID | None = strawberry.field(
        default=None, description="属于此批次。 Of this batch."
    )


def wanted(given: TransferFilterInput | None) -> moving.TransferFilter:
    """Turn the input into the value."""
    if given is None:
        return moving.TransferFilter()
    return moving.TransferFilter(
        office=given.office,
        side=given.side,
        states=tuple(given.states or ()),
        basis=tuple(given.basis or ()),
        changed_since=given.changed_since,
        due_by=given.due_by,
        overdue=given.overdue,
        batch=given.batch,
    )
