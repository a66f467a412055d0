"""Decider: what an event made of a transfer → what is written of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.acting.actor import Actor
from hub.audit.moving_entries import Move, draft_of_move
from hub.audit.tags import Tag
from hub.clock import day_in_china
from hub.transfer.events import (
    Accepted,
    Done,
    Event,
    LimitPassed,
    Opened,
    Refused,
    Rejected,
    Withdrawn,
)
from hub.transfer.ports import Standing, Written
from hub.transfer.states import owner, wait_of
from hub.transfer.steps import step_of
from schema.records.command import Act, Answered, Command
from schema.records.keys import LocalKey, ProvinceCode
from schema.records.transfer import ENDED, Milestone, Step, Transfer

if TYPE_CHECKING:
    from datetime import datetime

    from hub.transfer.decision import Asked, Decision, Saga
    from hub.transfer.limits import Due, Limits
    from schema.records.command import Receipt

_TAGS: Final = {
    step: Tag(f"transfer:membership:{step.lower().replace('_', '-')}") for step in Step
}


class Told(msgspec.Struct, frozen=True):
    """What an event says of itself, for the timeline."""

    step: Step
    office: str = ""
    province: ProvinceCode | None = None
    entry: str = ""
    reason: str = ""


def told(event: Event) -> Told:
    """Say in one line what happened."""
    step = step_of(event)
    line = Told(step)
    match event:
        case Opened() | Accepted():
            line = Told(step, event.office)
        case Rejected() | Withdrawn():
            line = Told(step, event.office, reason=event.reason)
        case Done():
            line = Told(step, province=event.province, entry=event.entry)
        case Refused():
            line = Told(step, province=event.province, reason=event.code)
        case LimitPassed():
            pass
    return line


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """An event and where it comes from.

    Attributes:
        id: Of the transfer.
        before: As it stood; none if it is opened.
        event: What happened.
        actor: Who acted; ``hub.acting.actor.HUB`` for registers and limits.
        acting: Key of the caller's act, as it is kept.
        act: Fingerprint of the caller's act.
    """

    id: str
    before: Transfer | None
    event: Event
    actor: Actor
    acting: str = ""
    act: bytes = b""


def written(
    happened: Happened, decision: Decision, now: datetime, limits: Limits
) -> Written:
    """Make all that is written of one event.

    Args:
        happened: The event.
        decision: What the saga made of it.
        now: The present moment.
        limits: How long each wait may last.
    """
    saga, event, actor = decision.saga, happened.event, happened.actor
    responsible, province = owner(saga)
    ended = saga.state in ENDED
    wait = None if ended else limits.due(wait_of(saga), province, now)
    transfer = _view(happened, saga, responsible, now, wait)
    line = told(event)
    today = day_in_china(now)
    return Written(
        transfer=transfer,
        saga=saga,
        milestone=Milestone(
            seq=saga.seq,
            at=now,
            step=line.step,
            state=saga.state,
            home=saga.home,
            office=line.office,
            province=line.province,
            entry=line.entry,
            reason=line.reason,
        ),
        event=event,
        commands=tuple(
            _command(transfer.id, asked, saga.opened.membership_no, today)
            for asked in decision.asked
        ),
        audit=draft_of_move(
            Move(
                tag=_TAGS[line.step],
                worker=transfer.worker,
                about=transfer.id,
                subject=actor.subject,
                office=actor.office,
                province=line.province or actor.province,
                request=actor.request,
                state=saga.state,
                from_union=transfer.from_union,
                to_union=transfer.to_union,
                home=saga.home,
            ),
            now,
        ),
        link=_link(event, saga),
        acting=happened.acting,
        act=happened.act,
        credential=event.credential if isinstance(event, Opened) else "",
        due_at=None if wait is None else wait.due_at,
        target_at=None if wait is None else wait.target_at,
    )


def standing(one: Written) -> Standing:
    """See what is written as what the next event of the same group finds."""
    return Standing(one.transfer, one.saga, one.due_at, one.target_at)


def _view(
    happened: Happened, saga: Saga, owner: str, now: datetime, wait: Due | None
) -> Transfer:
    opened = saga.opened
    return Transfer(
        id=happened.id,
        worker=opened.worker,
        basis=opened.basis,
        state=saga.state,
        home=saga.home,
        home_province=saga.home_province,
        home_confirmed=saga.confirmed,
        owner=owner,
        membership_no=opened.membership_no,
        from_union=opened.from_union,
        from_province=opened.from_province,
        to_union=saga.to_union,
        to_province=saga.to_province,
        opened_at=now if happened.before is None else happened.before.opened_at,
        changed_at=now,
        respond_by=None if wait is None else wait.respond_by,
        due_on=None if wait is None else wait.due_on,
        rule="" if wait is None else wait.rule,
        overdue=saga.overdue,
        batch=opened.batch or None,
        ended_at=_ended_at(happened.before, saga, now),
    )


def _ended_at(before: Transfer | None, saga: Saga, now: datetime) -> datetime | None:
    """Tell when it ended; what a register still owed afterwards changes nothing of it."""
    if saga.state not in ENDED:
        return None
    return now if before is None or before.ended_at is None else before.ended_at


def _command(transfer: str, asked: Asked, membership_no: str, today: date) -> Command:
    return Command(
        key=f"{transfer}:{asked.act}",
        act=asked.act,
        transfer=transfer,
        province=asked.province,
        local_id=asked.local_id,
        membership_no=membership_no,
        union=asked.union,
        counterpart_union=asked.counterpart_union,
        counterpart_province=asked.counterpart_province,
        on=today,
        joined_on=date.fromisoformat(asked.joined_on) if asked.joined_on else None,
        landing=asked.landing,
        reason=asked.reason,
    )


def _link(event: Event, saga: Saga) -> LocalKey | None:
    """Tell which link the IN entry proves: whose register it is keeps the membership."""
    if not isinstance(event, Done) or event.act is not Act.REGISTER_IN:
        return None
    if saga.to_local_id is None:
        return None
    return LocalKey(saga.to_province, saga.to_local_id)


def event_of(command: Command, receipt: Receipt) -> Event | None:
    """See a receipt as what happened; a province that is not done says nothing."""
    match receipt.answered:
        case Answered.DONE:
            return Done(
                act=command.act,
                province=command.province,
                entry=receipt.entry or "",
                local_id=receipt.local_id,
                joined_on=receipt.joined_on,
            )
        case Answered.REFUSED:
            return Refused(
                act=command.act, province=command.province, code=receipt.code
            )
        case Answered.PENDING:
            return None
