"""What a case becomes: each way of the lead, each kind of work, and each refusal."""

from __future__ import annotations

import time
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.following import clock_refusals, refusals
from hub.following.case import decide, open_case, standing_notices
from hub.following.case_events import (
    ClockPassed,
    Closed,
    DocumentAdded,
    Event,
    SubCaseEnded,
    SubCaseOpened,
    TaskOverdue,
    Withdrawn,
)
from hub.following.decision import Decision, Silent
from hub.following.lead_events import (
    Accepted,
    Declined,
    FollowedUp,
    Forwarded,
    HandOverOffered,
    HandOverRecalled,
    LeftBelow,
    LimitPassed,
    MembershipMoved,
    ReportedUp,
    TakenOver,
)
from hub.following.model import events as every_event
from hub.following.task_events import (
    Acknowledged,
    Answered,
    TaskClosed,
    TaskLimitPassed,
)
from schema.records.case import (
    ActKind,
    Case,
    CaseState,
    Ground,
    Outcome,
    Result,
    Step,
    SubCaseKind,
)
from schema.records.case_notice import NoticeKind
from schema.records.case_task import TaskLimit, TaskState
from schema.records.clock import Phase
from schema.records.refusal import Refusal
from tests.following.case_samples import (
    ABOVE,
    ACCEPTED,
    AT,
    DAY,
    HOME,
    NEWCOMER,
    OTHER,
    PAPER,
    PLACE,
    POWERS,
    TODAY,
    TOP,
    TOUCHED,
    act,
    after,
    answer,
    by,
    due,
    fact,
    on_task,
    opened,
    running,
    stated,
    task,
    told,
)

S, N = CaseState, NoticeKind
DECLINED = by(PLACE, Declined, reason="NOT_COMPETENT", superior=ABOVE)
FORWARDED = by(PLACE, Forwarded, to=OTHER, reason="NOT_COMPETENT")
REPORTED = by(PLACE, ReportedUp, reason="EMPLOYER_REFUSES", superior=ABOVE)
OFFERED = by(PLACE, HandOverOffered, to=OTHER, reason="MOVED")
TAKEN = by(ABOVE, TakenOver)
LEFT = by(ABOVE, LeftBelow, reason="IN_HAND")
CLOSE = by(PLACE, Closed, result=Result(outcome=Outcome.FULFILLED, on=TODAY))
AID = by(PLACE, SubCaseOpened, no="s1", kind=SubCaseKind.LIVING_AID, to=OTHER)
GIVEN = by(OTHER, SubCaseEnded, no="s1", outcome="GIVEN")
ANSWERED = on_task(Answered(round=1, answer=(PAPER,)))
MOVED = MembershipMoved(at=AT, worker="w", to=NEWCOMER)


def limit(case, superior=None):
    return LimitPassed(at=AT, since=case.since, superior=superior)


def clock(days=5, name="superior-follow-up", superior=ABOVE):
    return ClockPassed(
        at=AT, clock=name, about="", due_on=TODAY + days * DAY, superior=superior
    )


def holding(case):
    return {(one.role.value, one.seat) for one in case.held}


# Opening and routing.


def test_an_intake_at_the_home_place_is_routed_and_led_meanwhile():
    decision = after()
    case = decision.case

    assert (case.state, case.asked, case.lead) == (S.ROUTED, PLACE, HOME)
    assert (case.accepted, case.file_province) == (False, "51")
    assert case.first_touch_on == TOUCHED.on
    assert holding(case) == {("LEAD", HOME), ("CO_HANDLER", HOME), ("FOLLOWER", HOME)}
    assert (N.ASKED_TO_LEAD, PLACE) in told(decision)
    assert (N.TELL_WORKER, HOME) in told(decision)


def test_an_intake_where_the_case_belongs_is_open():
    decision = after(first=opened(by=PLACE))

    assert (decision.case.state, decision.case.lead) == (S.OPEN, PLACE)
    assert decision.case.accepted
    assert set(told(decision)) == {(N.ROLE_GIVEN, HOME), (N.TELL_WORKER, PLACE)}


def test_a_station_that_takes_in_for_others_follows_afterwards():
    case = after(by(PLACE, Accepted), first=opened(by=OTHER)).case

    assert ("FOLLOWER", OTHER) in holding(case)
    assert ("CO_HANDLER", HOME) in holding(case)


def test_a_case_without_a_first_touch_or_with_one_to_come_is_not_opened():
    tomorrow = replace(TOUCHED, on=TODAY + DAY)

    assert open_case(opened(facts=())) == clock_refusals.UNKNOWN_FACT
    assert open_case(opened(facts=(tomorrow,))) == clock_refusals.FACT_IN_FUTURE


def test_the_day_is_that_of_china():
    night = AT + timedelta(hours=13)  # one o'clock of the next day, in China
    tomorrow = replace(TOUCHED, on=TODAY + DAY)

    assert isinstance(open_case(replace(opened(facts=(tomorrow,)), at=night)), Decision)


def test_whoever_accepts_leads_and_gets_the_file():
    decision = after(ACCEPTED)
    case = decision.case

    assert (case.state, case.lead, case.file_province) == (S.OPEN, PLACE, "44")
    assert case.held[0].ground is Ground.ROUTING
    assert {("CO_HANDLER", HOME), ("FOLLOWER", HOME)} < holding(case)
    assert set(told(decision)) == {
        (N.LEAD_CHANGED, HOME), (N.HAND_FILE_OVER, HOME), (N.TELL_WORKER, PLACE),
    }  # fmt: skip


def test_a_request_is_forwarded_but_not_round_in_circles():
    case = after(FORWARDED).case

    assert (case.state, case.asked, case.tried) == (S.ROUTED, OTHER, (PLACE,))
    back = by(OTHER, Forwarded, to=PLACE, reason="r")
    assert answer(case, back) == refusals.ASKED_BEFORE
    assert answer(case, replace(back, to=OTHER)) == refusals.SAME_UNION
    to_intake = replace(back, to=HOME)
    assert after(FORWARDED, to_intake, by(HOME, Accepted)).case.lead == HOME


def test_an_answer_of_somebody_else_is_refused():
    refused = answer(after().case, by(OTHER, Accepted))

    assert (refused.code, refused.rule) == ("ROLE_MAY_NOT", "case-roles")
    assert refused.message.zh == "贵工会在本案中的角色（未担任角色）不能答复是否主办。"
    assert refused.remedy.en == "Those who may: union that is asked to lead."


# 上代下.


def test_a_refusal_lets_the_union_above_take_over_and_the_lower_one_co_handles():
    case = after(DECLINED).case
    assert (case.state, case.asked, case.below) == (S.ESCALATED, ABOVE, PLACE)
    assert case.lead == HOME

    case = after(DECLINED, TAKEN).case
    assert (case.state, case.lead, case.asked) == (S.OPEN, ABOVE, None)
    assert case.held[0].ground is Ground.TAKING_OVER
    assert {("CO_HANDLER", PLACE), ("FOLLOWER", HOME)} < holding(case)
    assert case.first_touch_on == TOUCHED.on


def test_a_limit_that_passed_does_the_same_and_goes_on_upwards():
    case = after().case
    up = answer(case, limit(case, ABOVE)).case
    assert (up.state, up.asked, up.below) == (S.ESCALATED, ABOVE, PLACE)

    higher = answer(up, limit(up, TOP)).case
    assert (higher.asked, higher.below) == (TOP, PLACE)
    assert answer(higher, TAKEN).code == "ROLE_MAY_NOT"
    last = answer(higher, limit(higher)).case
    assert (last.state, last.asked, last.overdue) == (S.ESCALATED, TOP, True)
    assert answer(last, limit(last)) == Silent()
    taken = answer(last, by(TOP, TakenOver)).case
    assert (taken.lead, taken.overdue) == (TOP, False)
    assert ("CO_HANDLER", PLACE) in holding(taken)


def test_what_cannot_be_done_here_is_reported_up():
    case = running(REPORTED)
    assert (case.state, case.lead, case.below) == (S.ESCALATED, PLACE, PLACE)
    assert isinstance(answer(case, act()), Decision), "the lead works on meanwhile"

    taken = answer(case, TAKEN).case
    assert (taken.lead, ("CO_HANDLER", PLACE) in holding(taken)) == (ABOVE, True)
    left = answer(case, LEFT).case
    assert (left.state, left.lead, left.below) == (S.OPEN, PLACE, None)
    assert ("FOLLOWER", ABOVE) in holding(left)


def test_a_missed_clock_asks_the_union_above_if_its_rule_says_so():
    late = due(escalates=True)
    case = running(stated(fact(), dues=(late,)))
    up = answer(case, clock())

    assert (up.case.state, up.case.asked) == (S.ESCALATED, ABOVE)
    assert up.case.dues[0].missed
    assert told(up) == [(N.CLOCK_MISSED, PLACE), (N.ASKED_TO_TAKE_OVER, ABOVE)]
    assert answer(up.case, clock()) == Silent()
    assert answer(case, clock(days=6)) == Silent()
    assert answer(case, clock(name="mediation")) == Silent()
    nobody = answer(case, clock(superior=None)).case
    assert (nobody.state, nobody.dues[0].missed) == (S.OPEN, True)


@pytest.mark.parametrize("ground", [DECLINED, REPORTED], ids=["no", "report"])
def test_an_office_does_not_make_its_own_ground_to_take_over(ground):
    """An office above acts for the union below, and would then take the case itself."""
    mine = replace(ground, office=TAKEN.office)
    case = after(mine).case if ground is DECLINED else running(mine)

    assert answer(case, TAKEN) == refusals.OWN_GROUND
    assert answer(case, replace(TAKEN, office="another")).case.lead == ABOVE
    # Where the union that is asked lets its time pass, that is a ground of its own.
    passed = answer(case, limit(case, TOP)).case
    assert answer(passed, replace(TAKEN, by=TOP)).case.lead == TOP
    forward = by(ABOVE, Forwarded, to=OTHER, reason="r")
    if ground is DECLINED:
        assert answer(case, forward).case.ground_office == ""


def test_what_was_missed_before_somebody_led_is_asked_when_they_do():
    facts = (TOUCHED, fact())
    first = opened(facts=facts, dues=(due(escalates=True), due("b", escalates=True)))
    routed = after(clock(), clock(name="b"), first=first).case
    assert (routed.state, [one.unasked for one in routed.dues]) == (
        S.ROUTED,
        [True] * 2,
    )
    assert answer(routed, clock()) == Silent()

    led = answer(routed, ACCEPTED).case
    up = answer(led, clock())
    assert (up.case.state, up.case.asked, up.case.below) == (S.ESCALATED, ABOVE, PLACE)
    assert told(up) == [(N.CLOCK_MISSED, PLACE), (N.ASKED_TO_TAKE_OVER, ABOVE)]
    # One question is asked about all of it, and not one after the other.
    left = answer(up.case, LEFT).case
    assert left.state is S.OPEN
    assert [answer(left, clock(name=one.clock)) for one in left.dues] == [Silent()] * 2
    nobody = answer(led, clock(superior=None)).case
    assert (nobody.state, nobody.dues[0].unasked) == (S.OPEN, False)


def test_what_passed_while_the_union_above_was_asked_is_asked_after_it_left_the_lead():
    late = due("b", days=6, escalates=True)
    case = running(stated(fact(), dues=(due(escalates=True), late)))
    up = answer(case, clock()).case
    both = answer(up, clock(days=6, name="b")).case
    left = answer(both, LEFT).case

    assert answer(left, clock()) == Silent()
    assert answer(left, clock(days=6, name="b")).case.asked == ABOVE
    # Whoever takes the lead has done what follows of it.
    taken = answer(both, TAKEN).case
    assert [one.unasked for one in taken.dues] == [False, False]
    assert answer(taken, clock(days=6, name="b", superior=TOP)) == Silent()
    # What is done, though late, is not asked about.
    met = stated(fact("x"), dues=(due(), replace(late, phase=Phase.MET)))
    assert answer(answer(left, met).case, clock(days=6, name="b")) == Silent()


@pytest.mark.parametrize(
    "one", [due(), due(phase=Phase.MET), due(phase=Phase.SUSPENDED)], ids=range(3)
)
def test_another_clock_that_passes_is_noted_at_most(one):
    case = running(stated(fact(), dues=(one,)))
    passed = answer(case, clock())

    if one.phase is Phase.RUNNING:
        assert (passed.case.state, told(passed)) == (S.OPEN, [(N.CLOCK_MISSED, PLACE)])
    else:
        assert passed == Silent()


def test_an_offer_lapses_when_the_union_above_is_asked():
    case = running(stated(fact(), dues=(due(escalates=True),)), OFFERED)
    up = answer(case, clock())

    assert up.case.asked == ABOVE
    assert (N.LEAD_NOT_TAKEN, OTHER) in told(up)


def test_the_union_above_forwards_what_nobody_has_accepted():
    forward = by(ABOVE, Forwarded, to=OTHER, reason="r")

    assert after(DECLINED, forward).case.asked == OTHER
    assert after(DECLINED, forward).case.tried == (PLACE, ABOVE)
    assert answer(after(DECLINED).case, LEFT) == refusals.NOBODY_LEADS
    assert answer(running(REPORTED), forward) == refusals.NOT_TO_FORWARD


def test_a_follow_up_from_above_is_recorded_and_meets_its_clock():
    case = running(stated(fact(), dues=(due(),)))
    met = due(phase=Phase.MET)
    followed = fact("followed", kind="superior-followed-up")
    after_it = answer(case, by(ABOVE, FollowedUp, facts=(followed,), dues=(met,))).case

    assert after_it.dues == (met,)
    assert ("FOLLOWER", ABOVE) in holding(after_it)
    assert after_it.milestones[-1].step is Step.FOLLOWED_UP
    to_come = replace(followed, on=TODAY + DAY)
    refused = answer(case, by(ABOVE, FollowedUp, facts=(to_come,), dues=()))
    assert refused == clock_refusals.FACT_IN_FUTURE


# Hand-over, and memberships that move.


def test_a_hand_over_moves_the_lead_only_when_it_is_accepted():
    case = running(OFFERED)
    assert (case.state, case.lead, case.asked) == (S.HANDING_OVER, PLACE, OTHER)

    handed = answer(case, by(OTHER, Accepted)).case
    assert (handed.lead, handed.file_province) == (OTHER, "33")
    assert handed.held[0].ground is Ground.HAND_OVER
    assert ("FOLLOWER", PLACE) in holding(handed)
    assert handed.first_touch_on == case.first_touch_on
    no = by(OTHER, Declined, reason="r", superior=ABOVE)
    for back in (no, by(PLACE, HandOverRecalled), limit(case, ABOVE)):
        kept = answer(case, back).case
        assert (kept.state, kept.lead, kept.asked) == (S.OPEN, PLACE, None)


def test_a_membership_that_moves_adds_a_follower_and_changes_nothing_else():
    case = running(task(), OFFERED)
    moved = answer(case, MOVED)

    assert holding(moved.case) - holding(case) == {("FOLLOWER", NEWCOMER)}
    assert replace(moved.case, held=case.held, seq=case.seq) == case
    assert told(moved) == [(N.ROLE_GIVEN, NEWCOMER)]
    assert answer(moved.case, MOVED) == Silent()
    assert answer(case, replace(MOVED, worker="another")) == Silent()


REFUSED = [
    (running(), OFFERED, {"to": PLACE}, refusals.SAME_UNION),
    (running(), TAKEN, {}, refusals.NO_GROUND),
    (running(), by(PLACE, HandOverRecalled), {}, refusals.NOTHING_OFFERED),
    (running(), REPORTED, {"superior": None}, refusals.NOBODY_ABOVE),
    (after().case, DECLINED, {"superior": None}, refusals.NOBODY_ABOVE),
    (running(OFFERED), by(OTHER, Forwarded, to=HOME, reason="r"), {},
     refusals.NOT_TO_FORWARD),
    (running(CLOSE), act(), {}, refusals.ENDED_ALREADY),
    (running(task()), task(), {"to": OTHER}, refusals.about(
        refusals.NUMBER_TAKEN, no="t1")),
    (running(), task(), {"to": PLACE}, refusals.SAME_UNION),
    (running(task()), ANSWERED, {"no": "t2"}, refusals.about(
        refusals.UNKNOWN_NUMBER, no="t2")),
    (running(task(), AID), ANSWERED, {"by": OTHER}, refusals.about(
        refusals.NOT_YOURS, union=HOME.union)),
    (running(AID), AID, {"to": HOME}, refusals.about(refusals.NUMBER_TAKEN, no="s1")),
    (running(), GIVEN, {"by": PLACE}, refusals.about(
        refusals.UNKNOWN_NUMBER, no="s1")),
    (running(AID), GIVEN, {"by": HOME}, refusals.about(
        refusals.NOT_YOURS, union=OTHER.union)),
    *((running(OFFERED), one, {}, refusals.about(
        refusals.LEAD_UNSETTLED, union=OTHER.union))
      for one in (OFFERED, REPORTED, CLOSE)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "event", "but", "why"), REFUSED, ids=range(len(REFUSED))
)
def test_what_cannot_be_is_refused_in_words(case, event, but, why):
    refused = answer(case, replace(event, **but))

    assert refused == why
    for words in (refused.message, refused.remedy):
        assert words.zh
        assert "{" not in words.zh + words.en


# Acts, facts and clocks.


def test_an_act_is_recorded_once_with_its_paper_and_its_clocks():
    begun = fact("m1")
    event = act(facts=(begun,), dues=(due("mediation"),), document=PAPER)
    case = running(event)

    assert case.milestones[-1].about == ActKind.MEDIATION
    assert case.milestones[-1].on == TODAY
    assert (case.documents, case.facts[-1]) == ((PAPER,), begun)
    assert [one.clock for one in case.dues] == ["mediation"]
    assert answer(case, event) == Silent()
    assert answer(case, act("a2", document=PAPER)).case.documents == (PAPER,)
    assert answer(case, act("a3", on=TODAY + DAY)) == clock_refusals.FACT_IN_FUTURE
    ahead = act("a4", facts=(fact("m2", TODAY + DAY),))
    assert answer(case, ahead) == clock_refusals.FACT_IN_FUTURE


def test_a_fact_of_the_future_is_refused():
    refused = answer(running(), stated(fact(on=TODAY + DAY), dues=(due(),)))

    assert refused == clock_refusals.FACT_IN_FUTURE


def test_a_correction_moves_the_due_date_and_what_was_missed_may_be_met():
    case = running(stated(fact(on=TODAY - DAY), dues=(due(days=5),)))
    case = answer(case, clock(days=5)).case
    right = fact(on=TODAY, revision=1)
    moved = answer(case, stated(right, dues=(due(days=6),), reason="MISREAD")).case

    assert case.dues[0].missed
    assert moved.facts == (TOUCHED, right)
    assert (moved.dues[0].due_on, moved.dues[0].missed) == (TODAY + 6 * DAY, False)
    assert moved.milestones[-1].step is Step.FACT_CORRECTED
    assert moved.milestones[-1].reason == "MISREAD"
    again = stated(right, dues=(due(days=6),))
    assert answer(moved, again) == Silent()
    same_day = stated(fact("other"), dues=(due(days=5),))
    assert answer(case, same_day).case.dues[0].missed


def test_a_correction_that_would_move_a_due_date_into_the_past_is_refused():
    case = running(stated(fact(), dues=(due(days=0),)))
    earlier = stated(fact(on=TODAY - DAY, revision=1), dues=(due(days=-1),))

    assert answer(case, earlier).code == clock_refusals.due_into_past("c", "c").code
    still = replace(due(), phase=Phase.SUSPENDED, due_on=None)
    suspended = running(stated(fact(), dues=(still,)))
    assert isinstance(answer(suspended, earlier), Refusal)
    # What is met, or over anyway, does not hold a correction up.
    met = running(stated(fact(), dues=(due(days=0, phase=Phase.MET),)))
    over = running(stated(fact(), dues=(due(days=-1),)))
    unlimited = due(phase=Phase.UNLIMITED)
    free = running(stated(fact(), dues=(unlimited,)))
    still_free = stated(fact(on=TODAY - DAY, revision=1), dues=(unlimited,))
    assert isinstance(answer(free, still_free), Decision)
    for other in (met, over):
        assert isinstance(answer(other, earlier), Decision)
    # A fact that becomes known late is a fact: only corrections are held to this.
    known_late = stated(fact("late", TODAY - 30 * DAY), dues=(due(days=-9),))
    assert isinstance(answer(case, known_late), Decision)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"revision": 2}, clock_refusals.other_revision(1).code),
        ({"revision": 0, "on": TODAY - DAY}, clock_refusals.other_revision(1).code),
        ({"revision": 1, "kind": "aid-requested"}, clock_refusals.OTHER_FACT.code),
        ({"revision": 1, "about": "t1"}, clock_refusals.OTHER_FACT.code),
        ({"id": "unheard-of", "revision": 1}, clock_refusals.NOTHING_TO_CORRECT.code),
    ],
    ids=range(5),
)
def test_a_correction_is_of_one_fact_and_in_its_turn(change, code):
    case = running(stated(fact()))

    assert answer(case, stated(replace(fact(), **change))).code == code


def test_first_touch_may_turn_out_earlier_and_never_later():
    case = running()
    day = TOUCHED.on
    for change in ({"on": day + DAY}, {"withdrawn": True}):
        wrong = replace(TOUCHED, revision=1, **change)
        assert answer(case, stated(wrong)) == refusals.FIRST_TOUCH_KEPT

    right = replace(TOUCHED, on=day - DAY, revision=1)
    assert answer(case, stated(right)).case.first_touch_on == day - DAY
    second = replace(TOUCHED, id="elsewhere", on=TODAY)
    assert answer(case, stated(second)).case.first_touch_on == day


def test_documents_stand_by_reference_and_once():
    event = by(HOME, DocumentAdded, document=PAPER)
    case = running(event)

    assert case.documents == (PAPER,)
    assert answer(case, event) == Silent()
    assert answer(case, replace(event, by=OTHER)).code == "ROLE_MAY_NOT"


# Tasks, sub-cases, and the end.


def test_a_task_goes_through_the_case():
    decision = after(ACCEPTED, task())
    assert told(decision) == [(N.TASK_GIVEN, HOME)]
    case = answer(decision.case, on_task(Acknowledged(round=1))).case
    replied = answer(case, ANSWERED)

    assert told(replied) == [(N.TASK_ANSWERED, PLACE)]
    assert replied.case.milestones[-1].reason == TaskState.ANSWERED
    assert answer(replied.case, ANSWERED) == Silent()
    closing = on_task(TaskClosed(round=1), who=PLACE)
    assert answer(replied.case, replace(closing, by=HOME)).code == "ROLE_MAY_NOT"
    assert answer(replied.case, closing).case.open_tasks == ()
    assert answer(case, task()) == Silent()
    crossed = task("t2", acknowledge_by=TODAY + 99 * DAY)
    assert answer(case, crossed).code == "DAYS_OUT_OF_ORDER"


def test_an_overdue_task_is_noted_and_an_unknown_one_is_nobodys():
    case = running(task())
    what = TaskLimitPassed(round=1, limit=TaskLimit.ACKNOWLEDGE, due_on=TODAY + 2 * DAY)
    late = answer(case, TaskOverdue(at=AT, no="t1", what=what))

    assert {seat for _, seat in told(late)} == {HOME, PLACE}
    assert answer(case, TaskOverdue(at=AT, no="t9", what=what)) == Silent()


def test_a_delegation_makes_a_co_handler():
    case = running(task(to=OTHER))

    assert ("CO_HANDLER", OTHER) in holding(case)
    assert case.held[-1].ground is Ground.DELEGATION


def test_answers_go_to_whoever_leads_by_then():
    case = running(task(), OFFERED, by(OTHER, Accepted))

    assert told(answer(case, ANSWERED)) == [(N.TASK_ANSWERED, OTHER)]


def test_a_sub_case_is_handled_at_another_union():
    case = running(AID)
    assert ("CO_HANDLER", OTHER) in holding(case)
    assert answer(case, AID) == Silent()

    ended = answer(case, GIVEN)
    assert told(ended) == [(N.SUB_CASE_ENDED, PLACE)]
    assert answer(ended.case, GIVEN) == Silent()
    assert isinstance(answer(case, replace(AID, no="s2")), Decision)
    own = running(replace(AID, to=PLACE))
    assert ("CO_HANDLER", PLACE) not in holding(own)


def test_a_case_with_open_tasks_or_sub_cases_is_not_closed():
    case = running(task(), task("t2"), AID)
    refused = answer(case, CLOSE)
    assert refused.code == "OPEN_TASKS"
    assert "t1, t2" in refused.message.zh

    for no in ("t1", "t2"):
        case = answer(case, on_task(TaskClosed(round=1), no, PLACE)).case
    assert answer(case, CLOSE).code == "OPEN_SUB_CASES"
    case = answer(case, GIVEN).case
    to_come = Result(outcome=Outcome.FULFILLED, on=TODAY + DAY)
    assert answer(case, replace(CLOSE, result=to_come)).code == "FACT_IN_FUTURE"
    closed = answer(case, CLOSE)
    assert closed.case.state is S.CLOSED
    assert {seat for kind, seat in told(closed)} == {HOME, PLACE, OTHER}
    assert closed.case.result.outcome is Outcome.FULFILLED


def test_what_ended_is_deaf_to_clocks_and_says_so_to_people():
    case = running(CLOSE)

    for event in every_event(case):
        own = getattr(event, "by", None)
        assert answer(case, event) == (refusals.ENDED_ALREADY if own else Silent())


def test_a_case_that_is_taken_back_calls_its_tasks_off():
    back = by(PLACE, Withdrawn, reason="BY_WORKER")
    case = running(task(), OFFERED, back)

    assert (case.state, case.open_tasks, case.asked) == (S.WITHDRAWN, (), None)
    assert standing_notices(case) == ()


# As a whole.


def test_whatever_a_case_waits_for_is_told_until_it_is_done():
    first = after()
    assert standing_notices(first.case) == tuple(
        notice for notice in first.told if notice.kind is N.ASKED_TO_LEAD
    )
    up = after(DECLINED)
    assert standing_notices(up.case) == up.told
    case = running(task(), task("t2"), on_task(Answered(round=1, answer=()), "t2"))
    assert [(n.kind, n.to) for n in standing_notices(case)] == [
        (N.TASK_GIVEN, HOME), (N.TASK_ANSWERED, PLACE),
    ]  # fmt: skip


@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_however_it_goes_no_notice_is_told_twice_and_the_journal_is_the_case(picks):
    decision = after()
    told_already, journal = set(decision.told), []
    case = decision.case
    for pick in picks:
        choices = list(every_event(case))
        event = choices[pick % len(choices)]
        decided = decide(case, event, POWERS)
        if not isinstance(decided, Decision):
            continue
        assert len(set(decided.told)) == len(decided.told)
        assert not told_already & set(decided.told)
        told_already |= set(decided.told)
        case = decided.case
        journal.append(msgspec.json.encode(event))
        assert set(standing_notices(case)) - told_already <= {
            notice
            for notice in standing_notices(case)
            if notice.to == case.lead  # a new lead is told what the old one was
        }

    again = after().case
    for line in journal:
        again = decide(again, msgspec.json.decode(line, type=Event), POWERS).case
    assert again == case
    assert msgspec.json.decode(msgspec.json.encode(case), type=Case) == case


def test_a_decision_takes_less_than_fifty_microseconds():
    case = running(
        *(task(f"t{n}") for n in range(20)),
        *(act(f"a{n}", facts=(fact(f"f{n}"),), dues=(due(),)) for n in range(30)),
    )
    some = [act("new"), OFFERED, REPORTED, CLOSE, MOVED, ANSWERED, clock()]

    def once(event):
        began = time.perf_counter()
        for _ in range(50):
            decide(case, event, POWERS)
        return (time.perf_counter() - began) / 50

    for event in some:
        assert min(once(event) for _ in range(10)) < 50e-6, event
