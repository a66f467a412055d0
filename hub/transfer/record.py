"""Decider: what an event made of a transfer → what is written of it."""

from __future__ import annotations

from datetime import date, datetime
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
from schema.records.command import Act, Command
from schema.records.keys import LocalKey, ProvinceCode
from schema.records.transfer import ENDED, Milestone, Step, Transfer

if TYPE_CHECKING:
    from hub.transfer.decision import Asked, Decision, Saga
    from hub.transfer.limits import Limits

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
        before: As it stood, with the limits of its wait; none if it is opened.
        event: What happened.
        actor: Who acted; ``hub.acting.actor.HUB`` for registers and limits.
        acting: Key of the caller's act, as it is kept.
        act: Fingerprint of the caller's act.
    """

    id: str
    before: Standing | None
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
    limit = _limit(happened.before, saga, province, now, limits)
    transfer = _view(happened, saga, responsible, now, limit)
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
        dropped=tuple(_key(transfer.id, act) for act in decision.dropped),
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
        due_at=limit.due_at,
        target_at=limit.target_at,
    )


class _Limit(msgspec.Struct, frozen=True):
    """By when the wait is to end; nothing where nobody waits."""

    rule: str = ""
    respond_by: date | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    target_at: datetime | None = None


def _limit(
    before: Standing | None,
    saga: Saga,
    province: ProvinceCode,
    now: datetime,
    limits: Limits,
) -> _Limit:
    """Say by when the wait ends: a wait that goes on keeps its limit and its target."""
    if saga.state in ENDED:
        return _Limit()
    if before is not None and before.saga.since == saga.since:
        kept = before.transfer
        return _Limit(
            kept.rule, kept.respond_by, kept.due_on, before.due_at, before.target_at
        )
    due = limits.due(wait_of(saga), province, now)
    return _Limit(due.rule, due.respond_by, due.due_on, due.due_at, due.target_at)


def standing(one: Written) -> Standing:
    """See what is written as what the next event of the same group finds."""
    return Standing(one.transfer, one.saga, one.due_at, one.target_at)


def _view(
    happened: Happened, saga: Saga, owner: str, now: datetime, limit: _Limit
) -> Transfer:
    opened = saga.opened
    before = None if happened.before is None else happened.before.transfer
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
        opened_at=now if before is None else before.opened_at,
        changed_at=now,
        respond_by=limit.respond_by,
        due_on=limit.due_on,
        rule=limit.rule,
        overdue=saga.overdue,
        batch=opened.batch or None,
        ended_at=_ended_at(before, saga, now),
    )


def _ended_at(before: Transfer | None, saga: Saga, now: datetime) -> datetime | None:
    """Tell when it ended; what a register still owed afterwards changes nothing of it."""
    if saga.state not in ENDED:
        return None
    return now if before is None or before.ended_at is None else before.ended_at


def _key(transfer: str, act: Act) -> str:
    """Name a command: a transfer asks for each act once at most."""
    return f"{transfer}:{act}"


def _command(transfer: str, asked: Asked, membership_no: str, today: date) -> Command:
    return Command(
        key=_key(transfer, asked.act),
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
