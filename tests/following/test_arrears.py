"""Arrears reports, employers' codes and groups, numbers, and early warning."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from stdnum.cn import uscc

from hub.following.arrears import (
    collectives,
    early_warning,
    receipts,
    report_refused,
)
from hub.following.clocks import clocks_of
from hub.following.employers import EmployerGroups, GroupMistake, employer_code
from hub.following.thresholds import Number, ThresholdMistake, Thresholds
from hub.following.venue import route
from schema.records.arrears import Addressee, ArrearsReport, Reporter
from schema.records.refusal import Refusal
from schema.records.rights_case import CaseMatter
from tests.following.clock_samples import RULES, WAGES, day, fact, only
from tests.following.test_venue import ATLAS, asked

TODAY = day("11-22")


def made_up(number: int) -> str:
    """Make an employer's code with the right check digit."""
    first = f"91440106MA{number:07d}"
    return first + uscc.calc_check_digit(first)


FIRM, BRANCH, OTHER = made_up(1), made_up(2), made_up(3)
#: Its check digit, mistyped.
MISTYPED = FIRM[:-1] + ("0" if FIRM[-1] != "0" else "1")
GROUPS = f"""
version = 1
[[member]]
code = "{FIRM}"
group = "builders"
valid_from = 2020-01-01
source = "for this test"
[[member]]
code = "{BRANCH}"
group = "builders"
valid_from = 2020-01-01
valid_to = 2026-06-30
source = "for this test"
"""
BUILDERS = EmployerGroups.load(GROUPS.encode())


def shipped(name: str) -> str:
    return files("hub.rules").joinpath(f"{name}.toml").read_text("utf-8")


def report(name: str = "r1", province: str = "44", **facts: object) -> ArrearsReport:
    given = {
        "on": day("03-02"),
        "reporter": Reporter.INFORMANT,
        "office": "x440106",
        "employer": FIRM,
        "division": "440106",
        "workers": 4,
        "since": day("2025-11-01"),
        "until": day("2026-01-31"),
        "amount": "32000.00",
    } | facts
    return ArrearsReport(id=name, province=province, **given)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (FIRM, FIRM),
        (f" {FIRM[:4]} {FIRM[4:8]}-{FIRM[8:].lower()}\n", FIRM),
        (MISTYPED, "EMPLOYER_CODE_CHECK_DIGIT"),
        ("92" + FIRM[2:], "EMPLOYER_CODE_CHECK_DIGIT"),
        (FIRM[:-1], "EMPLOYER_CODE_LENGTH"),
        ("", "EMPLOYER_CODE_LENGTH"),
        (FIRM[:10] + "O" + FIRM[11:], "EMPLOYER_CODE_CHARACTER"),
        ("A" + FIRM[1:], "EMPLOYER_CODE_CHARACTER"),
        ("９" + FIRM[1:], "EMPLOYER_CODE_CHARACTER"),
    ],
)
def test_an_employers_code_is_read_or_refused_in_both_languages(written, read):
    found = employer_code(written)

    if isinstance(found, Refusal):
        assert found.code == read
        assert found.rule == "employer-code"
        assert all((found.message.zh, found.message.en, found.remedy.zh))
    else:
        assert found == read


def test_an_employer_is_of_a_group_for_a_time_and_else_its_own():
    assert BUILDERS.group_of(FIRM, TODAY) == "builders"
    assert BUILDERS.group_of(BRANCH, day("06-30")) == "builders"
    assert BUILDERS.group_of(BRANCH, day("07-01")) == BRANCH
    assert BUILDERS.group_of(FIRM, day("2019-12-31")) == FIRM
    assert (
        EmployerGroups.load(shipped("employer_groups").encode()).group_of(FIRM, TODAY)
        == FIRM
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GROUPS.replace(FIRM, MISTYPED), "no unified"),
        (GROUPS.replace(BRANCH, FIRM), "two groups"),
        (GROUPS.replace("2026-06-30", "2019-06-30"), "ends before"),
        (GROUPS.replace("source", "sauce"), "sauce"),
    ],
)
def test_groups_that_cannot_be_are_not_loaded(text, said):
    with pytest.raises(GroupMistake, match=said):
        EmployerGroups.load(text.encode())


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, None),
        ({"employer": MISTYPED}, "EMPLOYER_CODE_CHECK_DIGIT"),
        ({"subcontractor": "1"}, "EMPLOYER_CODE_LENGTH"),
        ({"main_contractor": OTHER}, None),
        ({"since": day("03-01"), "until": day("02-01")}, "PERIOD_REVERSED"),
        ({"on": day("11-23")}, "REPORT_IN_FUTURE"),
        ({"until": day("11-23")}, "REPORT_IN_FUTURE"),
        ({"workers": 0}, "NO_WORKERS"),
        ({"workers": 1, "listed": frozenset({"w1", "w2"})}, "NO_WORKERS"),
        ({"amount": "0.00"}, "NO_AMOUNT"),
        ({"amount": "-5"}, "NO_AMOUNT"),
        ({"amount": "0.01"}, None),
    ],
)
def test_a_report_is_taken_or_refused_with_its_reason(facts, code):
    refusal = report_refused(report(**facts), TODAY)

    assert (refusal.code if refusal else None) == code


def test_arrears_are_reported_to_inspection_and_to_the_superior_each_with_a_clock():
    found = route(ATLAS, asked(workplace="440106"))
    inspection, superior = receipts(report(), found, ATLAS.directory)

    assert (inspection.addressee, inspection.to) == (Addressee.INSPECTION, "440106")
    assert (superior.addressee, superior.to) == (Addressee.SUPERIOR, "c4401")
    told = [fact("arrears-reported", "03-02"), fact("inspection-receipt", "03-03")]
    clocks = clocks_of(RULES, WAGES, told)
    assert only(clocks, inspection.clock).met_on == day("03-03")
    assert only(clocks, superior.clock).met_on is None
    assert any(kind.name == superior.clock for kind, _ in RULES.turns[superior.fact])


def test_where_a_provinces_union_leads_it_is_its_own_superior():
    found = route(ATLAS, asked(workplace="440106", intake="station", home=None))
    top = replace(found, lead="p44")

    assert receipts(report(), top, ATLAS.directory)[1].to == "p44"


def test_ten_workers_of_one_group_from_several_provinces_are_one_case_without_names():
    told = [
        report("a", "44", workers=4, listed=frozenset({"w1", "w2"})),
        report("b", "51", workers=3, employer=BRANCH, on=day("03-05")),
        report("c", "52", workers=3, on=day("03-09"), listed=frozenset({"w1", "w9"})),
        report("d", "44", workers=9, employer=OTHER),
    ]
    assert collectives(told, BUILDERS, 10) == ()

    told.append(report("e", "51", workers=1, on=day("03-10")))
    (case,) = collectives(told, BUILDERS, 10)

    # w1 is listed twice, and counts once.
    assert (case.group, case.workers, case.reached_on) == ("builders", 10, day("03-10"))
    assert case.reports == {"44": ("a",), "51": ("b", "e"), "52": ("c",)}
    assert "w1" not in repr(case)


def test_a_branch_that_left_its_group_is_no_longer_linked():
    told = [
        report("a", workers=6),
        report("b", workers=6, employer=BRANCH, on=day("07-01")),
    ]

    assert collectives(told, BUILDERS, 10) == ()
    assert collectives([told[0], replace(told[1], on=day("06-30"))], BUILDERS, 10)


REPORTS = st.lists(
    st.builds(
        report,
        st.sampled_from([f"r{n}" for n in range(40)]),
        st.sampled_from(["44", "51", "52"]),
        employer=st.sampled_from([FIRM, BRANCH, OTHER]),
        on=st.dates(date(2026, 1, 1), date(2026, 11, 1)),
        workers=st.integers(3, 6),
        listed=st.frozensets(st.sampled_from(["w1", "w2", "w3"])),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@settings(max_examples=150, deadline=None)
@given(REPORTS, st.randoms(use_true_random=False))
def test_linking_is_the_same_in_any_order_and_never_falls_apart(reports, random):
    shuffled = [*reports, *reports]
    random.shuffle(shuffled)
    found = collectives(reports, BUILDERS, 10)

    assert collectives(shuffled, BUILDERS, 10) == found
    linked = {name for case in found for ids in case.reports.values() for name in ids}
    assert len(linked) == sum(
        len(ids) for case in found for ids in case.reports.values()
    )
    for case in found:
        assert case.workers >= 10
    # One report more only adds.
    for case in collectives(reports[1:], BUILDERS, 10):
        (again,) = [each for each in found if each.group == case.group]
        assert again.workers >= case.workers
        assert again.reached_on <= case.reached_on


@pytest.mark.parametrize(
    ("signals", "acts", "reports", "expected"),
    [
        (["03-01"], ["03-04"], ["03-09"], ("03-01", 3, 8)),
        (["03-05", "03-01"], ["03-09", "03-04"], ["03-10"], ("03-01", 3, 9)),
        # A report is a signal itself.
        ([], ["03-04"], ["03-02"], ("03-02", 2, 0)),
        (["03-01"], [], [], ("03-01", None, None)),
        # A signal that was written down late.
        (["03-05"], ["03-02"], [], ("03-02", 0, None)),
    ],
)
def test_early_warning_is_measured_from_the_first_sign(
    signals, acts, reports, expected
):
    found = early_warning(
        signals=map(day, signals), acts=map(day, acts), reports=map(day, reports)
    )

    assert (found.first_signal, found.days_to_act, found.days_to_report) == (
        day(expected[0]),
        *expected[1:],
    )


def test_where_nothing_happened_nothing_is_measured():
    assert early_warning(signals=(), acts=(), reports=()) is None


NUMBERS = shipped("thresholds")
ALL = Thresholds.load(NUMBERS.encode())


def test_an_award_is_final_up_to_twelve_minimum_wages_an_item():
    wage = Decimal("2360.00")

    assert ALL.is_final(Decimal("28320.00"), wage, "44", TODAY)
    assert not ALL.is_final(Decimal("28320.01"), wage, "44", TODAY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (Number.COLLECTIVE_WORKERS, 10),
        (Number.ARREARS_LINKED_WORKERS, 10),
        (Number.AID_FIRST_DAYS, 7),
        (Number.FINAL_AWARD_MONTHS, 12),
        (Number.ACCEPTED_WITHIN_DAYS, 7),
        (Number.ACCEPTED_PERCENT, 80),
        (Number.ANSWERED_PERCENT, 80),
    ],
)
def test_numbers_are_those_of_the_rulebook(name, value):
    assert ALL.of(name, "44", TODAY).value == value


def test_wages_and_injuries_have_aid_without_a_means_test():
    assert ALL.has_aid_without_means_test(CaseMatter.WAGE_ARREARS)
    assert ALL.has_aid_without_means_test(CaseMatter.WORK_INJURY)
    assert not ALL.has_aid_without_means_test(CaseMatter.DISMISSAL)


def test_a_province_may_have_a_number_of_its_own_from_a_day_on():
    own = (
        '[[threshold]]\nname = "arrears-linked-workers"\nvalue = 5\n'
        'jurisdiction = "51"\nvalid_from = 2026-06-01\n'
        'text_zh = "…"\ntext_en = "…"\nsource = "for this test"\n'
    )
    found = Thresholds.load((NUMBERS + own).encode())
    name = Number.ARREARS_LINKED_WORKERS

    assert found.of(name, "51", TODAY).value == 5
    assert found.of(name, "44", TODAY).value == 10
    assert found.of(name, "51", day("05-31")).value == 10
    with pytest.raises(LookupError):
        found.of(name, "51", day("2015-12-31"))
    with pytest.raises(ThresholdMistake, match="two hold"):
        Thresholds.load((NUMBERS + own + own).encode())
    with pytest.raises(ThresholdMistake, match="one at least"):
        Thresholds.load((NUMBERS + own.replace("= 5", "= 0")).encode())
    with pytest.raises(ThresholdMistake, match="none for all"):
        Thresholds.load(
            NUMBERS.replace('jurisdiction = "*"', 'jurisdiction = "44"', 1).encode()
        )
    with pytest.raises(ThresholdMistake, match="moons"):
        Thresholds.load((NUMBERS + own + "moons = 1\n").encode())
