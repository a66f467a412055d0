"""Misses are counted over a window that slides."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.access.enumeration import Tally, counts, must_wait, noted, suspected


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 100), st.integers(0, 100))))
def test_what_is_in_the_window_counts_and_what_is_old_does_not(events):
    now, tally, seen = 0.0, Tally(), []
    for pause, misses, hits in events:
        now += pause
        tally = noted(tally, misses, hits, now, 10.0)
        seen.append((now, misses, hits))
    within = [one for one in seen if one[0] > now - 9.5]
    just_out = [one for one in seen if one[0] > now - 10.0]

    found = counts(tally, now, 10.0)
    assert found[0] >= sum(misses for _, misses, _ in within)
    assert found[0] <= sum(misses for _, misses, _ in just_out)
    assert counts(tally, now + 10.0, 10.0) == (0, 0)
    assert len(tally.steps) <= 20


def test_the_limit_itself_is_too_many():
    assert not suspected(9, 10)
    assert suspected(10, 10)


def test_one_alone_never_waits_and_many_wait_unless_people_were_found():
    assert not must_wait(9, 0, 0, 10)
    assert must_wait(9, 0, 1, 10)
    assert not must_wait(0, 0, 9, 10)
    assert must_wait(0, 0, 10, 10)
    assert not must_wait(0, 100, 100, 10)
