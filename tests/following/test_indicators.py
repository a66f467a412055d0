"""The five cooperation indicators, from the journal's events in any order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.following.indicators import cooperation, joined
from schema.records.cooperation import (
    CooperationEvent,
    CooperationStep,
    Indicators,
    Mean,
    Share,
)

BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
UNTIL = BEGIN + timedelta(days=60)
PAIR = ("44", "51")


def at(days: float) -> datetime:
    return BEGIN + timedelta(days=days)


def asked(name: str = "t", days: float = 0, **facts: object) -> CooperationEvent:
    given = {
        "asker": "x440106", "asker_province": "44", "asked": "home",
        "asked_province": "51", "answer_by": date(2026, 3, 16),
    } | facts  # fmt: skip
    return CooperationEvent(id=name, step=CooperationStep.ASKED, at=at(days), **given)


def step(name: str, days: float, of: str = "t", **facts: object) -> CooperationEvent:
    return CooperationEvent(id=of, step=CooperationStep[name], at=at(days), **facts)


def of_home(*events: CooperationEvent, until: datetime = UNTIL) -> Indicators:
    found = cooperation(events, until=until, within_days=7)
    assert found.corridors.get(PAIR, Indicators()) == found.unions.get(
        "home", Indicators()
    )
    return found.unions.get("home", Indicators())


@pytest.mark.parametrize(
    ("days", "share"),
    [(0, Share(1, 1)), (7, Share(1, 1)), (7.001, Share(0, 1)), (None, Share(0, 1))],
)
def test_accepted_within_seven_days_or_not(days, share):
    told = [] if days is None else [step("ACCEPTED", days)]

    assert of_home(asked(), *told).accepted == share


def test_what_may_still_be_done_in_time_is_not_judged_yet():
    assert of_home(asked(), until=at(7)) == Indicators()
    assert of_home(asked(), until=at(7.1)).accepted == Share(0, 1)
    # 16 March in China is over at 16:00 in UTC.
    assert of_home(asked(), until=at(14.6)).answered == Share()
    assert of_home(asked(), until=at(14.7)).answered == Share(0, 1)


@pytest.mark.parametrize(
    ("events", "share"),
    [
        ([step("ANSWERED", 14.6)], Share(1, 1)),
        ([step("ANSWERED", 14.7)], Share(0, 1)),
        ([step("EXTENDED", 9, answer_by=date(2026, 3, 20)), step("ANSWERED", 17)],
         Share(1, 1)),
        ([step("EXTENDED", 9, answer_by=date(2026, 3, 20)),
          step("EXTENDED", 10, answer_by=date(2026, 3, 18)), step("ANSWERED", 17)],
         Share(0, 1)),
    ],
)  # fmt: skip
def test_answered_by_the_agreed_day_in_china_or_not(events, share):
    assert of_home(asked(), *events).answered == share


def test_who_answers_at_once_has_accepted_and_the_mean_is_in_hours():
    told = of_home(
        asked("a"), asked("b"), step("ANSWERED", 1, "a"), step("ANSWERED", 3, "b")
    )

    assert told.accepted == Share(2, 2)
    assert told.answer_hours == Mean(96, 2)
    assert told.answer_hours.value == 48


def test_the_last_rating_counts_and_what_was_withdrawn_counts_for_nobody():
    told = of_home(
        asked("a"),
        step("RATED", 20, "a", timeliness=2, effort=3),
        step("RATED", 21, "a", timeliness=4, effort=5),
        asked("b"),
        step("RATED", 21, "b", timeliness=1, effort=1),
        step("WITHDRAWN", 22, "b"),
        step("ACCEPTED", 2, "never-asked"),
    )

    assert (told.timeliness.value, told.effort.value) == (4, 5)
    assert told.accepted.whole == 1


def test_within_one_province_there_is_no_corridor():
    found = cooperation(
        [asked(asked_province="44", asked="c4401"), step("ACCEPTED", 1)],
        until=UNTIL,
        within_days=7,
    )

    assert found.corridors == {}
    assert found.unions["c4401"].accepted == Share(1, 1)


def test_a_share_reaches_eighty_percent_exactly():
    assert Share(4, 5).reaches(80) is True
    assert Share(79, 100).reaches(80) is False
    assert Share(79, 100).percent == 79
    assert Share().reaches(80) is None
    assert Share().percent is None
    assert Mean().value is None


NAMES = st.sampled_from(["a", "b", "c"])
DAYS = st.integers(0, 80)
EVENTS = st.lists(
    st.one_of(
        st.builds(asked, NAMES, DAYS, asked=st.sampled_from(["home", "c5101"])),
        st.builds(
            step, st.sampled_from(["ACCEPTED", "ANSWERED", "WITHDRAWN"]), DAYS, NAMES
        ),
        st.builds(
            step, st.just("RATED"), DAYS, NAMES,
            timeliness=st.integers(1, 5), effort=st.integers(1, 5),
        ),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_events_does_not_matter(events, random):
    shuffled = [*events, *events]
    random.shuffle(shuffled)
    once = cooperation(events, until=UNTIL, within_days=7)

    assert cooperation(shuffled, until=UNTIL, within_days=7) == once


@settings(max_examples=120, deadline=None)
@given(EVENTS)
def test_the_corridor_is_the_sum_of_its_unions(events):
    found = cooperation(events, until=UNTIL, within_days=7)
    whole = Indicators()
    for one in found.unions.values():
        assert one.accepted.good <= one.accepted.whole
        whole = joined(whole, one)

    assert found.corridors.get(PAIR, Indicators()) == whole
