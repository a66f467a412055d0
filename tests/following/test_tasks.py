"""A co-handling task: each way through it, and that no message has to come in time."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.following import task_refusals as refusals
from hub.following.decision import Silent, TaskDecision
from hub.following.refusals import about
from hub.following.task_events import (
    Acknowledged,
    Answered,
    AskedAgain,
    Extended,
    Rated,
    TaskClosed,
    TaskLimitPassed,
    TaskRefused,
)
from hub.following.tasks import (
    WAITS_FOR_CO_HANDLER,
    WAITS_FOR_LEAD,
    assign,
    decide,
    standing,
)
from schema.records.case_notice import Notice, NoticeKind
from schema.records.case_task import TaskKind, TaskLimit, TaskState
from schema.records.refusal import Refusal
from tests.following.case_samples import DAY, HOME, PAPER, PLACE, TODAY, TOP

T, N = TaskState, NoticeKind
SEEN_BY, ANSWER_BY = TODAY + 2 * DAY, TODAY + 14 * DAY
LATER = ANSWER_BY + 14 * DAY
SEEN = Acknowledged(round=1)
ANSWER = Answered(round=1, answer=(PAPER,))
MORE_TIME = Extended(round=1, answer_by=LATER, reason="FAR_AWAY")
CANNOT = TaskRefused(round=1, reason="MOVED")
AGAIN = AskedAgain(round=1, acknowledge_by=LATER, answer_by=LATER + 10 * DAY)
DONE = TaskClosed(round=1)
UNSEEN = TaskLimitPassed(round=1, limit=TaskLimit.ACKNOWLEDGE, due_on=SEEN_BY)
UNANSWERED = TaskLimitPassed(round=1, limit=TaskLimit.ANSWER, due_on=ANSWER_BY)
EVERYTHING = (SEEN, ANSWER, MORE_TIME, CANNOT, AGAIN, DONE, UNSEEN, UNANSWERED)


def new():
    return assign("t1", TaskKind.VISIT_FAMILY, HOME, (SEEN_BY, ANSWER_BY), TODAY)


def after(*events):
    decision = new()
    for event in events:
        decision = decide(decision.task, event, PLACE, TODAY)
        assert isinstance(decision, TaskDecision), (event, decision)
    return decision


def told(*events):
    return [(notice.kind, notice.to) for notice in after(*events).told]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), T.ASSIGNED),
        ((SEEN,), T.ACKNOWLEDGED),
        ((SEEN, ANSWER), T.ANSWERED),
        ((ANSWER,), T.ANSWERED),
        ((CANNOT,), T.REFUSED),
        ((MORE_TIME,), T.ACKNOWLEDGED),
        ((SEEN, MORE_TIME, ANSWER, DONE), T.CLOSED),
        ((DONE,), T.CLOSED),
        ((UNSEEN, UNANSWERED, ANSWER, DONE), T.CLOSED),
        ((CANNOT, AGAIN), T.ASSIGNED),
        ((ANSWER, AGAIN), T.ASSIGNED),
    ],
    ids=range(11),
)
def test_a_task_goes_its_way(events, state):
    assert after(*events).task.state is state


def test_whoever_has_to_know_is_told():
    assert told() == [(N.TASK_GIVEN, HOME)]
    assert told(SEEN) == []
    assert told(ANSWER) == [(N.TASK_ANSWERED, PLACE)]
    assert told(CANNOT) == [(N.TASK_REFUSED, PLACE)]
    assert told(MORE_TIME) == [(N.TASK_EXTENDED, PLACE)]
    assert told(ANSWER, AGAIN) == [(N.TASK_GIVEN, HOME)]
    assert told(DONE) == [(N.TASK_CLOSED, HOME)]
    assert told(UNSEEN) == [(N.TASK_LATE, HOME), (N.TASK_LATE, PLACE)]
    escalates = replace(UNSEEN, superior=TOP)
    assert told(escalates) == [(N.TASK_LATE, one) for one in (HOME, PLACE, TOP)]
    assert told(replace(UNSEEN, superior=PLACE)) == told(UNSEEN)


def test_an_extension_moves_the_day_and_what_was_late_is_not_late_any_more():
    late = after(UNSEEN, UNANSWERED).task
    extended = after(UNSEEN, UNANSWERED, MORE_TIME).task

    assert late.late == set(TaskLimit)
    assert extended.answer_by == LATER
    assert extended.late == {TaskLimit.ACKNOWLEDGE}
    assert decide(extended, UNANSWERED, PLACE, TODAY) == Silent()


def test_asking_again_begins_a_round_of_its_own():
    again = after(ANSWER, AGAIN).task

    assert (again.round, again.answer, again.late) == (2, (), frozenset())
    assert (again.acknowledge_by, again.answer_by) == (LATER, LATER + 10 * DAY)
    for event in (SEEN, ANSWER, MORE_TIME, CANNOT, DONE, UNSEEN):
        assert decide(again, event, PLACE, TODAY) == Silent()


SOON = Extended(round=1, answer_by=ANSWER_BY, reason="r")
EVEN_LATER = Extended(round=1, answer_by=LATER + DAY, reason="r")
OTHER_ANSWER = Answered(round=1, answer=())
TOO_EARLY = AskedAgain(round=1, acknowledge_by=TODAY - DAY, answer_by=LATER)
CROSSED = AskedAgain(round=1, acknowledge_by=LATER, answer_by=TODAY)


@pytest.mark.parametrize(
    ("events", "act", "why"),
    [
        ((ANSWER,), OTHER_ANSWER, refusals.ANSWERED_ALREADY),
        ((ANSWER,), CANNOT, refusals.ANSWERED_ALREADY),
        ((ANSWER,), MORE_TIME, refusals.ANSWERED_ALREADY),
        ((CANNOT,), ANSWER, refusals.REFUSED_ALREADY),
        ((DONE,), ANSWER, refusals.TASK_CLOSED),
        ((DONE,), AGAIN, refusals.TASK_CLOSED),
        ((), AGAIN, refusals.NOT_ANSWERED),
        ((MORE_TIME,), EVEN_LATER, refusals.EXTENDED_ALREADY),
        ((), SOON, about(refusals.NOT_LATER, day=ANSWER_BY)),
        ((ANSWER,), TOO_EARLY, refusals.ORDER_OF_DAYS),
        ((ANSWER,), CROSSED, refusals.ORDER_OF_DAYS),
        ((), Acknowledged(round=2), about(refusals.OTHER_ROUND, round=2)),
    ],
    ids=range(12),
)
def test_what_cannot_be_is_refused_in_words(events, act, why):
    refused = decide(after(*events).task, act, PLACE, TODAY)

    assert refused == why
    assert "{" not in refused.message.zh + refused.remedy.en


def test_days_of_a_task_are_in_order():
    kind = TaskKind.SERVE_PAPERS

    for limits in ((ANSWER_BY, SEEN_BY), (TODAY - DAY, ANSWER_BY)):
        assert assign("t", kind, HOME, limits, TODAY) == refusals.ORDER_OF_DAYS


def test_an_extension_does_not_end_before_today():
    long_after = TODAY + timedelta(days=400)

    assert isinstance(decide(new().task, MORE_TIME, PLACE, long_after), Refusal)


@pytest.mark.parametrize("limit", [UNSEEN, UNANSWERED])
def test_a_limit_of_another_day_does_nothing(limit):
    other = type(limit)(round=1, limit=limit.limit, due_on=TODAY)

    assert decide(new().task, other, PLACE, TODAY) == Silent()
    assert decide(after(limit).task, limit, PLACE, TODAY) == Silent()
    assert decide(after(ANSWER).task, limit, PLACE, TODAY) == Silent()


ROUNDS = st.integers(1, 3)
ANY_EVENT = st.one_of(
    st.builds(Acknowledged, round=ROUNDS),
    st.builds(Answered, round=ROUNDS, answer=st.sampled_from([(), (PAPER,)])),
    st.builds(
        Extended, round=ROUNDS, reason=st.just("r"),
        answer_by=st.sampled_from([LATER, LATER + 30 * DAY]),
    ),
    st.builds(TaskRefused, round=ROUNDS, reason=st.sampled_from("ab")),
    st.builds(
        AskedAgain, round=ROUNDS, acknowledge_by=st.just(LATER),
        answer_by=st.just(LATER + 10 * DAY),
    ),
    st.builds(TaskClosed, round=ROUNDS),
    st.builds(Rated, round=ROUNDS, timeliness=st.just(4), effort=st.just(2)),
    st.builds(
        TaskLimitPassed, round=ROUNDS, limit=st.sampled_from(TaskLimit),
        due_on=st.sampled_from([SEEN_BY, ANSWER_BY, LATER]),
    ),
)  # fmt: skip


@given(st.lists(ANY_EVENT, max_size=25))
def test_what_was_done_once_is_not_done_again_however_late_it_comes_again(events):
    task, done = new().task, []
    for event in events:
        answer = decide(task, event, PLACE, TODAY)
        if isinstance(answer, TaskDecision):
            assert answer.task != task
            task = answer.task
            done.append(event)
        for earlier in done:
            again = decide(task, earlier, PLACE, TODAY)
            assert not isinstance(again, TaskDecision), earlier


@given(st.lists(ANY_EVENT, max_size=25), st.randoms(use_true_random=False))
def test_a_union_that_was_out_of_reach_misses_nothing(events, random):
    """Whoever must act is told as long as they must, and by the same key each time."""
    task, first = new().task, set(new().told)
    for event in events:
        answer = decide(task, event, PLACE, TODAY)
        if isinstance(answer, TaskDecision):
            task = answer.task
            assert not first & set(answer.told), "each notice has a key of its own"
            first |= set(answer.told)
        waiting = standing(task, PLACE)
        if task.state is T.CLOSED:
            assert waiting is None
            continue
        assert waiting in first, "what is told again is what was told"
        whose = HOME if task.state in WAITS_FOR_CO_HANDLER else PLACE
        assert waiting.to == whose
        assert (task.state in WAITS_FOR_LEAD) is (whose == PLACE)
        # All notices so far may be lost: this one, by itself, lets the task go on.
        if random.random() < 0.3:
            way_on = TaskClosed(round=task.round)
            if whose == HOME:
                way_on = Answered(round=task.round, answer=(PAPER,))
            assert isinstance(decide(task, way_on, PLACE, TODAY), TaskDecision)


def test_a_notice_has_one_key_for_ever():
    notice = Notice(N.TASK_GIVEN, HOME, "t1.1")

    assert notice.key("c") == "c:TASK_GIVEN:home-union:t1.1"


@pytest.mark.parametrize("event", EVERYTHING, ids=range(len(EVERYTHING)))
def test_every_state_answers_every_event(event):
    standings = {after(*e).task for e in ((), (SEEN,), (ANSWER,), (CANNOT,), (DONE,))}

    assert {task.state for task in standings} == set(T)
    for task in standings:
        answer = decide(task, event, PLACE, TODAY)
        assert isinstance(answer, TaskDecision | Refusal | Silent)


def test_a_task_is_rated_once_in_a_round_and_not_before_it_was_answered():
    rated = Rated(round=1, timeliness=4, effort=5)

    assert decide(new().task, rated, PLACE, TODAY).code == "NOTHING_TO_RATE"
    assert decide(after(SEEN).task, rated, PLACE, TODAY).code == "NOTHING_TO_RATE"
    assert decide(after(DONE).task, rated, PLACE, TODAY).code == "NOTHING_TO_RATE"
    for events in ((ANSWER,), (CANNOT,), (ANSWER, DONE), (CANNOT, DONE)):
        found = decide(after(*events).task, rated, PLACE, TODAY)
        assert found == TaskDecision(
            msgspec.structs.replace(after(*events).task, rated=True)
        )
        assert decide(found.task, rated, PLACE, TODAY).code == "RATED_ALREADY"


@pytest.mark.parametrize("mark", [-1, 0, 6, 99, 2**31 - 1])
def test_a_rating_is_from_one_to_five(mark):
    answered = after(ANSWER).task
    for marks in ({"timeliness": mark, "effort": 1}, {"timeliness": 5, "effort": mark}):
        refused = decide(answered, Rated(round=1, **marks), PLACE, TODAY)
        assert refused.code == "RATING_UNUSABLE"
