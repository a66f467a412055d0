"""The whole state graph of cases: looked at, held to its invariants, and drawn."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from msgspec.structs import replace

from hub.following.case import _DECIDED, DEEDS, decide, deed_of
from hub.following.case_events import (
    ActOfUnion,
    ClockPassed,
    Closed,
    Event,
    OnTask,
    TaskAssigned,
    Withdrawn,
)
from hub.following.decision import Decision, Silent
from hub.following.lead_events import (
    Accepted,
    Declined,
    FollowedUp,
    Forwarded,
    HandOverOffered,
    LimitPassed,
    MembershipMoved,
    TakenOver,
)
from hub.following.model import events, explore
from hub.following.picture import picture
from hub.following.states import STATES, StatesMistake, check
from schema.records.case import ENDED, CaseState
from schema.records.case_powers import Role
from tests.following.case_samples import POWERS, running

S = CaseState


@pytest.fixture(scope="module")
def graph():
    """All ways that there are: explored by whoever asks, not by all who collect."""
    return explore(POWERS)


def test_every_invariant_holds_in_every_standing(graph):
    assert graph.broken == ()
    assert graph.standings > 500
    assert {edge.end for edge in graph.edges} == set(S)


def test_every_event_is_decided_and_asked_of_the_model():
    kinds = set(get_args(Event))

    assert set(_DECIDED) == kinds
    assert {type(event) for event in events(running())} == kinds
    assert set(DEEDS) | {Forwarded, TaskAssigned, OnTask} == set(get_args(ActOfUnion))


def test_every_act_of_the_model_is_refused_to_those_whom_the_table_does_not_name():
    case = running()
    refused = 0
    for event in events(case):
        if not isinstance(event, ActOfUnion) or isinstance(event, FollowedUp):
            continue
        roles = {one.role for one in case.held if one.seat == event.by}
        if not POWERS.any_may(roles, deed_of(case, event)):
            answer = decide(case, event, POWERS)
            refused += 1
            assert answer.code in {"ROLE_MAY_NOT", "NO_GROUND_TO_TAKE_OVER"}
            assert answer.message.zh
            assert "{" not in answer.message.en + answer.remedy.zh
    assert refused > 50


def changed(decision, **facts):
    if not isinstance(decision, Decision):
        return decision
    return replace(decision, case=replace(decision.case, **facts))


def headless(case, event, powers):
    decision = decide(case, event, powers)
    held = tuple(one for one in case.held if one.role is not Role.LEAD)
    if isinstance(event, TaskAssigned):
        two = (case.held[0], *held, replace(case.held[0], seat=event.to))
        return changed(decision, held=two)
    return decision


def forgets_the_old_lead(case, event, powers):
    decision = decide(case, event, powers)
    if isinstance(decision, Decision) and isinstance(event, Accepted):
        lead = decision.case.lead
        return changed(
            decision, held=tuple(h for h in decision.case.held if h.seat == lead)
        )
    return decision


def seizes(case, event, powers):
    if isinstance(event, TakenOver) and case.state is S.OPEN:
        escalated = replace(case, state=S.ESCALATED, asked=event.by)
        return decide(escalated, event, powers)
    return decide(case, event, powers)


def gives_without_acceptance(case, event, powers):
    decision = decide(case, event, powers)
    if isinstance(decision, Decision) and isinstance(event, HandOverOffered):
        lead = replace(case.held[0], seat=event.to)
        return changed(decision, held=(lead, *case.held[1:]))
    return decision


def meddles(case, event, powers):
    decision = decide(case, event, powers)
    if isinstance(event, MembershipMoved):
        return changed(decision, green=True)
    return decision


def closes_over_tasks(case, event, powers):
    if isinstance(event, Closed):
        cut = decide(replace(case, tasks=()), event, powers)
        return changed(cut, tasks=case.tasks)
    return decide(case, event, powers)


def withdraws_over_tasks(case, event, powers):
    decision = decide(case, event, powers)
    if isinstance(event, Withdrawn):
        return changed(decision, tasks=case.tasks)
    return decision


def loses_tasks(case, event, powers):
    decision = decide(case, event, powers)
    if isinstance(event, Declined):
        return changed(decision, tasks=())
    return decision


def deaf_to_limits(case, event, powers):
    if isinstance(event, LimitPassed):
        return Silent()
    return decide(case, event, powers)


def takes_by_its_own_ground(case, event, powers):
    if isinstance(event, TakenOver):
        return decide(replace(case, ground_office=""), event, powers)
    return decide(case, event, powers)


def forgets_to_ask(case, event, powers):
    """As it was: a clock that passed while the case was routed had no effect."""
    decision = decide(case, event, powers)
    if isinstance(event, ClockPassed) and isinstance(decision, Decision):
        dues = tuple(replace(one, unasked=False) for one in decision.case.dues)
        return changed(decision, dues=dues)
    return decision


def asks_of_fresh_clocks_alone(case, event, powers):
    stale = isinstance(event, ClockPassed) and any(one.missed for one in case.dues)
    return Silent() if stale else decide(case, event, powers)


def hears_old_limits(case, event, powers):
    if isinstance(event, LimitPassed):
        event = replace(event, since=case.since)
    return decide(case, event, powers)


def never_ends(case, event, powers):
    if isinstance(event, Closed | Withdrawn):
        return Silent()
    return decide(case, event, powers)


def wakes_the_ended(case, event, powers):
    if case.state in ENDED and isinstance(event, LimitPassed):
        return Decision(replace(case, seq=case.seq + 1))
    return decide(case, event, powers)


def forgets_to_count(case, event, powers):
    return changed(decide(case, event, powers), seq=case.seq)


def touched_anew(case, event, powers):
    decision = decide(case, event, powers)
    if isinstance(event, TakenOver):
        return changed(decision, first_touch_on=event.at.date().replace(day=2))
    return decision


def leaves_the_file(case, event, powers):
    decision = decide(case, event, powers)
    if isinstance(event, Accepted):
        return changed(decision, file_province=case.file_province)
    return decision


def takes_another_worker(case, event, powers):
    return changed(decide(case, event, powers), workers=frozenset({"x"}))


def rewrites_the_past(case, event, powers):
    return changed(decide(case, event, powers), milestones=())


def gives_a_role_twice(case, event, powers):
    return changed(decide(case, event, powers), held=(*case.held, case.held[-1]))


def asks_for_ever(case, event, powers):
    decision = decide(case, event, powers)
    accepted = isinstance(event, Accepted)
    return changed(decision, asked=event.by) if accepted else decision


def leads_for_nobody(case, event, powers):
    decision = decide(case, event, powers)
    accepted = isinstance(event, Accepted)
    return changed(decision, accepted=False) if accepted else decision


def no_result(case, event, powers):
    decision = decide(case, event, powers)
    return changed(decision, result=None) if isinstance(event, Closed) else decision


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (headless, "not one lead"),
        (forgets_the_old_lead, "the old lead is shut out"),
        (forgets_the_old_lead, "loses CO_HANDLER"),
        (seizes, "does TAKE_OVER, which the table does not give"),
        (gives_without_acceptance, "the lead moves, and nobody took it"),
        (meddles, "more than a follower"),
        (closes_over_tasks, "CLOSED: a task is open"),
        (withdraws_over_tasks, "WITHDRAWN: a task is open"),
        (loses_tasks, "a task is lost"),
        (deaf_to_limits, "a passed limit leads to"),
        (takes_by_its_own_ground, "takes over by its own ground"),
        (forgets_to_ask, "the union above is never asked"),
        (asks_of_fresh_clocks_alone, "missed before, and nobody above is asked"),
        (hears_old_limits, "the limit of a wait that is over"),
        (never_ends, "a case may get stuck"),
        (never_ends, "OPEN → CLOSED: in the table or by decide only"),
        (wakes_the_ended, "what is ended goes on"),
        (forgets_to_count, "the event is not counted"),
        (touched_anew, "first touch moves"),
        (leaves_the_file, "the file is not with the lead"),
        (takes_another_worker, "it is another case"),
        (rewrites_the_past, "the past is changed"),
        (gives_a_role_twice, "a role is held twice"),
        (asks_for_ever, "OPEN: asked is"),
        (leads_for_nobody, "OPEN: nobody has accepted the lead"),
        (no_result, "CLOSED: the result is None"),
    ],
)
def test_a_broken_decider_is_found(broken, said):
    found = explore(POWERS, broken).broken

    assert any(re.search(said, line) for line in found), found


@pytest.mark.parametrize(
    ("state", "change"),
    [
        (S.OPEN, {"acts": None}),
        (S.CLOSED, {"leads_to": frozenset({S.OPEN})}),
        (S.ROUTED, {"leads_to": frozenset()}),
        (S.ROUTED, {"wait": None}),
        (S.ESCALATED, {"effect": None}),
        (S.OPEN, {"wait": STATES[S.ROUTED].wait}),
    ],
    ids=range(6),
)
def test_a_table_of_states_that_cannot_be_is_not_imported(state, change):
    with pytest.raises(StatesMistake, match=state):
        check({**STATES, state: replace(STATES[state], **change)})


def test_a_state_that_is_not_in_the_table_is_found():
    with pytest.raises(StatesMistake, match="OPEN"):
        check({name: s for name, s in STATES.items() if name is not S.OPEN})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_picture_has_every_state_and_way(language, graph):
    drawn = picture(graph, language)

    for edge in graph.edges:
        arrow = f"{edge.start or '[*]'} --> {edge.end} : "
        assert (arrow in drawn) is (edge.start is not edge.end)
    for state in S:
        assert f"as {state}\n" in drawn
    assert " : \n" not in drawn
