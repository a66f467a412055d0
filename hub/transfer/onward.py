"""Decider: what a transfer becomes by one step, and what registers are asked then.

The steps of the saga (``hub/transfer/saga.py``), which says when each is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.transfer.decision import Asked, Decision
from hub.transfer.events import Done
from schema.records.command import Act
from schema.records.transfer import ENDED, TransferState

if TYPE_CHECKING:
    from hub.transfer.decision import Saga
    from hub.transfer.events import Event

#: Why the old register takes its entry back when nobody answered in time.
LIMIT_PASSED: Final = "LIMIT_PASSED"


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


def left_in(saga: Saga) -> Decision:
    """Give up a register that takes no IN entry back; the home never moved.

    It is not asked for the entry any more: else it would write one when it is back. If
    it has written one, it may still say so (``clashes``), and people end it there.
    """
    expires = msgspec.structs.replace(
        saga, outcome=TransferState.EXPIRED, keeps_in=True
    )
    returning = back(expires, TransferState.EXPIRED, LIMIT_PASSED)
    return msgspec.structs.replace(returning, dropped=(Act.REGISTER_IN, Act.CANCEL_IN))


def clashes(saga: Saga, event: Event) -> Decision | None:
    """Note that a register that was given up has an IN entry, for people to end it."""
    if not saga.keeps_in or saga.clash or not isinstance(event, Done):
        return None
    if (event.act, event.province) != (Act.REGISTER_IN, saga.to_province):
        return None
    return Decision(saga=msgspec.structs.replace(saga, seq=saga.seq + 1, clash=True))


def paid(saga: Saga, event: Event) -> Decision | None:
    """Note what a register did at last that nobody waited for any more.

    Neither home nor wait is touched.
    """
    if not isinstance(event, Done) or event.act not in saga.owed:
        return None
    of_new = event.act is Act.CANCEL_IN
    owing = saga.to_province if of_new else saga.opened.from_province
    if event.province != owing:
        return None
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
