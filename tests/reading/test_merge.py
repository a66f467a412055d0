"""Rows of many provinces become one file, and no disagreement is hidden."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from connectors.faults import fault
from hub.reading.merge import merge
from hub.reading.survivorship import Survivorship
from schema.records.employment import EmploymentRecord
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.merged import Merged
from schema.records.rights_case import CaseStatus
from schema.records.selection import Selection
from schema.records.told import FaultCode, NotOffered
from tests.builders.tellings import (
    WORKER,
    case,
    day,
    gathered,
    membership,
    source,
    told,
)

RULES = Survivorship.load(files("hub.rules").joinpath("survivorship.toml").read_bytes())
ALL = Selection.everything()


def joined(*tellings, faults=(), selection=ALL) -> Merged:
    return merge(WORKER, gathered(*tellings, faults=faults), selection, RULES)


def test_where_provinces_agree_there_is_no_conflict():
    merged = joined(told("44", name="王芳"), told("51", name="王芳"))

    assert merged.record.name == "王芳"
    assert merged.conflicts == ()
    assert [s.province for s in merged.sources] == ["44", "51"]


def test_the_latest_name_survives_and_both_are_shown_with_their_sources():
    merged = joined(told("44", 5, name="王芳"), told("51", 9, name="汪芳"))

    assert merged.record.name == "汪芳"
    (conflict,) = merged.conflicts
    assert (conflict.kind, conflict.row, conflict.field) == (
        RecordKind.WORKER,
        "",
        "name",
    )
    assert conflict.rule == "latest"
    assert [(v.value, v.source.province) for v in conflict.versions] == [
        ("汪芳", "51"),
        ("王芳", "44"),
    ]


def test_a_province_that_does_not_know_does_not_contradict():
    merged = joined(told("44", 9, name=None), told("51", 1, name="王芳"))

    assert merged.record.name == "王芳"
    assert merged.conflicts == ()


def test_a_missing_end_of_a_job_contradicts_an_end():
    def job(as_of, ended_on):
        return (
            EmploymentRecord(
                id="E", as_of=day(as_of), contract_no="C-1", ended_on=ended_on
            ),
        )

    merged = joined(
        told("44", employments=job(9, None)),
        told("51", employments=job(2, date(2025, 6, 30))),
    )

    (row,) = merged.rows[RecordKind.EMPLOYMENT]
    assert row.record.ended_on is None
    assert [c.rule for c in merged.conflicts] == ["employment-end-latest"]


def test_the_birth_date_that_most_hold_survives_a_later_slip():
    right, slip = date(1990, 5, 1), date(1990, 5, 7)
    merged = joined(
        told("44", 1, birth_date=right),
        told("51", 2, birth_date=right),
        told("63", 9, birth_date=slip),
    )

    assert merged.record.birth_date == right
    assert merged.conflicts[0].rule == "birth-date-majority"


def test_one_case_told_by_two_provinces_is_one_row_led_by_the_lead_province():
    merged = joined(
        told("51", 9, rights_cases=(
            case("S-7", "CASE-1", 9, lead_province="44", status=CaseStatus.INTAKE,
                 first_touch_on=date(2026, 1, 3)),)),
        told("44", 2, rights_cases=(
            case("G-1", "CASE-1", 2, lead_province="44",
                 status=CaseStatus.IN_ARBITRATION,
                 first_touch_on=date(2026, 1, 8)),)),
    )  # fmt: skip

    (row,) = merged.rows[RecordKind.RIGHTS_CASE]
    assert row.id == "44:G-1"
    assert row.source.province == "44"
    assert [s.province for s in row.sources] == ["44", "51"]
    assert row.record.status is CaseStatus.IN_ARBITRATION
    assert row.record.first_touch_on == date(2026, 1, 3), "the earliest is evidence"
    rules = {c.field: c.rule for c in merged.conflicts}
    assert rules == {
        "status": "case-closed-lead",
        "first_touch_on": "first-touch-earliest",
    }


def test_rows_without_a_common_number_stand_side_by_side():
    merged = joined(
        told("44", rights_cases=(case("1", None),)),
        told("51", rights_cases=(case("1", None),)),
    )

    assert [row.id for row in merged.rows[RecordKind.RIGHTS_CASE]] == ["44:1", "51:1"]


def test_memberships_are_shown_the_latest_first():
    merged = joined(
        told("44", memberships=(membership("b", since=date(2024, 1, 1)),)),
        told("51", memberships=(membership("a", since=date(2015, 1, 1)),)),
    )

    ids = [row.id for row in merged.rows[RecordKind.MEMBERSHIP]]
    assert ids == ["44:b", "51:a"]


def test_conflicts_are_looked_for_only_in_what_was_asked_for():
    merged = joined(
        told("44", name="王芳"),
        told("51", name="汪芳"),
        selection=Selection.of({RecordKind.WORKER: {"sex"}}),
    )

    assert merged.conflicts == ()


def test_a_fault_makes_the_file_incomplete_and_is_named():
    lost = fault(ProvinceCode("63"), FaultCode.TIMED_OUT)
    merged = joined(told("44", name="王芳"), faults=(lost,))

    whole = merged.completeness
    assert not whole.complete
    assert whole.asked == ("44", "63")
    assert whole.answered == ("44",)
    assert whole.faults == (lost,)


def test_a_kind_that_is_kept_but_not_served_makes_the_file_incomplete():
    lacking = NotOffered(ProvinceCode("63"), RecordKind.HARDSHIP_FILE)
    one = gathered(told("63"))
    whole = merge(
        WORKER, msgspec.structs.replace(one, not_offered=(lacking,)), ALL, RULES
    ).completeness

    assert not whole.complete
    assert whole.not_offered == (lacking,)


def test_a_field_that_an_older_contract_lacks_is_named_but_takes_nothing_away():
    lacking = NotOffered(ProvinceCode("63"), RecordKind.MEMBERSHIP, "seasonal")
    one = gathered(told("63"))
    whole = merge(
        WORKER, msgspec.structs.replace(one, not_offered=(lacking,)), ALL, RULES
    ).completeness

    assert whole.complete
    assert whole.not_offered == (lacking,)


def test_when_nobody_told_there_is_no_record_rather_than_an_empty_one():
    merged = joined(faults=(fault(ProvinceCode("63"), FaultCode.TIMED_OUT),))

    assert merged.record is None
    assert merged.rows[RecordKind.MEMBERSHIP] == ()


def test_a_province_that_lists_a_case_twice_contradicts_itself_in_the_open():
    merged = joined(
        told("44", rights_cases=(
            case("1", "A", 2, status=CaseStatus.ACCEPTED),
            case("2", "A", 1, status=CaseStatus.CLOSED))),
    )  # fmt: skip

    (row,) = merged.rows[RecordKind.RIGHTS_CASE]
    assert [s.province for s in row.sources] == ["44"]
    assert [v.value for c in merged.conflicts for v in c.versions] == [
        CaseStatus.ACCEPTED,
        CaseStatus.CLOSED,
    ]


# ---- properties -------------------------------------------------------------

PROVINCES = ("33", "37", "42", "44", "51", "63")
_names = st.sampled_from(["王芳", "汪芳", "王  芳", None])
_days = st.integers(0, 3)
_dates = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 1, 4)))


@st.composite
def cases(draw):
    return tuple(
        case(
            f"c{index}",
            draw(st.sampled_from(["A", "B", "C", None])),
            draw(_days),
            lead_province=draw(st.sampled_from([None, *PROVINCES])),
            status=draw(st.sampled_from(list(CaseStatus)[:4])),
            first_touch_on=draw(_dates),
            closed_on=draw(_dates),
        )
        for index in range(draw(st.integers(0, 3)))
    )


@st.composite
def tellings(draw):
    return [
        told(
            province,
            draw(_days),
            name=draw(_names),
            birth_date=draw(_dates),
            rights_cases=draw(cases()),
        )
        for province in draw(st.lists(st.sampled_from(PROVINCES), unique=True))
    ]


@given(tellings(), st.randoms())
def test_the_order_in_which_provinces_answer_does_not_matter(given_, random):
    shuffled = list(given_)
    random.shuffle(shuffled)

    assert joined(*given_) == joined(*shuffled)


@given(tellings())
def test_telling_twice_changes_nothing(given_):
    assert joined(*given_) == joined(*given_, *given_)


@given(tellings())
def test_every_value_was_told_by_a_named_source(given_):
    merged = joined(*given_)

    for field in ("name", "birth_date"):
        if merged.record is None:
            break
        value = getattr(merged.record, field)
        assert value in [getattr(t.record, field) for t in given_]
    for row in merged.rows[RecordKind.RIGHTS_CASE]:
        names = {s.province for s in row.sources}
        assert row.source == row.sources[0]
        for field in ("status", "first_touch_on", "closed_on"):
            value = getattr(row.record, field)
            assert any(
                getattr(c, field) == value
                for t in given_
                if t.source.province in names
                for c in t.record.rights_cases
            )


@given(tellings())
def test_no_row_is_lost_and_none_stands_twice(given_):
    rows = joined(*given_).rows[RecordKind.RIGHTS_CASE]

    expected = set()
    for t in given_:
        for c in t.record.rights_cases:
            expected.add(c.case_no or (t.source.province, c.id))
    assert len(rows) == len(expected)
    assert len({row.id for row in rows}) == len(rows)


@given(tellings())
def test_every_disagreement_is_shown_and_nothing_else_is(given_):
    merged = joined(*given_)

    names = {t.record.name for t in given_} - {None}
    shown = [c for c in merged.conflicts if c.field == "name"]
    assert bool(shown) == (len(names) > 1)
    for conflict in merged.conflicts:
        values = {v.value for v in conflict.versions}
        assert len(values) > 1
        assert RULES.rule(conflict.kind, conflict.field).id == conflict.rule


def test_the_chosen_version_is_the_one_shown():
    merged = joined(told("44", 5, name="王芳"), told("51", 9, name="汪芳"))

    assert merged.conflicts[0].versions[0].value == merged.record.name
    assert merged.conflicts[0].versions[0].source == source("51", 9)


def test_what_is_dated_ahead_is_believed_last_and_shown_as_it_was_told():
    merged = joined(told("44", 5, name="王芳"), told("51", 9_999, name="汪芳"))

    assert merged.record.name == "王芳"
    (conflict,) = merged.conflicts
    assert [(v.value, v.source.as_of) for v in conflict.versions] == [
        ("王芳", day(5)),
        ("汪芳", day(9_999)),
    ]
