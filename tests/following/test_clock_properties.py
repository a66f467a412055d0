"""Clocks under any history: order, corrections, interruptions, one phase at a time."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.following.clock_facts import fact_refused
from hub.following.clock_words import why
from hub.following.clocks import clocks_of, first_touch, remind_on, standing
from schema.records.clock import ClockFact, Phase, Standing, Turn
from tests.following.clock_samples import DAYS, RULES, SETTINGS, TODAY, histories

MANY = settings(max_examples=80, deadline=None)
INTERRUPTING = sorted(
    {name for kind in RULES.kinds.values() for name in kind.interrupts}
)


@MANY
@given(SETTINGS, histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_became_known_does_not_matter(setting, told, random):
    shuffled = [*told, *told]
    random.shuffle(shuffled)

    assert clocks_of(RULES, setting, shuffled) == clocks_of(RULES, setting, told)
    assert first_touch(shuffled) == first_touch(told)


@MANY
@given(SETTINGS, histories(), st.data())
def test_a_correction_is_as_if_it_had_been_known_at_once(setting, told, data):
    place = data.draw(st.integers(0, len(told) - 1))
    right = replace(told[place], on=data.draw(DAYS), revision=1)
    gone = replace(right, withdrawn=True, revision=2)
    at_once = [*told[:place], replace(right, revision=0), *told[place + 1 :]]
    never = [*told[:place], *told[place + 1 :]]

    assert clocks_of(RULES, setting, [right, *told]) == clocks_of(
        RULES, setting, at_once
    )
    assert clocks_of(RULES, setting, [gone, *told, right]) == clocks_of(
        RULES, setting, never
    )


@MANY
@given(SETTINGS, histories(), st.sampled_from(INTERRUPTING), DAYS)
def test_an_interruption_never_shortens(setting, told, kind, on):
    new = ClockFact(id="new", kind=kind, on=on)
    # What else the fact does (a complaint meets one clock and interrupts another).
    moved = {each.name for each, turn in RULES.turns[kind] if turn is Turn.INTERRUPTED}
    before = {
        (clock.clock, clock.about): clock for clock in clocks_of(RULES, setting, told)
    }

    for clock in clocks_of(RULES, setting, [*told, new]):
        was = before.get((clock.clock, clock.about))
        if clock.clock not in moved or was is None:
            continue
        if was.phase is Phase.RUNNING and clock.phase is Phase.RUNNING:
            assert clock.due_on >= was.due_on
        elif was.phase is Phase.SUSPENDED:
            assert clock.phase is Phase.SUSPENDED
            left, now = was.steps[-1], clock.steps[-1]
            assert (now.years, now.days) >= (left.years, left.days) or now.years


@MANY
@given(SETTINGS, histories(), DAYS)
def test_a_clock_does_one_thing_at_a_time(setting, told, on):
    for clock in clocks_of(RULES, setting, told):
        running = clock.phase is Phase.RUNNING
        suspended = clock.phase is Phase.SUSPENDED
        assert not (running and suspended)
        assert (clock.met_on is not None) is (clock.phase is Phase.MET)
        if running:
            assert clock.due_on is not None
        if suspended or clock.phase is Phase.UNLIMITED:
            assert clock.due_on is None
        assert (standing(RULES, clock, on) is Standing.SUSPENDED) is suspended
        if clock.steps:
            assert clock.steps[0].turn is Turn.STARTED
            still = False
            for step in clock.steps:
                assert not (step.turn is Turn.SUSPENDED and still)
                assert step.turn is not Turn.RESUMED or still
                still = step.due_on is None and step.turn is not Turn.MET


@MANY
@given(SETTINGS, histories())
def test_every_clock_explains_itself_and_reminds_before_it_ends(setting, told):
    for clock in clocks_of(RULES, setting, told):
        said = why(RULES, setting, clock)
        assert said.zh
        assert said.en
        if clock.phase is Phase.RUNNING:
            assert str(clock.due_on) in said.zh
            assert str(clock.due_on) in said.en
            remind = remind_on(RULES, clock)
            late = clock.steps[-1].on > clock.due_on
            assert remind is None or late or remind <= clock.due_on


@MANY
@given(SETTINGS, histories())
def test_what_the_law_sets_is_the_same_on_the_green_channel(setting, told):
    plain = clocks_of(RULES, replace(setting, green_channel=False), told)
    green = clocks_of(RULES, replace(setting, green_channel=True), told)

    for one, other in zip(plain, green, strict=True):
        if RULES.kinds[one.clock].nature == "statutory":
            assert one == other
        elif one.phase is other.phase is Phase.RUNNING and not one.extended:
            assert other.due_on <= one.due_on


@MANY
@given(SETTINGS, histories(), DAYS, st.data())
def test_a_correction_that_is_taken_ends_no_clock_on_a_day_that_is_over(
    setting, told, on, data
):
    place = data.draw(st.integers(0, len(told) - 1))
    right = replace(told[place], on=on, revision=1)
    assume(fact_refused(RULES, setting, told, right, TODAY) is None)
    yet = {
        (clock.clock, clock.about)
        for clock in clocks_of(RULES, setting, told)
        if clock.phase is Phase.RUNNING and clock.due_on >= TODAY
    }

    for clock in clocks_of(RULES, setting, [*told, right]):
        if (clock.clock, clock.about) in yet and clock.phase is Phase.RUNNING:
            assert clock.due_on >= TODAY
