"""Cases to write into the store: the real decider, without the coordinator."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

from hub.audit.chain import Draft
from hub.following.case import decide, open_case
from hub.following.decision import Decision
from hub.following.ports import Written
from tests.following.case_samples import AT, POWERS, opened


def new_worker():
    return str(uuid.UUID(bytes=secrets.token_bytes(16)))


def opening(event=None, /, **more):
    """Open a case as one ``Written``; ``more`` are fields of both."""
    own = {name: more.pop(name) for name in _OWN if name in more}
    given = {"no": secrets.token_hex(8), "workers": frozenset({new_worker()})}
    event = event or opened(**(given | more))
    decision = open_case(event)
    assert isinstance(decision, Decision), decision
    return _written(event, decision, own)


def going_on(before, event, **own):
    """Make of a case, or of a ``Written``, what an event makes of it."""
    case = before.case if isinstance(before, Written) else before
    decision = decide(case, event, POWERS)
    assert isinstance(decision, Decision), decision
    return _written(event, decision, own)


_OWN = ("told", "next_at", "due_on", "cooperation", "acting", "act", "audit")


def _written(event, decision, own):
    own = {"told": decision.told, "audit": (draft(),)} | own
    return Written(case=decision.case, event=event, **own)


def draft():
    return Draft(AT, "following:case:written", "", b'{"v":1}')


def later(hours):
    return AT + timedelta(hours=hours)
