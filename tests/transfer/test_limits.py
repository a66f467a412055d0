"""By when a transfer must move on: the rules are data, and the days are counted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from hub.rules.workdays import Calendar, is_working_day, noticed, term
from hub.transfer.limits import LimitMistake, Limits, due
from hub.transfer.states import STATES, Wait
from schema.records.transfer import ENDED

TEXT = files("hub.rules").joinpath("transfer.toml").read_text("utf-8")
LIMITS = Limits.load(TEXT.encode())


def at(year: int, month: int, day: int, hour: int = 3) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize("wait", Wait)
def test_every_wait_has_a_rule_and_its_days(wait):
    told = LIMITS.due(wait, "44", at(2026, 3, 2))

    assert told.respond_by < told.due_on
    assert told.target_at < told.due_at
    assert told.rule in told.why.zh
    assert told.rule in told.why.en
    assert str(told.due_on) in told.why.zh


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_is_ended_waits_for_nothing(state):
    with pytest.raises(LookupError):
        LIMITS.due(STATES[state].wait, "44", at(2026, 3, 2))


def test_holidays_are_left_out_and_weekends_worked_in_lieu_are_counted():
    # 2026-10-01 to 07 are holidays, and Saturday the 10th is worked.
    told = LIMITS.due(Wait.ANSWER, "44", at(2026, 9, 29))

    assert told.respond_by == date(2026, 10, 12)
    assert told.due_on == date(2026, 10, 26)
    assert "holidays that were left out: 5" in told.why.en
    assert "weekend days worked in lieu: 1" in told.why.en


def test_a_limit_passes_when_its_day_is_over_in_china():
    told = LIMITS.due(Wait.ANSWER, "44", at(2026, 3, 2))

    assert told.due_on == date(2026, 3, 23)
    assert told.due_at == at(2026, 3, 23, 16)


def test_the_day_of_the_fact_is_a_day_in_china():
    late_in_the_evening_utc = at(2026, 3, 2, 17)

    told = LIMITS.due(Wait.IN_REGISTRATION, "44", late_in_the_evening_utc)

    assert told.respond_by == date(2026, 3, 4)


def test_of_a_year_without_a_notice_weekdays_are_counted_and_that_is_said():
    assert not noticed(2035)
    # The fixed days of the law need no notice; which days are moved for them does.
    fixed = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
    assert not any(is_working_day(date(2035, *one)) for one in fixed)
    assert is_working_day(date(2035, 10, 4))

    told = LIMITS.due(Wait.OUT_REGISTRATION, "44", at(2035, 9, 28))

    assert told.respond_by == date(2035, 10, 10)
    assert "holidays that were left out: 3" in told.why.en
    assert "2035" in told.why.zh
    assert "the holidays of 2035 are not known here" in told.why.en


def test_natural_days_end_on_a_working_day():
    ended = term(date(2026, 9, 25), 10, Calendar.NATURAL_DAYS)

    assert ended.ends_on == date(2026, 10, 8)
    assert "moved past days of rest: 3" in ended.arithmetic.en


def test_a_term_without_a_day_is_none():
    with pytest.raises(ValueError, match="one day"):
        term(date(2026, 9, 25), 0, Calendar.WORKING_DAYS)


def test_a_province_may_have_a_rule_of_its_own_from_a_day_on():
    own = TEXT + (
        '[[rule]]\nid = "answer-of-51"\nwait = "answer"\ncalendar = "natural_days"\n'
        'target = 3\nlimit = 10\neffect = "land"\njurisdiction = "51"\n'
        "valid_from = 2026-02-01\nvalid_to = 2026-02-28\n"
        'text_zh = "…"\ntext_en = "…"\nsource = "agreement"\n'
    )
    limits = Limits.load(own.encode())
    wait = Wait.ANSWER

    assert limits.due(wait, "51", at(2026, 2, 1)).rule == "answer-of-51"
    assert limits.due(wait, "51", at(2026, 2, 1)).due_on == date(2026, 2, 11)
    assert limits.due(wait, "51", at(2026, 1, 20)).rule == "transfer-answer-5-15"
    assert limits.due(wait, "51", at(2026, 3, 1)).rule == "transfer-answer-5-15"
    assert limits.due(wait, "44", at(2026, 2, 1)).rule == "transfer-answer-5-15"


LAST = TEXT[TEXT.rindex("[[rule]]") :]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.replace('effect = "land"', 'effect = "return"'), "effect of answer"),
        (TEXT.replace("target = 5", "target = 16", 1), "the target before"),
        (TEXT.replace("target = 5", "target = 0", 1), "a day at least"),
        (TEXT.replace(LAST, ""), "no rule for all provinces"),
        (TEXT.replace('jurisdiction = "*"', 'jurisdiction = "44"', 1), "no rule for all"),
        (TEXT + LAST, "two rules have this id"),
        (TEXT + LAST.replace('"transfer-return-overdue-5-15"', '"again"'), "overlap"),
        (TEXT + "valid_to = 2030-01-01\n", "must not end"),
        (TEXT + "valid_to = 2010-01-01\n", "ends before it begins"),
        (
            TEXT
            + "valid_to = 2030-01-01\n"
            + LAST.replace('"transfer-return-overdue-5-15"', '"later"').replace(
                "2016-01-01", "2030-01-03"
            ),
            "no rule between",
        ),
        (TEXT.replace('wait = "answer"', 'wait = "reply"'), "reply"),
        (TEXT.replace('calendar = "working_days"', 'calendar = "moons"'), "moons"),
        (TEXT + 'colour = "red"\n', "colour"),
    ],
)  # fmt: skip
def test_rules_that_contradict_the_saga_or_themselves_are_not_loaded(text, said):
    with pytest.raises(LimitMistake, match=said):
        Limits.load(text.encode())


def test_a_rule_says_the_same_alone():
    rule = LIMITS.rule(Wait.OUT_REGISTRATION, "44", date(2026, 3, 2))

    assert due(rule, at(2026, 3, 2)) == LIMITS.due(
        Wait.OUT_REGISTRATION, "44", at(2026, 3, 2)
    )
    waits = {one.wait for one in STATES.values()}
    waits |= {one.overdue_wait for one in STATES.values()}
    assert {each.wait for each in LIMITS.rules} == waits - {None} == set(Wait)
