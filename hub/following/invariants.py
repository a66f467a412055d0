"""Decider: what must hold of a case in every state and at every step.

RULEBOOK §1, §3, §6: one lead at every instant, a role is kept, nobody does what the
table of roles does not give, first touch stays, nothing is open in what has ended, and
``decide`` does what the table of states says. Each function tells what is broken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.following.case import deed_of, standing_notices
from hub.following.case_events import ClockPassed
from hub.following.decision import Decision, Silent
from hub.following.facts import LED
from hub.following.lead_events import (
    Accepted,
    FollowedUp,
    LimitPassed,
    MembershipMoved,
    TakenOver,
)
from hub.following.roles import standings
from hub.following.states import STATES, Effect
from schema.records.case import ENDED, CaseState
from schema.records.case_powers import Party, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.following.case_events import Event
    from hub.following.roles import Powers
    from schema.records.case import Case
    from schema.records.case_task import Seat
    from schema.records.refusal import Refusal

    #: The decider, or a broken one that a test gives.
    Decide = Callable[[Case, Event, Powers], Decision | Refusal | Silent]
    #: Who stands above a union.
    Above = Callable[[Seat], Seat | None]


def of_step(
    before: Case, event: Event, decision: Decision, powers: Powers
) -> Iterator[str]:
    """Hold one step to the invariants."""
    after = decision.case
    name = f"{before.state} –{type(event).__name__}→ {after.state}"
    for broken in (
        *_of_identity(before, after),
        *_of_roles(before, after, event),
        *_of_clock(after, event),
        *_of_ground(before, event),
        *_of_powers(before, event, powers),
    ):
        yield f"{name}: {broken}"


def _of_identity(before: Case, after: Case) -> Iterator[str]:
    if after.seq != before.seq + 1:
        yield "the event is not counted"
    if before.state in ENDED:
        yield "what is ended goes on"
    if after.first_touch_on != before.first_touch_on:
        yield "first touch moves"
    if (after.no, after.workers) != (before.no, before.workers):
        yield "it is another case"
    if {task.no for task in before.tasks} - {task.no for task in after.tasks}:
        yield "a task is lost"
    if after.milestones[: len(before.milestones)] != before.milestones:
        yield "the past is changed"


def _of_roles(before: Case, after: Case, event: Event) -> Iterator[str]:
    kept = {(one.role, one.seat) for one in after.held}
    for one in before.held:
        if one.role is not Role.LEAD and (one.role, one.seat) not in kept:
            yield f"{one.seat.union} loses {one.role}"
    if before.lead not in {seat for _, seat in kept}:
        yield "the old lead is shut out"
    taken = isinstance(event, Accepted | TakenOver) and event.by == after.lead
    if after.lead != before.lead and not taken:
        yield "the lead moves, and nobody took it"
    if isinstance(event, MembershipMoved):
        same = msgspec.structs.replace(after, held=before.held, seq=before.seq)
        if same != before:
            yield "a membership moves, and more than a follower is new"


def _of_clock(after: Case, event: Event) -> Iterator[str]:
    """A clock that escalates has the union above asked: now, or once it can be."""
    if not isinstance(event, ClockPassed) or event.superior is None:
        return
    for due in after.dues:
        if (due.clock, due.about) == (event.clock, event.about) and due.escalates:
            asked = after.state is CaseState.ESCALATED and after.asked is not None
            if not (asked or due.unasked):
                yield "a clock passed, and the union above is never asked"


def _of_ground(before: Case, event: Event) -> Iterator[str]:
    """上代下 is by what others did: no office makes the ground on which it takes over."""
    if isinstance(event, TakenOver) and event.office == before.ground_office:
        yield f"{event.office} takes over by its own ground"


def _of_powers(before: Case, event: Event, powers: Powers) -> Iterator[str]:
    by = getattr(event, "by", None)
    if by is None:
        return
    deed = deed_of(before, event)  # type: ignore[arg-type]
    parties = standings(before, by)
    above = (Party.SUPERIOR,) if isinstance(event, FollowedUp) else ()
    if not any(powers.may(party, deed) for party in (*parties, *above)):
        yield f"{by.union} does {deed}, which the table does not give"


def of_standing(
    case: Case, powers: Powers, decided_by: Decide, above: Above
) -> Iterator[str]:
    """Hold one standing to the invariants and to the table of states."""
    yield from (f"{case.state}: {broken}" for broken in _of_lead(case))
    waits = STATES[case.state].wait is not None
    if case.state in ENDED:
        yield from _of_end(case)
    else:
        if waits:
            yield from _of_wait(case, powers, decided_by, above)
        yield from _of_unasked(case, powers, decided_by, above)
    if len(standing_notices(case)) < len(case.open_tasks) + waits:
        yield f"{case.state}: something waits, and nobody is told"


def _of_lead(case: Case) -> Iterator[str]:
    state = STATES[case.state]
    if sum(one.role is Role.LEAD for one in case.held) != 1:
        yield "not one lead"
    if len({(one.role, one.seat) for one in case.held}) != len(case.held):
        yield "a role is held twice"
    if (case.asked is not None) != (state.wait is not None):
        yield f"asked is {case.asked}"
    if not (case.accepted or state.unaccepted):
        yield "nobody has accepted the lead"
    if case.file_province != case.lead.province:
        yield "the file is not with the lead"


def _of_end(case: Case) -> Iterator[str]:
    if case.open_tasks:
        yield f"{case.state}: a task is open"
    if (case.result is not None) != (case.state is CaseState.CLOSED):
        yield f"{case.state}: the result is {case.result}"


def _of_unasked(
    case: Case, powers: Powers, decided_by: Decide, above: Above
) -> Iterator[str]:
    """What was missed before it was settled who leads is asked when it is."""
    superior = above(case.lead)
    for due in case.dues:
        if not due.unasked or case.state not in LED or superior is None:
            continue
        assert due.due_on is not None, "its day passed"  # noqa: S101
        passed = ClockPassed(
            at=case.held[0].since, clock=due.clock, about=due.about,
            due_on=due.due_on, superior=superior,
        )  # fmt: skip
        answer = decided_by(case, passed, powers)
        if not isinstance(answer, Decision) or answer.case.asked != superior:
            yield f"{case.state}: a clock was missed before, and nobody above is asked"


def _of_wait(
    case: Case, powers: Powers, decided_by: Decide, above: Above
) -> Iterator[str]:
    """Where it waits, a passed limit has the effect of the table, and no other."""
    assert case.asked is not None, "looked at before"  # noqa: S101
    superior, at = above(case.asked), case.held[0].since
    passed = LimitPassed(at=at, since=case.since, superior=superior)
    answer = decided_by(case, passed, powers)
    effect = STATES[case.state].effect
    if effect is Effect.KEEP:
        expected = CaseState.OPEN
    else:
        expected = case.state if superior is None else CaseState.ESCALATED
    found = answer.case.state if isinstance(answer, Decision) else case.state
    done = isinstance(answer, Decision) or (case.overdue and superior is None)
    if found is not expected or not done:
        yield f"{case.state}: a passed limit leads to {found}, not to {effect}"
    stale = msgspec.structs.replace(passed, since=case.since - 1)
    if not isinstance(decided_by(case, stale, powers), Silent):
        yield f"{case.state}: the limit of a wait that is over does something"
