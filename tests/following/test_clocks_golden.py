"""Every clock of RULEBOOK §5, with dates counted by hand from the articles.

Of 2026 these are holidays: 1-3 January, 15-23 February, 4-6 April, 1-5 May, 19-21
June, 25-27 September, 1-7 October; and these weekend days are worked: 4 January, 14
and 28 February, 9 May, 20 September, 10 October.
"""

from __future__ import annotations

import pytest

from hub.following.clock_words import why
from hub.following.clocks import clocks_of
from schema.records.clock import Phase
from tests.following.clock_samples import (
    DISMISSAL,
    GREEN,
    RULES,
    WAGES,
    day,
    facts,
    only,
)

#: Clock, facts, due. 2 March 2026 is a Monday.
DUE = [
    # RULEBOOK §6 (2) and 002 §11: answers about the lead; working days.
    ("case-route", "lead-routed 03-02", "03-04"),
    ("case-hand-over", "lead-offered 03-02", "03-09"),
    ("case-taking-over", "lead-escalated 09-24", "10-09"),
    # 调解仲裁法 14: 15 days; the last on a holiday.
    ("mediation", "mediation-requested 03-02", "03-17"),
    ("mediation", "mediation-requested 04-20", "05-06"),
    # 27: one year; a leap day; the end of a month; a holiday at the end.
    ("arbitration-limitation", "right-known 2025-03-05", "03-05"),
    ("arbitration-limitation", "right-known 2024-02-29", "2025-02-28"),
    ("arbitration-limitation", "right-known 2023-02-28", "2024-02-28"),
    ("arbitration-limitation", "right-known 2025-08-31", "08-31"),
    ("arbitration-limitation", "right-known 2025-10-01", "10-08"),
    # 27: a claim, relief or consent begins it anew; too late it does not.
    (
        "arbitration-limitation",
        "right-known 2025-03-05, claim-made 2025-06-10",
        "06-10",
    ),
    (
        "arbitration-limitation",
        "right-known 2025-03-05, relief-sought 03-05",
        "2027-03-05",
    ),
    (
        "arbitration-limitation",
        "right-known 2025-03-05, debtor-consented 03-06",
        "03-05",
    ),
    (
        "arbitration-limitation",
        "right-known 2025-03-05, claim-made 2025-03-04",
        "03-05",
    ),
    (
        "arbitration-limitation",
        "right-known 2025-03-05, claim-made 2025-06-10, relief-sought 2025-09-09",
        "09-09",
    ),
    # 27: thirty days of a flood; the last day on Qingming.
    (
        "arbitration-limitation",
        (
            "right-known 2025-03-05, force-majeure-began 2025-05-01,"
            " force-majeure-ended 2025-05-31"
        ),
        "04-07",
    ),
    (
        "arbitration-limitation",
        (
            "right-known 2025-03-05, force-majeure-began 2025-05-01, claim-made 2025-05-10,"
            " force-majeure-ended 2025-05-31"
        ),
        "06-01",
    ),
    # An application that is withdrawn began it anew.
    (
        "arbitration-limitation",
        (
            "right-known 2025-03-05, arbitration-applied 2025-06-02,"
            " arbitration-withdrawn 2025-07-01"
        ),
        "07-01",
    ),
    # 29, 30, 32.
    ("arbitration-acceptance", "arbitration-applied 03-02", "03-09"),
    ("copy-to-respondent", "arbitration-accepted 03-03", "03-09"),
    ("defence", "copy-served 03-02", "03-12"),
    ("copy-of-defence", "defence-received 03-12", "03-17"),
    ("panel-notice", "arbitration-accepted 03-04", "03-09"),
    # 35: backwards, and never moved towards the hearing.
    ("hearing-notice", "hearing-set 03-02 → 03-20", "03-15"),
    ("hearing-notice", "hearing-set 03-02 → 03-20, hearing-set 03-04 → 04-01", "03-27"),
    ("hearing-postponement", "hearing-set 03-02 → 03-20", "03-17"),
    ("hearing-postponement", "hearing-set 2024-02-20 → 2024-03-01", "2024-02-27"),
    # 43: 45 days, and 15 once.
    ("award", "arbitration-accepted 03-02", "04-16"),
    ("award", "arbitration-accepted 03-02, award-extended 04-16", "05-06"),
    (
        "award",
        "arbitration-accepted 03-02, award-extended 04-10, award-extended 04-20",
        "05-06",
    ),
    ("award", "arbitration-accepted 03-02, award-extended 04-17", "04-16"),
    (
        "award",
        "arbitration-accepted 03-02, arbitration-stayed 03-10, arbitration-resumed 03-20",
        "04-27",
    ),
    # 48 to 50.
    ("worker-sues", "award-received-by-worker 04-16", "05-06"),
    ("employer-sues", "award-received-by-employer 03-02", "03-17"),
    ("employer-sets-aside", "final-award-received-by-employer 03-02", "04-01"),
    ("suit-after-setting-aside", "set-aside-received 03-02", "03-17"),
    # 人民调解法 33.
    ("judicial-confirmation", "mediation-agreed 03-05", "04-07"),
    # 监察条例 17, 20: Saturday 9 May is worked; 28 February 2026 too.
    ("inspection", "inspection-filed 03-02", "05-28"),
    ("inspection", "inspection-filed 03-02, inspection-extended 05-20", "07-10"),
    ("inspection-lookback", "violation-ended 2024-02-29", "02-28"),
    # 工伤保险条例 17, 20, 25, 26, 28.
    ("injury-application-employer", "injury-known 03-02", "04-01"),
    ("injury-application-worker", "injury-known 03-02", "2027-03-02"),
    (
        "injury-application-worker",
        (
            "injury-known 2025-03-02, force-majeure-began 2025-04-01,"
            " force-majeure-ended 2025-04-11"
        ),
        "03-12",
    ),
    ("injury-decision", "injury-accepted 03-02", "05-06"),
    (
        "injury-decision",
        "injury-accepted 03-02, injury-awaits-ruling 03-10, injury-ruling-made 03-20",
        "05-11",
    ),
    ("injury-decision-plain", "injury-accepted-plain 03-02", "03-17"),
    ("capacity-grading", "grading-applied 03-02", "05-06"),
    ("capacity-grading", "grading-applied 03-02, grading-extended 04-01", "06-01"),
    ("grading-objection", "grading-received 03-02", "03-17"),
    ("grading-recheck", "grading-concluded 2025-03-05", "03-05"),
    # 法律援助法 43.
    ("legal-aid-decision", "aid-requested 03-02", "03-09"),
    ("legal-aid-appointment", "aid-granted 03-02", "03-05"),
    # Local regulations, and our own limits, in working days.
    ("hint-reply", "hint-served 03-02", "03-23"),
    ("opinion-reply", "opinion-served 03-02", "03-23"),
    ("proposal-reply", "proposal-served 03-02", "03-23"),
    ("task-acknowledgement", "task-given 03-02", "03-04"),
    ("task-answer", "task-given 03-02", "03-16"),
    ("task-answer", "task-given 03-02, task-extended 03-10", "03-23"),
    ("task-answer", "task-given 09-29", "10-19"),
    ("arrears-receipt-inspection", "arrears-reported 03-02", "03-03"),
    ("arrears-receipt-superior", "arrears-reported 02-13", "02-14"),
    ("arrears-acceptance", "arrears-reported 03-02", "03-04"),
    ("arrears-follow-up", "arrears-reported 02-13", "02-27"),
    ("consultation-reply", "consultation-asked 03-02", "03-16"),
]
#: On the green channel half of what is internal, and all of what the law sets.
GREEN_DUE = [
    ("task-acknowledgement", "task-given 03-02", "03-03"),
    ("task-answer", "task-given 03-02", "03-09"),
    ("task-answer", "task-given 03-02, task-extended 03-05", "03-12"),
    ("arrears-follow-up", "arrears-reported 03-02", "03-05"),
    ("arrears-receipt-superior", "arrears-reported 03-02", "03-03"),
    ("award", "arbitration-accepted 03-02", "04-16"),
    ("opinion-reply", "opinion-served 03-02", "03-23"),
    ("legal-aid-decision", "aid-requested 03-02", "03-09"),
]
#: Of wages: none while the employment lasts, then a year.
WAGES_DUE = [
    ("arbitration-limitation-wages", "employment-ended 01-31", "2027-02-01"),
    (
        "arbitration-limitation-wages",
        "right-known 2020-01-01, employment-ended 2025-03-05, claim-made 2025-06-10",
        "06-10",
    ),
]


@pytest.mark.parametrize(
    ("setting", "name", "told", "due"),
    [
        *((DISMISSAL, *each) for each in DUE),
        *((GREEN, *each) for each in GREEN_DUE),
        *((WAGES, *each) for each in WAGES_DUE),
    ],
)
def test_a_clock_ends_on_the_day_that_its_article_says(setting, name, told, due):
    clock = only(clocks_of(RULES, setting, facts(told)), name)
    said = why(RULES, setting, clock)

    assert clock.phase is Phase.RUNNING
    assert clock.due_on == day(due)
    for text in (said.zh, said.en):
        assert clock.rule in text
        assert RULES.rules[clock.rule].source in text
        assert str(clock.due_on) in text
        assert all(step.fact in text for step in clock.steps)


def test_no_clock_is_without_its_golden_days():
    tried = {name for name, _, _ in (*DUE, *WAGES_DUE)}

    assert tried == set(RULES.kinds)


@pytest.mark.parametrize("kind", RULES.kinds.values(), ids=lambda kind: kind.name)
def test_what_meets_a_clock_ends_it(kind):
    told = facts(f"{kind.starts[0]} 03-02 → 04-01, {kind.meets[0]} 03-03")
    setting = WAGES if kind.matters else DISMISSAL
    clock = only(clocks_of(RULES, setting, told), kind.name)

    assert clock.phase is Phase.MET
    assert clock.met_on == day("03-03")


def test_wages_have_no_limitation_while_the_employment_lasts():
    clocks = clocks_of(RULES, WAGES, facts("right-known 2020-01-01"))
    clock = only(clocks, "arbitration-limitation-wages")

    assert (clock.phase, clock.due_on) == (Phase.UNLIMITED, None)
    assert "no limitation" in why(RULES, WAGES, clock).en
    assert all(each.clock != "arbitration-limitation" for each in clocks)


def test_what_stands_still_has_no_due_date_and_says_what_is_left():
    told = facts("arbitration-accepted 03-02, arbitration-stayed 03-10")
    clock = only(clocks_of(RULES, DISMISSAL, told), "award")

    assert (clock.phase, clock.due_on) == (Phase.SUSPENDED, None)
    assert "with 37 days left" in why(RULES, DISMISSAL, clock).en
    assert "剩余 37 天" in why(RULES, DISMISSAL, clock).zh

    told = facts(
        "right-known 2025-03-05, force-majeure-began 2025-05-01, claim-made 2025-05-10"
    )
    clock = only(clocks_of(RULES, DISMISSAL, told), "arbitration-limitation")
    assert "剩余 308 天；" in why(RULES, DISMISSAL, clock).zh
    assert why(RULES, DISMISSAL, clock).en.endswith("anew with 1 year(s) left.")


def test_a_start_before_all_rules_begins_nothing():
    told = facts("aid-requested 2021-12-31")

    assert clocks_of(RULES, DISMISSAL, told) == ()
