"""Facts that cannot be: refused with rule and reason, and nothing is changed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hub.following.clock_facts import fact_refused
from schema.records.refusal import Refusal
from tests.following.clock_samples import DISMISSAL, RULES, day, fact, facts

TODAY = day("05-10")
AWARD = facts("arbitration-accepted 03-30, award-extended 05-04")


def refused(new, told=(), today=TODAY) -> str | None:
    refusal = fact_refused(RULES, DISMISSAL, list(told), new, today)
    if refusal is None:
        return None
    assert isinstance(refusal, Refusal)
    assert all((refusal.rule, refusal.message.zh, refusal.remedy.en))
    return refusal.code


@pytest.mark.parametrize(
    ("new", "told", "code"),
    [
        (fact("right-known", "05-10"), (), None),
        (fact("right-known", "05-11"), (), "FACT_IN_FUTURE"),
        (fact("tea-was-drunk", "05-01"), (), "UNKNOWN_FACT"),
        (fact("hearing-set", "05-01"), (), "NO_DAY_NAMED"),
        (fact("hearing-set", "05-01", names=day("06-01")), (), None),
        (fact("hearing-set", "05-01", names=day("04-30")), (), "DAY_NAMED_IS_NONE"),
        (
            fact("hearing-set", "05-01", names=day("2036-05-11")),
            (),
            "DAY_NAMED_IS_NONE",
        ),
        # Extensions: once, in time, by what may be.
        (fact("award-extended", "05-04"), AWARD[:1], None),
        (fact("award-extended", "05-08"), AWARD, "EXTENDED_ALREADY"),
        (fact("award-extended", "05-04"), (), "NOTHING_TO_EXTEND"),
        (fact("award-extended", "05-04", days=16), AWARD[:1], "EXTENDED_TOO_LONG"),
        (fact("award-extended", "05-04", days=15), AWARD[:1], None),
        (fact("award-extended", "05-04", days=0), AWARD[:1], "EXTENDED_BY_NOTHING"),
        (fact("award-extended", "05-04", about="x"), AWARD[:1], "NOTHING_TO_EXTEND"),
        (
            fact("award-extended", "04-30"),
            facts("arbitration-accepted 03-02"),
            "NOTHING_TO_EXTEND",
        ),
        (
            fact("injury-application-extended", "05-04", days=20),
            facts("injury-known 04-20"),
            None,
        ),
        (
            fact("injury-application-extended", "05-04"),
            facts("injury-known 04-20"),
            "NOTHING_TO_EXTEND",
        ),
        # Corrections.
        (replace(AWARD[0], on=day("03-31"), revision=1), AWARD, None),
        (replace(AWARD[0], on=day("03-31")), AWARD, "OTHER_REVISION"),
        (replace(AWARD[0], on=day("03-31"), revision=2), AWARD, "OTHER_REVISION"),
        (replace(AWARD[0], kind="award-made", revision=1), AWARD, "OTHER_FACT"),
        (replace(AWARD[0], about="x", revision=1), AWARD, "OTHER_FACT"),
        (fact("right-known", "05-01", revision=1), (), "NOTHING_TO_CORRECT"),
        (fact("right-known", "05-01", withdrawn=True), (), "NOTHING_TO_CORRECT"),
        (replace(AWARD[0], on=day("05-11"), revision=1), AWARD, "FACT_IN_FUTURE"),
        (replace(AWARD[0], on=day("03-09"), revision=1), AWARD[:1], "DUE_INTO_PAST"),
        (replace(AWARD[0], on=day("03-26"), revision=1), AWARD[:1], None),
        # The same, word for word: a callback may come twice.
        (AWARD[1], AWARD, None),
    ],
)
def test_a_fact_is_taken_or_refused_with_its_reason(new, told, code):
    assert refused(new, told) == code


def test_to_take_an_extension_back_may_end_nothing_in_the_past():
    back = replace(AWARD[1], withdrawn=True, revision=1)

    assert refused(back, AWARD) is None
    assert refused(back, AWARD, today=day("05-20")) == "DUE_INTO_PAST"


def test_a_refusal_names_the_clock_in_both_languages():
    moved = replace(AWARD[0], on=day("03-09"), revision=1)
    refusal = fact_refused(RULES, DISMISSAL, AWARD[:1], moved, TODAY)

    assert "仲裁裁决" in refusal.message.zh
    assert "award" in refusal.message.en


def test_what_is_late_already_may_be_stated_late():
    assert refused(fact("right-known", "2020-01-01")) is None


def test_what_is_taken_back_and_stated_again_is_corrected():
    known = fact("injury-known", "05-01")
    back = replace(known, revision=1, withdrawn=True)
    again = replace(known, id="again", on=day("03-01"))

    assert refused(back, [known]) is None
    assert refused(again, [back]) == "DUE_INTO_PAST"
    assert refused(replace(again, on=day("05-02")), [back]) is None
    assert refused(again) is None, "nothing ran before: it is stated late"
    after = day("08-01")
    assert refused(again, [back], after) is None, "it had passed by itself"


def test_to_take_a_fact_back_changes_nothing_else_of_it():
    known = fact("injury-known", "05-01")
    back = replace(known, revision=1, withdrawn=True, on=day("01-05"))

    assert refused(back, [known]) == "OTHER_FACT"


@pytest.mark.parametrize("days", [3661, 900_000, 2**31 - 1])
def test_nothing_is_extended_beyond_ten_years(days):
    extended = fact("injury-application-extended", "05-04", days=days)

    assert refused(extended, facts("injury-known 04-20")) == "EXTENDED_TOO_LONG"
