"""Who is above whom on a day, and who acts for whom."""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.organisation import mistakes
from hub.organisation.checking import check
from hub.organisation.directory import Directory
from hub.organisation.mistakes import BadDirectory
from schema.records.membership import OrganisationKind as Kind
from tests.organisation.trees import (
    CITY,
    COUNTY,
    FIRM,
    FROM,
    PROVINCE,
    SICHUAN,
    TODAY,
    TOWNSHIP,
    TREE,
    VILLAGE,
    one,
)

WHOLE = Directory(TREE)


@pytest.mark.parametrize(
    ("office", "union", "acts"),
    [
        ("firm", "firm", True),
        ("county", "firm", True),
        ("440000-01", "firm", True),
        ("440000-01", "440000-01", True),
        ("firm", "county", False),
        ("other-city", "firm", False),
        ("510000-01", "firm", False),
        ("440000-01", "510000-01", False),
        ("nobody", "firm", False),
        ("440000-01", "nobody", False),
        ("nobody", "nobody", False),
    ],
)
def test_an_office_acts_for_itself_and_all_below_it(office, union, acts):
    assert WHOLE.acts_for(office, union, TODAY) is acts
    assert (union in WHOLE.subordinates(office, TODAY)) is acts


def test_nobody_acts_for_anybody_before_they_stand():
    before = FROM - timedelta(days=1)

    assert WHOLE.get("firm", before) is None
    assert not WHOLE.acts_for("440000-01", "firm", before)
    assert WHOLE.subordinates("440000-01", before) == frozenset()


def test_a_union_that_moved_has_the_parent_of_the_day():
    moved = date(2020, 1, 1)
    there = Directory([
        *(row for row in TREE if row is not FIRM),
        replace(FIRM, valid_to=moved - timedelta(days=1)),
        replace(FIRM, parent="other-city", valid_from=moved),
    ])  # fmt: skip

    assert there.acts_for("county", "firm", moved - timedelta(days=1))
    assert not there.acts_for("county", "firm", moved)
    assert there.acts_for("other-city", "firm", moved)
    assert "firm" in there.subordinates("440000-01", moved)


def test_a_union_that_is_gone_is_its_last_parents_and_does_not_act_itself():
    gone = date(2020, 1, 1)
    there = Directory([
        *(row for row in TREE if row is not FIRM), replace(FIRM, valid_to=gone)
    ])  # fmt: skip

    assert there.get("firm", TODAY) is None
    assert there.acts_for("county", "firm", TODAY)
    assert "firm" in there.subordinates("440000-01", TODAY)
    assert not there.acts_for("firm", "firm", TODAY)
    assert there.subordinates("firm", TODAY) == frozenset()


@pytest.mark.parametrize(
    ("division", "found"),
    [
        ("440106", "village"),
        ("440106001", "village"),
        ("440106001002", "village"),
        ("440303", "other-city"),
        ("440399", "other-city"),
        ("449901", "440000-01"),
        ("510104", "510000-01"),
        ("110101", None),
        ("", None),
    ],
)
def test_who_lives_in_a_place_has_a_union_of_residence(division, found):
    union = WHOLE.residence(division, TODAY)

    assert (union.code if union else None) == found


def test_of_several_local_unions_in_a_county_the_county_union_is_sure():
    another = one("village-2", "township", kind=Kind.VILLAGE)
    more = one("township-2", "county", kind=Kind.TOWNSHIP)

    assert Directory([*TREE, another]).residence("440106", TODAY) == TOWNSHIP
    assert Directory([*TREE, another, more]).residence("440106", TODAY) == COUNTY


def test_of_several_local_unions_without_a_county_union_it_is_always_the_same():
    flat = [
        PROVINCE,
        one("b", "440000-01", kind=Kind.TOWNSHIP),
        one("a", "440000-01", kind=Kind.TOWNSHIP),
    ]

    assert Directory(flat).residence("440106", TODAY).code == "a"
    assert Directory(flat[::-1]).residence("440106", TODAY).code == "a"


def test_the_full_code_of_a_village_finds_that_village():
    exact = replace(VILLAGE, code="exact", division="440106001002")

    assert Directory([*TREE, exact]).residence("440106001002", TODAY).code == "exact"


def test_a_union_that_is_gone_takes_nobody_in():
    gone = [replace(row, valid_to=date(2020, 1, 1)) if row is VILLAGE else row
            for row in TREE]  # fmt: skip

    assert Directory(gone).residence("440106", TODAY) == TOWNSHIP


END = date(2019, 12, 31)
WRONG = [
    ([one("orphan", "nobody")], mistakes.PARENT_UNKNOWN),
    ([replace(FIRM, code="x", parent=None)], mistakes.NO_PARENT),
    ([one("x", "x")], mistakes.RING),
    ([one("x", "y"), one("y", "z"), one("z", "x")], mistakes.RING),
    ([replace(CITY, code="x", province="51")], mistakes.PARENT_OF_OTHER_PROVINCE),
    ([FIRM], mistakes.PERIOD_TWICE),
    ([replace(FIRM, valid_from=END)], mistakes.PERIODS_OVERLAP),
    ([replace(FIRM, code="x", valid_to=date(1999, 1, 1))], mistakes.ENDS_BEFORE_IT_BEGINS),
    (
        [one("x", "county", planned_end=date(1999, 1, 1))],
        mistakes.ENDS_BEFORE_IT_BEGINS,
    ),
    (
        [one("p", "county", valid_to=END), one("c", "p")],
        mistakes.PARENT_NOT_STANDING,
    ),
    (
        [one("p", "county", valid_from=date(2001, 1, 1)), one("c", "p")],
        mistakes.PARENT_NOT_STANDING,
    ),
    (
        [one("p", "county", valid_to=END),
         one("p", "county", valid_from=date(2020, 1, 2)), one("c", "p")],
        mistakes.PARENT_NOT_STANDING,
    ),
    (
        [one("x", "county", valid_to=END),
         one("x", "510000-01", province="51", valid_from=TODAY)],
        mistakes.PROVINCE_CHANGED,
    ),
    ([one("x", "county", landing="nobody")], mistakes.LANDING_UNKNOWN),
    ([one("x", "county", landing="x")], mistakes.LANDING_UNKNOWN),
    (
        [one("x", "county", kind=Kind.PROJECT_UNION, landing="township")],
        mistakes.PROJECT_WITHOUT_END,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "why"), WRONG, ids=range(len(WRONG)))
def test_what_makes_no_forest_is_refused(rows, why):
    with pytest.raises(BadDirectory) as caught:
        Directory([*TREE, *rows])

    assert why in [refusal for _, refusal in caught.value.mistakes]
    assert why.message.zh in str(caught.value)
    assert why.message.en in str(caught.value)


def test_what_fits_is_taken():
    parent_in_two_periods = [
        one("p", "county", valid_to=END),
        one("p", "city", valid_from=END + timedelta(days=1)),
        one("c", "p"),
        one("until", "p", valid_to=TODAY),
    ]
    nation = one("nation", kind=Kind.NATIONAL, province="00", division="100000")
    under = replace(SICHUAN, parent="nation")
    station = one("station", "510000-01", province="51", division="440106",
                  kind=Kind.OUT_OF_PROVINCE_STATION)  # fmt: skip
    project = one("project", "county", kind=Kind.PROJECT_UNION, landing="township",
                  planned_end=date(2027, 6, 30))  # fmt: skip
    rest = [row for row in TREE if row is not SICHUAN]
    more = [*parent_in_two_periods, nation, under, station, project]

    there = Directory([*rest, *more])

    assert there.acts_for("nation", "station", TODAY)
    assert there.acts_for("county", "c", END)
    assert not there.acts_for("county", "c", TODAY)


def test_two_that_changed_places_are_no_ring():
    swap = date(2020, 1, 1)
    last = swap - timedelta(days=1)
    rows = [
        one("a", "county", valid_to=last), one("b", "a", valid_to=last),
        one("b", "county", valid_from=swap), one("a", "b", valid_from=swap),
    ]  # fmt: skip

    there = Directory([*TREE, *rows])

    assert there.acts_for("a", "b", last)
    assert there.acts_for("b", "a", swap)


def test_a_ring_of_a_few_days_is_found():
    rows = [
        one("a", "county", valid_to=date(2020, 1, 9)),
        one("b", "a", valid_to=date(2020, 1, 9)),
        one("b", "county", valid_from=date(2020, 1, 10)),
        one("c", "b"),
        one("a", "c", valid_from=date(2020, 1, 10)),
    ]
    assert check([*TREE, *rows]) == []

    ring = [*rows[:2], replace(rows[2], parent="a"), *rows[3:]]

    assert [refusal for _, refusal in check([*TREE, *ring])] == [mistakes.RING]


@st.composite
def forests(draw):
    """Organisations in periods, some of them in rings or with no parent that stands."""
    codes = "abcdefg"
    days = st.integers(0, 40).map(lambda n: FROM + timedelta(days=n))
    rows = [one("top")]
    for code in codes:
        parents = st.sampled_from(["top", *(c for c in codes if c != code)])
        cut = draw(st.none() | days)
        if cut is None:
            rows.append(one(code, draw(parents)))
            continue
        rows.append(one(code, draw(parents), valid_to=cut))
        if draw(st.booleans()):
            rows.append(
                one(code, draw(parents), valid_from=cut + timedelta(days=1))
            )  # fmt: skip
    return rows


@given(forests(), st.integers(-1, 60))
def test_a_directory_that_loads_is_a_forest_on_every_day(rows, day):
    on = FROM + timedelta(days=day)
    if wrong := check(rows):
        with pytest.raises(BadDirectory):
            Directory(rows)
        assert all(row in rows for row, _ in wrong)
        return
    there = Directory(rows)
    for office in "abcdefg":
        assert there.acts_for("top", office, on) is (
            any(r.code == office and r.valid_from <= on for r in rows)
        )
        for union in "abcdefg":
            acts = there.acts_for(office, union, on)
            assert acts is (union in there.subordinates(office, on))
            if office != union and there.get(union, on) and acts:
                assert not there.acts_for(union, office, on)


@given(forests())
def test_what_is_refused_is_wrong_on_some_day(rows):
    """The check against a slow and plain one: walk up from each on each day."""
    standing = {}
    for row in rows:
        for n in range(45):
            on = FROM + timedelta(days=n)
            if row.stands(on):
                standing[row.code, on] = row.parent

    def leads_up(code, on):
        for _ in range(10):
            if code == "top":
                return True
            code = standing.get((code, on))
        return False

    assert (check(rows) == []) is all(leads_up(*one) for one in standing)


def test_fifty_thousand_organisations_are_looked_up_at_once():
    rows = [one("top", division="440000")]
    for c in range(20):
        rows.append(one(f"{c}", "top", kind=Kind.CITY, division=f"44{c:02}00"))
        for k in range(25):
            county = f"{c}/{k}"
            rows.append(
                one(county, f"{c}", kind=Kind.COUNTY, division=f"44{c:02}{k:02}")
            )
            rows += [one(f"{county}/{n}", county) for n in range(100)]
    assert len(rows) > 50_000

    there = Directory(rows)
    began = perf_counter()
    for _ in range(1000):
        assert there.acts_for("top", "7/7/7", TODAY)
        assert there.residence("440707", TODAY).code == "7/7"
        assert len(there.subordinates("top", TODAY)) == len(rows)

    assert perf_counter() - began < 1
