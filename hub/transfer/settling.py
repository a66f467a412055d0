"""Itinerary: a group of acts within one transaction, each answered for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from hub.acting.actor import Actor
from hub.acting.refusals import KEY_TAKEN
from hub.transfer import acting_refusals as no
from hub.transfer.decision import Decision, Silent
from hub.transfer.events import Event, Opened
from hub.transfer.left import left_before
from hub.transfer.ports import Before, Standing, Written
from hub.transfer.record import Happened, standing, written
from hub.transfer.saga import decide, open_saga
from schema.records.command import Receipt
from schema.records.keys import WorkerId
from schema.records.moving import AlreadyOpen
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hub.transfer.limits import Limits
    from hub.transfer.ports import Unit
    from schema.records.moving import ActAnswer, OpenAnswer


class Opening(msgspec.Struct, frozen=True):
    """A wish to open a transfer.

    Attributes:
        actor: Who wishes.
        acting: Key of the act, as it is kept.
        act: Its fingerprint.
        opened: The event; or why not, which counts unless the act was done before.
    """

    actor: Actor
    acting: str
    act: bytes
    opened: Opened | Refusal


class Act(msgspec.Struct, frozen=True):
    """Something that happens to a transfer.

    Attributes:
        actor: Who acts.
        id: On which transfer.
        event: What happens; nothing, where a province has a command and is not done.
        acting: Key of the act, as it is kept; empty for registers and limits.
        act: Its fingerprint.
        allowed: Why the actor may not, if so.
        receipt: What a register answered, if one did.
        seen: Says the event anew by what was found; without it ``event`` is it.
    """

    actor: Actor
    id: str
    event: Event | None
    acting: str = ""
    act: bytes = b""
    allowed: Callable[[Standing | None], Refusal | None] | None = None
    receipt: Receipt | None = None
    seen: Callable[[Standing], Event] | None = None


class _Opened(msgspec.Struct):
    """What a transaction has read and will write while transfers are opened."""

    before: dict[str, Before]
    open: dict[WorkerId, Standing]
    moved: dict[WorkerId, Standing]
    credentials: dict[str, str]
    written: list[Written]


async def settle_openings(
    unit: Unit,
    acts: Sequence[Opening],
    now: datetime,
    limits: Limits,
    new_id: Callable[[], str],
) -> tuple[list[OpenAnswer], list[Written]]:
    """Open transfers, in the order of the acts.

    Args:
        unit: The transaction.
        acts: The group.
        now: The present moment.
        limits: How long each wait may last.
        new_id: Names transfers.

    Returns:
        An answer for each act, and what was written.
    """
    before = dict(await unit.acted([one.acting for one in acts]))
    ids = {
        place: new_id()
        for place, one in enumerate(acts)
        if isinstance(one.opened, Opened) and one.acting not in before
    }
    opening = [acts[place].opened for place in ids]
    events = [one for one in opening if isinstance(one, Opened)]
    workers = sorted({one.worker for one in events})
    redeemed = {
        one.credential: id_
        for one, id_ in zip(events, ids.values(), strict=True)
        if one.credential
    }
    state = _Opened(
        before,
        dict(await unit.open_of(workers)) if workers else {},
        dict(await unit.moved_of(workers)) if workers else {},
        dict(await unit.redeem(redeemed)) if redeemed else {},
        [],
    )
    answers = [
        _open(one, ids.get(place, ""), state, now, limits)
        for place, one in enumerate(acts)
    ]
    if state.written:
        await unit.write(state.written)
    return answers, state.written


def _open(
    one: Opening, id_: str, state: _Opened, now: datetime, limits: Limits
) -> OpenAnswer:
    if (earlier := state.before.get(one.acting)) is not None:
        return earlier.transfer if earlier.act == one.act else KEY_TAKEN
    opened = one.opened
    if isinstance(opened, Refusal):
        return opened
    if (stands := state.open.get(opened.worker)) is not None:
        return AlreadyOpen(stands.transfer)
    if (refused := _barred(opened, state)) is not None:
        return refused
    decision = open_saga(opened)
    if isinstance(decision, Refusal):
        return decision
    happened = Happened(
        id=id_,
        before=None,
        event=opened,
        actor=one.actor,
        acting=one.acting,
        act=one.act,
    )
    line = written(happened, decision, now, limits)
    state.written.append(line)
    state.before[one.acting] = Before(line.transfer, one.act)
    state.open[opened.worker] = standing(line)
    if opened.credential:
        state.credentials[opened.credential] = "REDEEMED:" + id_
    return line.transfer


def _barred(opened: Opened, state: _Opened) -> Refusal | None:
    """Say why what the hub itself knows bars a transfer."""
    refused = left_before(opened, state.moved.get(opened.worker))
    if refused is None and opened.credential:
        refused = _unredeemable(state.credentials.get(opened.credential))
    return refused


def _unredeemable(kept: str | None) -> Refusal | None:
    match kept:
        case "ACTIVE":
            return None
        case None:
            return no.CREDENTIAL_UNKNOWN
        case "REVOKED":
            return no.CREDENTIAL_REVOKED
        case _:
            return no.CREDENTIAL_REDEEMED


async def settle_acts(
    unit: Unit,
    acts: Sequence[Act],
    now: datetime,
    limits: Limits,
    again_at: datetime,
) -> tuple[list[ActAnswer], list[Written]]:
    """Let things happen to transfers, in the order of the acts.

    Args:
        unit: The transaction.
        acts: The group.
        now: The present moment.
        limits: How long each wait may last.
        again_at: When a province that is not done is asked again.

    Returns:
        An answer for each act, and what was written.
    """
    keys = [one.acting for one in acts if one.acting]
    before = dict(await unit.acted(keys)) if keys else {}
    stands = dict(await unit.lock(sorted({one.id for one in acts})))
    receipts = [one.receipt for one in acts if one.receipt is not None]
    if receipts:
        await unit.answered(receipts, again_at)
    lines: list[Written] = []
    answers: list[ActAnswer] = []
    for one in acts:
        earlier = before.get(one.acting) if one.acting else None
        if earlier is not None:
            same = earlier.act == one.act
            answers.append(earlier.transfer if same else KEY_TAKEN)
            continue
        made = _happen(one, stands.get(one.id), now, limits)
        if isinstance(made, Refusal):
            answers.append(made)
            continue
        if made is not None:
            lines.append(made)
            stands[one.id] = standing(made)
            before[one.acting] = Before(made.transfer, one.act)
        kept = stands.get(one.id)
        answers.append(no.NO_SUCH_TRANSFER if kept is None else kept.transfer)
    if lines:
        await unit.write(lines)
    return answers, lines


def _happen(
    one: Act, found: Standing | None, now: datetime, limits: Limits
) -> Written | Refusal | None:
    """Say what an act makes of a transfer: something, nothing, or why not."""
    if one.allowed is not None and (refused := one.allowed(found)) is not None:
        return refused
    if found is None or one.event is None:
        return None
    event = one.event if one.seen is None else one.seen(found)
    decision = decide(found.saga, event)
    match decision:
        case Refusal():
            return decision
        case Silent():
            return None
        case Decision():
            happened = Happened(
                id=one.id,
                before=found,
                event=event,
                actor=one.actor,
                acting=one.acting,
                act=one.act,
            )
            return written(happened, decision, now, limits)
