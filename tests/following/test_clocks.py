"""Clocks on a day: reminders, aid first, jurisdictions, agreements, and bad rules."""

from __future__ import annotations

from datetime import timedelta
from time import process_time

import pytest
from msgspec.structs import replace

from hub.following.clock_rules import ClockMistake, ClockRules, Nature
from hub.following.clock_words import why
from hub.following.clocks import (
    aid_comes_first,
    clocks_of,
    first_touch,
    remind_on,
    standing,
)
from schema.records.clock import AgreedLimit, ClockFact, Standing
from tests.following.clock_samples import (
    DISMISSAL,
    GREEN,
    RULES,
    TEXT,
    WAGES,
    day,
    fact,
    facts,
    only,
)

OF_51 = """
[[rule]]
id = "opinion-reply-51-20"
clock = "opinion-reply"
calendar = "working_days"
days = 20
jurisdiction = "51"
valid_from = 2026-03-01
valid_to = 2026-12-31
text_zh = "…"
text_en = "…"
source = "regulation of 51, for this test"
"""


def clock(name: str, told: str, setting=DISMISSAL, rules=RULES):
    return only(clocks_of(rules, setting, facts(told)), name)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("03-02", Standing.RUNNING),
        ("03-13", Standing.RUNNING),
        ("03-14", Standing.REMIND),
        ("03-17", Standing.REMIND),
        ("03-18", Standing.PASSED),
    ],
)
def test_a_clock_reminds_before_its_end_and_passes_after_it(on, expected):
    mediation = clock("mediation", "mediation-requested 03-02")

    assert standing(RULES, mediation, day(on)) is expected
    assert remind_on(RULES, mediation) == day("03-14")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("mediation-requested 03-02, mediation-ended 03-17", Standing.MET),
        ("mediation-requested 03-02, mediation-ended 03-18", Standing.MET_LATE),
        ("arbitration-accepted 03-02, arbitration-stayed 03-10", Standing.SUSPENDED),
        ("grading-concluded 2025-03-05", Standing.OPEN),
        ("grading-concluded 2025-03-05, recheck-requested 04-01", Standing.MET),
    ],
)
def test_how_a_clock_stands_at_last(told, expected):
    (one,) = [
        each
        for each in clocks_of(RULES, DISMISSAL, facts(told))
        if each.clock in {"mediation", "award", "grading-recheck"}
    ]

    assert standing(RULES, one, day("04-02")) is expected
    assert remind_on(RULES, one) is None


def test_nobody_is_reminded_of_what_has_no_limit():
    (one,) = clocks_of(RULES, WAGES, ())

    assert standing(RULES, one, day("03-02")) is Standing.UNLIMITED
    assert remind_on(RULES, one) is None


@pytest.mark.parametrize(
    ("on", "first"),
    [("02-25", False), ("02-26", True), ("03-05", True), ("03-06", False)],
)
def test_seven_days_before_the_worker_loses_a_right_aid_comes_first(on, first):
    limitation = clock("arbitration-limitation", "right-known 2025-03-05")

    assert aid_comes_first(RULES, limitation, day(on), within=7) is first


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("defence", "copy-served 03-02"),
        ("worker-sues", "award-received-by-worker 03-02, suit-filed-by-worker 03-03"),
    ],
)
def test_aid_comes_first_only_where_a_right_of_the_worker_is_lost(name, told):
    one = clock(name, told)

    for n in range(20):
        on = day("03-02") + timedelta(days=n)
        assert not aid_comes_first(RULES, one, on, within=7)


def test_a_provinces_own_rule_goes_first_while_it_is_valid():
    rules = ClockRules.load((TEXT + OF_51).encode())
    sichuan = replace(DISMISSAL, province="51")
    told = "opinion-served {}"

    def due(setting, on):
        return clock("opinion-reply", told.format(on), setting, rules).due_on

    assert due(sichuan, "03-02") == day("03-30")
    assert due(DISMISSAL, "03-02") == day("03-23")
    # The rule of the day on which the clock starts is kept to its end.
    assert due(sichuan, "02-27") == day("03-19")
    # New Year's Day is off, whatever the notice of its year says.
    assert due(sichuan, "12-31") == day("2027-01-29")


def test_an_agreement_sets_internal_limits_and_never_those_of_the_law():
    agreed = replace(
        DISMISSAL,
        agreed=(
            AgreedLimit("task-answer", 5, "44-51"),
            AgreedLimit("award", 5, "44-51"),
        ),
    )
    answer = clock("task-answer", "task-given 03-02", agreed)

    assert answer.due_on == day("03-09")
    assert "by agreement 44-51" in why(RULES, agreed, answer).en
    assert clock("award", "arbitration-accepted 03-02", agreed).due_on == day("04-16")


def test_what_was_halved_says_so():
    answer = clock("task-answer", "task-given 03-02", GREEN)

    assert "绿色通道减半" in why(RULES, GREEN, answer).zh
    assert "halved on the green channel" in why(RULES, GREEN, answer).en


def test_tasks_have_clocks_of_their_own():
    told = [
        fact("task-given", "03-02", about="t1"),
        fact("task-given", "03-05", about="t2"),
        fact("task-answered", "03-06", about="t1"),
    ]
    found = {
        each.about: each.due_on
        for each in clocks_of(RULES, DISMISSAL, told)
        if each.clock == "task-answer" and each.met_on is None
    }

    assert found == {"t2": day("03-19")}


def test_the_first_touch_is_kept_through_every_hand_over():
    told = [
        fact("request-received", "03-04", id="lead"),
        fact("request-received", "03-02", id="station"),
        fact("request-received", "02-01", id="wrong", revision=0),
        fact("request-received", "02-01", id="wrong", revision=1, withdrawn=True),
    ]

    assert first_touch(told) == day("03-02")
    assert first_touch(reversed(told)) == day("03-02")
    assert first_touch([]) is None


def test_every_statutory_limit_names_an_article_and_every_own_one_says_so():
    for rule in RULES.rules.values():
        internal = RULES.kinds[rule.clock].nature is Nature.INTERNAL
        assert ("D" in rule.source) is internal, rule.id


def _without(text: str, part: str, new: str = "") -> str:
    assert text.count(part) == 1
    return text.replace(part, new)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT + OF_51 + OF_51, "opinion-reply-51-20: two"),
        (TEXT + OF_51 + OF_51.replace("51-20", "51-21"), "overlap"),
        (TEXT + OF_51.replace('opinion-reply"', 'tea"'), "no such clock: tea"),
        (TEXT + OF_51.replace("days = 20", "days = 0"), "a day at least"),
        (TEXT + OF_51.replace("2026-12-31", "2026-01-31"), "ends before it begins"),
        (TEXT + OF_51 + "extension = 3\n", "nothing extends opinion-reply"),
        (TEXT + OF_51 + "limit = 3\n", "limit"),
        (
            _without(TEXT, 'meets = ["opinion-answered"]', 'meets = ["opinion-burnt"]'),
            "no such fact: opinion-burnt",
        ),
        (
            _without(TEXT, 'meets = ["opinion-answered"]', 'meets = ["opinion-served"]'),
            "two things",
        ),
        (
            _without(TEXT, 'meets = ["opinion-answered"]', "meets = []"),
            "nothing meets it",
        ),
        (
            _without(TEXT, 'resumes = ["injury-ruling-made"]'),
            "must be resumed",
        ),
        (
            TEXT.replace("before = true", 'before = true\nextends = ["aid-granted"]', 1),
            "only its start",
        ),
        (
            _without(
                TEXT,
                'id = "opinion-reply-15"\nclock = "opinion-reply"',
                'id = "opinion-reply-15"\nclock = "award"',
            ),
            "overlap",
        ),
        ("version = 1", "facts"),
    ],
)  # fmt: skip
def test_a_rule_file_that_contradicts_itself_is_not_loaded(text, said):
    with pytest.raises(ClockMistake, match=said):
        ClockRules.load(text.encode())


def test_a_rule_for_all_leaves_no_day_without_one():
    later = OF_51.replace('"51"', '"*"').replace("2026-03-01", "2027-01-01")
    later = later.replace("2026-12-31", "2027-12-31")
    ended = _without(
        TEXT,
        'clock = "opinion-reply"\n',
        'clock = "opinion-reply"\nvalid_to = 2026-12-30\n',
    )

    with pytest.raises(ClockMistake, match="no rule between"):
        ClockRules.load((ended + later).encode())


def test_three_thousand_cases_are_evaluated_again_within_two_seconds():
    """So do a hundred thousand in a minute, with ten clocks each, on one core."""
    kinds = (
        "right-known 2025-06-02, claim-made 2025-08-{0}, arbitration-applied 2026-01-{0},"
        " arbitration-accepted 2026-02-{0}, award-extended 2026-03-{0},"
        " arrears-reported 2025-12-{0}, task-given 2026-03-{0}, injury-known 2025-05-{0}"
    )
    cases: list[list[ClockFact]] = [facts(kinds.format(n)) for n in range(10, 29)]
    on = day("06-01")

    began = process_time()
    clocks = 0
    for n in range(3_000):
        for one in clocks_of(RULES, DISMISSAL, cases[n % len(cases)]):
            standing(RULES, one, on)
            clocks += 1
    took = process_time() - began

    assert clocks >= 10 * 3_000
    assert took < 1.8
