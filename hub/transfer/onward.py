"""Decider: what a transfer becomes by one step, and what registers are asked then.

The steps of the saga (``hub/transfer/saga.py``), which says when each is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.transfer.decision import Asked, Decision
from hub.transfer.events import Done
from schema.records.command import Act
from schema.records.transfer import ENDED, TransferState

if TYPE_CHECKING:
    from hub.transfer.decision import Saga
    from hub.transfer.events import Event


def moved(saga: Saga, state: TransferState, *asked: Asked) -> Decision:
    """Go on to a state, where a new wait begins."""
    seq = saga.seq + 1
    after = msgspec.structs.replace(
        saga, state=state, seq=seq, since=seq, overdue=False
    )
    return Decision(saga=after, asked=asked)


def back(saga: Saga, outcome: TransferState, reason: str) -> Decision:
    """Let the old register take its OUT entry back; the home never moved."""
    returning = msgspec.structs.replace(saga, outcome=outcome)
    asked = of_old(saga, Act.CANCEL_OUT, reason or outcome)
    return moved(returning, TransferState.RETURNING, asked)


def overdue(saga: Saga) -> Decision:
    """Wait on, and let people see it: only the register can move it on."""
    seq = saga.seq + 1
    return Decision(
        saga=msgspec.structs.replace(saga, seq=seq, since=seq, overdue=True)
    )


def of_old(saga: Saga, act: Act, reason: str = "") -> Asked:
    """Ask the old register."""
    opened = saga.opened
    return Asked(
        act=act,
        province=opened.from_province,
        local_id=opened.from_local_id,
        union=opened.from_union,
        counterpart_union=saga.to_union,
        counterpart_province=saga.to_province,
        reason=reason,
    )


def of_new(
    saga: Saga,
    act: Act = Act.REGISTER_IN,
    *,
    landing: bool = False,
    reason: str = "",
) -> Asked:
    """Ask the new register, or that of the union of residence."""
    return Asked(
        act=act,
        province=saga.to_province,
        local_id=saga.to_local_id,
        union=saga.to_union,
        counterpart_union=saga.opened.from_union,
        counterpart_province=saga.opened.from_province,
        joined_on=saga.joined_on,
        landing=landing,
        reason=reason,
    )


def outcome(saga: Saga) -> TransferState:
    """Tell how it will end."""
    assert saga.outcome is not None, "set by who let it close or return"  # noqa: S101
    return saga.outcome


def ended(saga: Saga) -> Decision:
    """End it: the home is decided. Where a register owes an answer, people see it."""
    ended = moved(saga, outcome(saga)).saga
    return Decision(saga=msgspec.structs.replace(ended, overdue=bool(saga.owed)))


def pays(saga: Saga, event: Event) -> bool:
    """Tell whether a register did at last what nobody waited for any more."""
    if not isinstance(event, Done) or event.act not in saga.owed:
        return False
    of_new = event.act is Act.CANCEL_IN
    owing = saga.to_province if of_new else saga.opened.from_province
    return event.province == owing


def paid(saga: Saga, event: Event) -> Decision:
    """Note it; neither home nor wait is touched."""
    assert isinstance(event, Done), "only a register pays"  # noqa: S101
    owed = tuple(act for act in saga.owed if act is not event.act)
    ended = saga.state in ENDED
    return Decision(
        saga=msgspec.structs.replace(
            saga,
            seq=saga.seq + 1,
            owed=owed,
            overdue=bool(owed) if ended else saga.overdue,
        )
    )
