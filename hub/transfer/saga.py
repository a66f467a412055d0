"""Decider: what a transfer becomes when something happens (RULEBOOK §2).

It touches nothing: the journal, the queue and the clock are not known here. It
returns commands; the coordinator writes them with the event, in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.transfer import refusals
from hub.transfer.decision import Asked, Decision, Saga, Silent
from hub.transfer.events import (
    Accepted,
    ActOfPeople,
    Done,
    LimitPassed,
    Refused,
    Rejected,
    Withdrawn,
)
from hub.transfer.onward import (
    LIMIT_PASSED,
    back,
    clashes,
    ended,
    left_in,
    moved,
    of_new,
    of_old,
    outcome,
    overdue,
    paid,
)
from schema.records.command import Act
from schema.records.transfer import Basis, TransferState

if TYPE_CHECKING:
    from hub.transfer.events import Event, Opened
    from schema.records.refusal import Refusal

__all__ = ["Asked", "Decision", "Saga", "Silent", "decide", "open_saga"]


def open_saga(opened: Opened) -> Decision | Refusal:
    """Begin a transfer: the old register is asked for the OUT entry."""
    if opened.from_union == opened.to_union:
        return refusals.SAME_UNION
    saga = Saga(
        opened=opened,
        state=TransferState.OUT_PENDING,
        seq=1,
        since=1,
        home=opened.from_union,
        home_province=opened.from_province,
        to_union=opened.to_union,
        to_province=opened.to_province,
        to_local_id=opened.to_local_id,
    )
    return Decision(saga=saga, asked=(of_old(saga, Act.REGISTER_OUT),))


def decide(saga: Saga, event: Event) -> Decision | Refusal | Silent:
    """Say what an event makes of a transfer.

    Total: every state answers every event. Receipts that come twice, late or out of
    order are ``Silent``; acts of people that cannot be any more are a ``Refusal``.
    """
    match saga.state:
        case TransferState.OUT_PENDING:
            return _out_pending(saga, event)
        case TransferState.IN_TRANSIT:
            return _in_transit(saga, event)
        case TransferState.IN_PENDING | TransferState.LANDING:
            return _arriving(saga, event)
        case TransferState.IN_CANCELLING:
            return _in_cancelling(saga, event)
        case TransferState.CLOSING | TransferState.RETURNING:
            return _ending(saga, event)
        case (
            TransferState.COMPLETED
            | TransferState.LANDED
            | TransferState.REJECTED
            | TransferState.WITHDRAWN
            | TransferState.REFUSED
            | TransferState.EXPIRED
        ):
            late = _too_late(event, refusals.ended(saga.state))
            return paid(saga, event) or clashes(saga, event) or late


def _out_pending(saga: Saga, event: Event) -> Decision | Refusal | Silent:
    old = saga.opened.from_province
    match event:
        case Done(act=Act.REGISTER_OUT, province=province) if province == old:
            return _out_stands(saga, event)
        case Refused(act=Act.REGISTER_OUT, province=province) if province == old:
            return moved(saga, TransferState.REFUSED)
        case Withdrawn():
            return back(saga, TransferState.WITHDRAWN, event.reason)
        case Rejected() if saga.opened.basis is Basis.OFFER:
            return back(saga, TransferState.REJECTED, event.reason)
        case LimitPassed(since=since) if since == saga.since:
            return back(saga, TransferState.EXPIRED, LIMIT_PASSED)
        case _:
            return _too_late(event, _no_answer_wanted(saga.opened.basis, event))


def _out_stands(saga: Saga, done: Done) -> Decision:
    """Go on from the OUT entry, as the basis of the transfer has it."""
    joined = done.joined_on.isoformat() if done.joined_on else None
    saga = msgspec.structs.replace(saga, joined_on=joined, confirmed=True)
    match saga.opened.basis:
        case Basis.REQUEST:
            return moved(saga, TransferState.IN_PENDING, of_new(saga))
        case Basis.OFFER:
            return moved(saga, TransferState.IN_TRANSIT)
        case Basis.CLOSURE:
            return moved(saga, TransferState.LANDING, of_new(saga, landing=True))
        case Basis.DUPLICATE:
            return _arrived(saga)


def _in_transit(saga: Saga, event: Event) -> Decision | Refusal | Silent:
    match event:
        case Accepted():
            saga = msgspec.structs.replace(
                saga, to_local_id=event.local_id or saga.to_local_id
            )
            return moved(saga, TransferState.IN_PENDING, of_new(saga))
        case Rejected():
            return back(saga, TransferState.REJECTED, event.reason)
        case Withdrawn():
            return back(saga, TransferState.WITHDRAWN, event.reason)
        case LimitPassed(since=since) if since == saga.since:
            return _land(saga)
        case _:
            return Silent()


def _land(saga: Saga) -> Decision:
    """Let the member land at the union of residence, or stay where there is none."""
    opened = saga.opened
    if opened.fallback_union == opened.from_union:
        return back(saga, TransferState.EXPIRED, LIMIT_PASSED)
    saga = msgspec.structs.replace(
        saga,
        to_union=opened.fallback_union,
        to_province=opened.fallback_province,
        to_local_id=opened.fallback_local_id,
    )
    return moved(saga, TransferState.LANDING, of_new(saga, landing=True))


def _arriving(saga: Saga, event: Event) -> Decision | Refusal | Silent:
    new, landing = saga.to_province, saga.state is TransferState.LANDING
    match event:
        case Done(act=Act.REGISTER_IN, province=province) if province == new:
            named = msgspec.structs.replace(
                saga, to_local_id=event.local_id or saga.to_local_id
            )
            return _arrived(named)
        case Refused(act=Act.REGISTER_IN, province=province) if province == new:
            outcome = TransferState.EXPIRED if landing else TransferState.REFUSED
            return back(saga, outcome, event.code)
        case LimitPassed(since=since) if since == saga.since:
            if not saga.overdue:
                return overdue(saga)
            return left_in(saga) if event.keeps_in else _cancelled_in(saga)
        case _:
            too_late = refusals.LANDS_ALREADY if landing else refusals.ACCEPTED_ALREADY
            return _too_late(event, too_late)


def _cancelled_in(saga: Saga) -> Decision:
    """Give up a register that has been silent for too long; the home never moved.

    It may have written the IN entry all the same: it is asked to take it back.
    """
    expires = msgspec.structs.replace(saga, outcome=TransferState.EXPIRED)
    asked = of_new(saga, Act.CANCEL_IN, reason=LIMIT_PASSED)
    return moved(expires, TransferState.IN_CANCELLING, asked)


def _in_cancelling(saga: Saga, event: Event) -> Decision | Refusal | Silent:
    """Wait for the new register to have nothing in it, and not for ever.

    A late IN entry moves nothing any more: what is asked already takes it back.
    """
    match event:
        case Done(act=Act.CANCEL_IN, province=province) if province == saga.to_province:
            return back(saga, outcome(saga), LIMIT_PASSED)
        case LimitPassed(since=since, keeps_in=True) if since == saga.since:
            return left_in(saga)
        case LimitPassed(since=since) if since == saga.since:
            owing = msgspec.structs.replace(saga, owed=(Act.CANCEL_IN,))
            return back(owing, outcome(saga), LIMIT_PASSED)
        case _:
            return _too_late(event, refusals.RETURNS_ALREADY)


def _arrived(saga: Saga) -> Decision:
    """Pass the pivot: the home moves, and the old register pairs its entry."""
    landed = saga.state is TransferState.LANDING
    return moved(
        msgspec.structs.replace(
            saga,
            home=saga.to_union,
            home_province=saga.to_province,
            outcome=TransferState.LANDED if landed else TransferState.COMPLETED,
        ),
        TransferState.CLOSING,
        of_old(saga, Act.COMPLETE_OUT),
    )


def _ending(saga: Saga, event: Event) -> Decision | Refusal | Silent:
    closing = saga.state is TransferState.CLOSING
    last = Act.COMPLETE_OUT if closing else Act.CANCEL_OUT
    old = saga.opened.from_province
    match event:
        case Done(act=act, province=province) if (act, province) == (last, old):
            return ended(saga)
        case LimitPassed(since=since) if since == saga.since and saga.overdue:
            owed = tuple(dict.fromkeys((*saga.owed, last)))
            return ended(msgspec.structs.replace(saga, owed=owed))
        case LimitPassed(since=since) if since == saga.since:
            return overdue(saga)
        case _:
            late = _too_late(event, _why_ending(saga))
            return paid(saga, event) or clashes(saga, event) or late


def _why_ending(saga: Saga) -> Refusal:
    """Tell people why they come too late: a landing means that a limit passed."""
    if saga.state is TransferState.RETURNING:
        return refusals.RETURNS_ALREADY
    landed = saga.outcome is TransferState.LANDED
    return refusals.LANDS_ALREADY if landed else refusals.HOME_MOVED_ALREADY


def _too_late(event: Event, refusal: Refusal) -> Refusal | Silent:
    """Refuse what people do; registers and clocks that come too late say nothing."""
    return refusal if isinstance(event, ActOfPeople) else Silent()


def _no_answer_wanted(basis: Basis, event: Event) -> Refusal:
    """Tell a new union why its answer is not wanted while the OUT entry is made."""
    match basis:
        case Basis.OFFER:
            return refusals.NOT_YET
        case Basis.REQUEST:
            rejected = isinstance(event, Rejected)
            return refusals.OWN_REQUEST if rejected else refusals.ACCEPTED_ALREADY
        case Basis.CLOSURE | Basis.DUPLICATE:
            return refusals.NOTHING_TO_ANSWER
