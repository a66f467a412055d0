"""The breaker: pure, so it is tried with any history."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connectors.breaker import (
    BreakerPolicy,
    BreakerState,
    Outcome,
    Phase,
    admit,
    note,
)

POLICY = BreakerPolicy(failures=3, rate=0.5, window=10.0, open_for=5.0, probes=2)

policies = st.builds(
    BreakerPolicy,
    failures=st.integers(1, 5),
    rate=st.floats(0.1, 1.0),
    window=st.floats(0.1, 60.0),
    open_for=st.floats(0.1, 60.0),
    probes=st.integers(1, 4),
)
#: Seconds that pass; then a question is put, or one under way ends so.
steps = st.lists(
    st.tuples(st.floats(0.0, 20.0), st.none() | st.sampled_from(Outcome)), max_size=60
)


def play(policy, history):
    """Yield every state with the tickets under way, the moment, and the last leave."""
    state, now, under_way = BreakerState(), 0.0, []
    for passed, outcome in history:
        now += passed
        before, ticket = state, None
        if outcome is None:
            state, ticket = admit(policy, state, now)
            if ticket is not None:
                under_way.append(ticket)
        elif under_way:
            state = note(policy, state, under_way.pop(0), outcome, now)
        yield before, state, list(under_way), now, ticket


def failing(policy, times, now=0.0):
    state = BreakerState()
    for _ in range(times):
        state, ticket = admit(policy, state, now)
        state = note(policy, state, ticket, Outcome.BAD, now)
    return state


@given(policies, steps)
def test_nothing_is_asked_while_it_is_open(policy, history):
    for before, _, _, now, ticket in play(policy, history):
        if before.phase is Phase.OPEN and now - before.since < policy.open_for:
            assert ticket is None


@given(policies, steps)
def test_half_open_never_has_more_probes_under_way_than_the_policy_says(
    policy, history
):
    for _, state, under_way, _, _ in play(policy, history):
        probes = [t for t in under_way if t.probe and t.turn == state.turn]
        assert len(probes) <= policy.probes
        if state.phase is Phase.HALF_OPEN:
            assert len(probes) == state.under_way


@given(policies, steps)
def test_what_it_remembers_does_not_grow(policy, history):
    for _, state, _, _, _ in play(policy, history):
        assert len(state.tallies) <= 10


@given(policies, steps)
def test_it_never_opens_without_a_failure(policy, history):
    good = [(t, o if o is None else Outcome.GOOD) for t, o in history]
    for _, state, _, _, _ in play(policy, good):
        assert state.phase is Phase.CLOSED


@given(policies, steps)
def test_from_any_state_good_answers_close_it_in_the_end(policy, history):
    ends = [(state, now) for _, state, _, now, _ in play(policy, history)]
    state, now = ends[-1] if ends else (BreakerState(), 0.0)
    now += 2 * policy.open_for  # sums of floats may fall short by a hair
    if state.phase is Phase.HALF_OPEN:  # whoever was under way gave up or ended
        state = BreakerState(Phase.HALF_OPEN, state.turn, state.since)
    for _ in range(policy.probes):
        state, ticket = admit(policy, state, now)
        assert ticket is not None
        state = note(policy, state, ticket, Outcome.GOOD, now)
    assert state.phase is Phase.CLOSED


def test_it_opens_with_the_failure_that_is_one_too_many():
    assert failing(POLICY, 2).phase is Phase.CLOSED
    assert failing(POLICY, 3).phase is Phase.OPEN


def test_failures_that_are_few_among_many_do_not_open_it():
    state = BreakerState()
    for outcome in [Outcome.GOOD] * 9 + [Outcome.BAD] * 8:
        state, ticket = admit(POLICY, state, 1.0)
        state = note(POLICY, state, ticket, outcome, 1.0)
    assert state.phase is Phase.CLOSED
    state, ticket = admit(POLICY, state, 1.0)
    assert note(POLICY, state, ticket, Outcome.BAD, 1.0).phase is Phase.OPEN


def test_failures_that_left_the_window_do_not_count():
    state = failing(POLICY, 2, now=0.0)
    state, ticket = admit(POLICY, state, 10.5)
    assert note(POLICY, state, ticket, Outcome.BAD, 10.5).phase is Phase.CLOSED


def test_a_bad_probe_opens_it_again_for_the_whole_time():
    state, ticket = admit(POLICY, failing(POLICY, 3), 5.0)
    assert ticket.probe
    state = note(POLICY, state, ticket, Outcome.BAD, 6.0)
    assert (state.phase, state.since) == (Phase.OPEN, 6.0)
    assert admit(POLICY, state, 10.9)[1] is None
    assert admit(POLICY, state, 11.0)[1] is not None


def test_a_probe_that_was_given_up_frees_its_place():
    state, first = admit(POLICY, failing(POLICY, 3), 5.0)
    state, second = admit(POLICY, state, 5.0)
    assert admit(POLICY, state, 5.0)[1] is None
    state = note(POLICY, state, first, Outcome.UNKNOWN, 5.1)
    state, third = admit(POLICY, state, 5.1)
    assert third is not None
    state = note(POLICY, state, second, Outcome.GOOD, 5.2)
    assert note(POLICY, state, third, Outcome.GOOD, 5.2).phase is Phase.CLOSED


def test_an_outcome_from_before_it_opened_changes_nothing():
    _, old = admit(POLICY, BreakerState(), 0.0)
    state, _ = admit(POLICY, failing(POLICY, 3), 5.0)
    for outcome in Outcome:
        assert note(POLICY, state, old, outcome, 5.0) == state
