"""What events of a case are for cooperation between unions."""

from __future__ import annotations

from hub.following import cooperating
from hub.following.case import decide, open_case
from hub.following.decision import Decision
from hub.following.lead_events import (
    Accepted,
    Declined,
    HandOverOffered,
    HandOverRecalled,
    LimitPassed,
    ReportedUp,
)
from hub.following.task_events import (
    Acknowledged,
    Answered,
    AskedAgain,
    Extended,
    Rated,
    TaskClosed,
    TaskRefused,
)
from schema.records.cooperation import CooperationStep
from tests.following.case_samples import (
    ABOVE,
    ACCEPTED,
    AT,
    DAY,
    HOME,
    OTHER,
    PAPER,
    PLACE,
    POWERS,
    TODAY,
    by,
    on_task,
    opened,
    running,
    task,
)

S = CooperationStep


def steps(case, *events):
    """The steps of each event, by what they are about."""
    found = []
    for event in events:
        decision = decide(case, event, POWERS)
        assert isinstance(decision, Decision), decision
        told = cooperating.cooperation(case, event, decision.case, TODAY + DAY)
        found += [(one.id.partition("/")[2], one.step) for one in told]
        case = decision.case
    return found


def test_a_request_that_is_routed_is_an_offer_of_the_lead():
    event = opened()
    case = open_case(event).case
    (asked,) = cooperating.cooperation(None, event, case, TODAY + DAY)

    assert (asked.step, asked.asker, asked.asked) == (S.ASKED, HOME.union, PLACE.union)
    assert (asked.asker_province, asked.asked_province) == ("51", "44")
    assert asked.answer_by == TODAY + DAY
    assert steps(case, ACCEPTED) == [("lead.1", S.ACCEPTED), ("lead.1", S.ANSWERED)]
    no = by(PLACE, Declined, reason="R", superior=ABOVE)
    assert steps(case, no) == [("lead.1", S.ANSWERED)]
    # No answer is what is measured: nothing is said of it.
    assert steps(case, LimitPassed(at=AT, since=1, superior=ABOVE)) == []
    here = opened(by=PLACE)
    assert cooperating.cooperation(None, here, open_case(here).case, None) == ()


def test_an_offered_hand_over_is_answered_or_taken_back():
    offer = by(PLACE, HandOverOffered, to=OTHER, reason="R")

    assert steps(running(), offer, by(OTHER, Accepted)) == [
        ("lead.3", S.ASKED), ("lead.3", S.ACCEPTED), ("lead.3", S.ANSWERED),
    ]  # fmt: skip
    assert steps(running(), offer, by(PLACE, HandOverRecalled)) == [
        ("lead.3", S.ASKED), ("lead.3", S.WITHDRAWN),
    ]  # fmt: skip
    # What the union above is asked is no offer.
    assert steps(running(), by(PLACE, ReportedUp, reason="R", superior=ABOVE)) == []


def test_each_round_of_a_task_is_measured_by_itself():
    case = running()
    lead = {"who": PLACE}
    again = AskedAgain(round=1, acknowledge_by=TODAY, answer_by=TODAY + DAY)

    assert steps(
        case,
        task(),
        on_task(Acknowledged(round=1)),
        on_task(Extended(round=1, answer_by=TODAY + 30 * DAY, reason="R")),
        on_task(TaskRefused(round=1, reason="R")),
        on_task(Rated(round=1, timeliness=1, effort=2), **lead),
        on_task(again, **lead),
        on_task(Answered(round=2, answer=(PAPER,))),
        on_task(TaskClosed(round=2), **lead),
    ) == [
        ("t1.1", S.ASKED), ("t1.1", S.ACCEPTED), ("t1.1", S.EXTENDED),
        ("t1.1", S.ANSWERED), ("t1.1", S.RATED), ("t1.2", S.ASKED),
        ("t1.2", S.ANSWERED),
    ]  # fmt: skip


def test_a_task_that_is_called_off_counts_for_nobody():
    assert steps(running(), task(), on_task(TaskClosed(round=1), who=PLACE)) == [
        ("t1.1", S.ASKED), ("t1.1", S.WITHDRAWN),
    ]  # fmt: skip
