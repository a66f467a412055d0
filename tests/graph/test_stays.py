"""The history of a membership: one home for each day, and nothing hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.graph.claims import claims_of
from schema.graph.stays import BY_THE_JOURNAL, BY_THE_LATER, StaySource, stays
from schema.records.arriving import Moved
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.membership import MembershipRecord, MembershipState
from schema.records.merged import MergedRow
from schema.records.record import UNSET
from schema.records.told import Source
from schema.records.transfer import Basis, Transfer, TransferState

NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)
STATE = MembershipState


def row(union, since, until=None, *, province=None, state=STATE.ACTIVE, id="m", **more):  # noqa: A002
    province = province or union[0]
    record = MembershipRecord(
        id=id, as_of=more.pop("as_of", NOON), union_code=union, state=state,
        since=since, until=until, membership_no="N-1", **more,
    )  # fmt: skip
    source = Source(ProvinceCode(province), record.as_of, NOON)
    return MergedRow(f"{province}:{id}:{union}:{since}", record, source, (source,))


def move(old, new, on, *, basis=Basis.REQUEST, state=TransferState.COMPLETED, n=0):
    transfer = Transfer(
        id=f"t-{old}{new}{on}{n}", worker=WorkerId("w"), basis=basis, state=state,
        home=new if on else old, home_province=ProvinceCode((new if on else old)[0]),
        owner=new, membership_no="N-1", from_union=old, from_province=ProvinceCode(old[0]),
        to_union=new, to_province=ProvinceCode(new[0]),
        opened_at=NOON + timedelta(seconds=n), changed_at=NOON,
    )  # fmt: skip
    return Moved(transfer, on)


def d(year, month=1, day=1):
    return date(year, month, day)


def brief(found):
    return [(s.union, s.since, s.until, s.home, s.source.value) for s in found]


def test_the_registers_of_two_provinces_make_one_line():
    found = stays(
        [
            row("B1", d(2023, 10, 7)),
            row("A1", d(2021), d(2023, 10, 7), state=STATE.TRANSFERRED),
        ],
        [],
    )

    assert brief(found) == [
        ("A1", d(2021), d(2023, 10, 6), True, "REGISTER"),
        ("B1", d(2023, 10, 7), None, True, "REGISTER"),
    ]
    assert [s.rule for s in found] == ["", ""]


def test_a_transfer_that_no_register_has_told_yet_moves_the_home_all_the_same():
    found = stays([row("A1", d(2021))], [move("A1", "B1", d(2024, 3, 1))])

    assert brief(found) == [
        ("A1", d(2021), d(2024, 2, 29), True, "REGISTER"),
        ("A1", d(2024, 3, 1), None, False, "REGISTER"),
        ("B1", d(2024, 3, 1), None, True, "HUB"),
    ] or brief(found) == [
        ("A1", d(2021), d(2024, 2, 29), True, "REGISTER"),
        ("B1", d(2024, 3, 1), None, True, "HUB"),
        ("A1", d(2024, 3, 1), None, False, "REGISTER"),
    ]
    (aside,) = (s for s in found if not s.home)
    assert aside.rule == BY_THE_JOURNAL, "the old register is behind, and that is shown"


def test_both_registers_and_the_hub_agree():
    found = stays(
        [
            row("A1", d(2021), d(2024, 3, 1), state=STATE.TRANSFERRED),
            row("B1", d(2024, 3, 1)),
        ],
        [move("A1", "B1", d(2024, 3, 1))],
    )

    assert brief(found) == [
        ("A1", d(2021), d(2024, 2, 29), True, "REGISTER"),
        ("B1", d(2024, 3, 1), None, True, "BOTH"),
    ]
    assert found[1].transfer == "t-A1B12024-03-010"


def test_a_receipt_that_came_late_leaves_the_home_where_the_hub_had_it():
    """The IN entry bears the day of the command; the province was down for two days."""
    found = stays(
        [
            row("A1", d(2021), d(2024, 3, 3), state=STATE.TRANSFERRED),
            row("B1", d(2024, 3, 1)),
        ],
        [move("A1", "B1", d(2024, 3, 3))],
    )

    assert [(s.union, s.since, s.home) for s in found if s.home] == [
        ("A1", d(2021), True),
        ("B1", d(2024, 3, 3), True),
    ]
    (aside,) = (s for s in found if not s.home)
    assert (aside.union, aside.since, aside.until, aside.rule) == (
        "B1", d(2024, 3, 1), d(2024, 3, 2), BY_THE_JOURNAL,
    )  # fmt: skip


def test_two_registers_that_claim_the_same_days_are_both_shown():
    found = stays([row("A1", d(2021)), row("B1", d(2023))], [])

    homes = [s for s in found if s.home]
    assert [(s.union, s.until) for s in homes] == [
        ("A1", d(2022, 12, 31)),
        ("B1", None),
    ]
    (aside,) = (s for s in found if not s.home)
    assert (aside.union, aside.since, aside.rule) == ("A1", d(2023), BY_THE_LATER)


def test_the_return_leg_comes_home_to_the_row_that_never_ended():
    found = stays(
        [row("A1", d(2020))],
        [move("A1", "B1", d(2022)), move("B1", "A1", d(2024))],
    )

    assert [(s.union, s.since, s.until) for s in found if s.home] == [
        ("A1", d(2020), d(2021, 12, 31)),
        ("B1", d(2022), d(2023, 12, 31)),
        ("A1", d(2024), None),
    ]


def test_as_of_a_day_nothing_later_is_known():
    rows = [
        row("A1", d(2021), d(2023, 10, 7), state=STATE.TRANSFERRED),
        row("B1", d(2023, 10, 7)),
    ]
    found = stays(rows, [move("A1", "B1", d(2023, 10, 7))], d(2023))

    assert brief(found) == [("A1", d(2021), None, True, "REGISTER")]
    assert found[0].state is None, "TRANSFERRED was not true on that day"
    assert stays(rows, [], d(2020)) == ()


@pytest.mark.parametrize(
    "state", [TransferState.IN_TRANSIT, TransferState.REJECTED, TransferState.RETURNING]
)
def test_a_transfer_that_moved_no_home_changes_nothing(state):
    rows = [row("A1", d(2021))]

    assert stays(rows, [move("A1", "B1", None, state=state)]) == stays(rows, [])


def test_an_application_is_no_membership_and_an_unknown_first_day_is_null():
    found = stays(
        [row("A1", d(2021), state=STATE.APPLIED), row("B1", UNSET, d(2020))], []
    )

    assert brief(found) == [("B1", None, d(2020), True, "REGISTER")]


def test_a_stay_that_is_over_without_a_last_day_ends_when_its_register_said_so():
    (found,) = stays([row("A1", d(2021), state=STATE.EXPELLED)], [])

    assert found.until == NOON.date()


def test_a_duplicate_stood_there_before_it_was_settled():
    found = stays(
        [row("A1", d(2020), d(2024), state=STATE.TRANSFERRED), row("B1", d(2022))],
        [move("A1", "B1", d(2024), basis=Basis.DUPLICATE)],
    )

    assert [(s.union, s.since, s.until) for s in found if s.home] == [
        ("A1", d(2020), d(2021, 12, 31)),
        ("B1", d(2022), None),
    ]
    (aside,) = (s for s in found if not s.home)
    assert (aside.union, aside.rule) == ("A1", BY_THE_LATER)


def test_a_landing_that_no_register_told_says_so():
    found = stays([], [move("A1", "B1", d(2024), state=TransferState.LANDED)])

    assert [(s.state, s.source) for s in found] == [
        (STATE.LANDED_FALLBACK, StaySource.HUB)
    ]


_DAYS = st.dates(d(2020), d(2020, 1, 20))
_UNIONS = st.sampled_from(["A1", "A2", "B1", "C1"])
_ROWS = st.lists(
    st.builds(
        row,
        _UNIONS,
        st.one_of(_DAYS, st.just(UNSET), st.none()),
        st.one_of(st.none(), st.just(UNSET), _DAYS),
        state=st.sampled_from(
            [STATE.ACTIVE, STATE.TRANSFERRED, STATE.OUT_REGISTERED, STATE.APPLIED]
        ),
        id=st.uuids().map(str),
        registered_out_on=st.one_of(st.just(UNSET), _DAYS),
    ),
    max_size=5,
)
_MOVES = st.lists(
    st.builds(
        move,
        _UNIONS,
        _UNIONS,
        st.one_of(st.none(), _DAYS),
        basis=st.sampled_from(Basis),
        n=st.integers(0, 99),
    ),
    max_size=4,
)


def _covers(one, day):
    return (one.since or date.min) <= day <= (one.until or date.max)


@given(_ROWS, _MOVES, st.one_of(st.none(), _DAYS))
def test_every_day_that_anybody_claims_has_one_home_and_every_claim_is_shown(
    rows, moves, as_of
):
    found = stays(rows, moves, as_of)
    today = as_of or date.max
    claims = claims_of(rows, moves, today)

    for number in range(-2, 25):
        day = d(2020) + timedelta(days=number)
        if day > today:
            continue
        here = [s for s in found if _covers(s, day)]
        claimed = {c.place for c in claims if c.first <= day <= c.last}
        assert sum(s.home for s in here) == bool(claimed)
        assert len(here) == len(claimed), "each place once: nothing hidden or doubled"
    assert all((s.rule == "") == s.home for s in found)
    assert all((s.since or date.min) <= today for s in found)


@given(_ROWS, _MOVES, _DAYS)
def test_what_comes_later_never_changes_what_was_told_as_of_a_day(rows, moves, as_of):
    earlier_rows = [
        one for one in rows
        if (one.record.since or None) is None or one.record.since is UNSET
        or one.record.since <= as_of
    ]  # fmt: skip
    earlier_moves = [one for one in moves if one.on is None or one.on <= as_of]

    assert stays(rows, moves, as_of) == stays(earlier_rows, earlier_moves, as_of)
