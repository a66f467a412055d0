"""Transfers to write into the store: the real saga, without the coordinator."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime, timedelta

from hub.audit.chain import Draft
from hub.transfer.decision import Decision
from hub.transfer.events import Done, LimitPassed, Opened
from hub.transfer.ports import Written
from hub.transfer.saga import decide, open_saga
from schema.records.command import Act, Command
from schema.records.transfer import ENDED, Basis, Milestone, Step, Transfer

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


def new_worker():
    return str(uuid.UUID(bytes=secrets.token_bytes(16)))


def opened(transfer=None, worker=None, *, at=NOON, acting="", batch="", **other):
    """Open a transfer from union U (63) to union V (44), as one ``Written``."""
    transfer = transfer or secrets.token_hex(16)
    extra = {
        name: other.pop(name)
        for name in ("credential", "link", "act", "due_at", "target_at")
        if name in other
    }
    event = Opened(
        **{
            "worker": worker or new_worker(),
            "basis": Basis.REQUEST,
            "membership_no": "M-1",
            "from_union": "U",
            "from_province": "63",
            "from_local_id": "Q1",
            "to_union": "V",
            "to_province": "44",
            "to_local_id": None,
            "fallback_union": "F",
            "fallback_province": "63",
            "fallback_local_id": "Q1",
            "office": "V",
            "credential": extra.get("credential", ""),
            "batch": batch,
        }
        | other
    )
    decision = open_saga(event)
    assert isinstance(decision, Decision)
    return _written(
        transfer,
        event,
        decision,
        begun=at,
        step=Step.OPENED,
        at=at,
        acting=acting,
        extra=extra,
    )


def moved(before, event, *, at=None, step=Step.OUT_REGISTERED, acting="", **extra):
    """Make of a ``Standing`` or ``Written`` what an event makes of it."""
    decision = decide(before.saga, event)
    assert isinstance(decision, Decision), decision
    at = at or before.transfer.changed_at + timedelta(minutes=1)
    begun = before.transfer.opened_at
    return _written(
        before.transfer.id,
        event,
        decision,
        begun=begun,
        step=step,
        at=at,
        acting=acting,
        extra=extra,
    )


def done(act, province, **other):
    return Done(act=Act(act), province=province, entry="E-1", **other)


def to_the_end(first):
    """Take a request that was opened all its way; each ``Written`` of it."""
    out = moved(first, done("REGISTER_OUT", "63"))
    came = moved(out, done("REGISTER_IN", "44"), step=Step.IN_REGISTERED)
    ended = moved(came, done("COMPLETE_OUT", "63"), step=Step.OUT_COMPLETED)
    assert ended.transfer.state in ENDED
    return [out, came, ended]


def limit_passed(before):
    return LimitPassed(since=before.saga.since)


def _written(transfer, event, decision, *, begun, step, at, acting, extra):
    saga = decision.saga
    one = saga.opened
    milestone = Milestone(
        seq=saga.seq, at=at, step=step, state=saga.state, home=saga.home
    )
    stands = Transfer(
        id=transfer,
        worker=one.worker,
        basis=one.basis,
        state=saga.state,
        home=saga.home,
        home_province=saga.home_province,
        owner=saga.home,
        membership_no=one.membership_no,
        from_union=one.from_union,
        from_province=one.from_province,
        to_union=saga.to_union,
        to_province=saga.to_province,
        opened_at=begun,
        changed_at=at,
        overdue=saga.overdue,
        batch=one.batch or None,
        ended_at=at if saga.state in ENDED else None,
    )
    commands = tuple(
        Command(
            key=f"{transfer}:{asked.act}",
            act=asked.act,
            transfer=transfer,
            province=asked.province,
            local_id=asked.local_id,
            membership_no=one.membership_no,
            union=asked.union,
            counterpart_union=asked.counterpart_union,
            counterpart_province=asked.counterpart_province,
            on=at.date(),
            landing=asked.landing,
            reason=asked.reason,
        )
        for asked in decision.asked
    )
    return Written(
        transfer=stands,
        saga=saga,
        milestone=milestone,
        event=event,
        commands=commands,
        audit=Draft(at, f"transfer:{step.lower()}", one.worker, b'{"v":1}'),
        acting=acting,
        **extra,
    )
