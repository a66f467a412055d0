"""Whether a failed read is tried again, and after what wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.faults import ProvinceFault
from connectors.retry import AGAIN, LEAST, wait_before_retry
from connectors.settings import RetrySettings
from schema.records.told import FaultCode

SETTINGS = RetrySettings(attempts=3, first_wait="100ms", longest_wait="150ms")


def wait(code=FaultCode.UNREACHABLE, *, attempt=1, left=10.0, chance=0.5, after=None):
    failed = ProvinceFault(code, retry_after=after)
    return wait_before_retry(SETTINGS, attempt, failed, left, chance)


def test_the_bound_doubles_up_to_the_longest_wait():
    assert [wait(attempt=n, chance=1.0) for n in (1, 2)] == [0.1, 0.15]


def test_it_ends_with_the_last_attempt():
    assert wait(attempt=3) is None


@pytest.mark.parametrize("code", sorted(set(FaultCode) - AGAIN))
def test_a_fault_that_stays_is_not_tried_again(code):
    assert wait(code) is None


def test_a_wait_that_the_province_asked_for_is_not_cut_short():
    assert wait(FaultCode.THROTTLED, after=1.0, chance=0.0) == 1.0
    assert wait(FaultCode.THROTTLED, after=1.0, left=0.9) is None


@given(
    st.sampled_from(sorted(AGAIN)),
    st.integers(1, 2),
    st.floats(0.0, 2.0),
    st.floats(0.0, 1.0, exclude_max=True),
    st.none() | st.floats(0.0, 5.0),
)
def test_a_wait_always_ends_before_the_deadline(code, attempt, left, chance, after):
    found = wait(code, attempt=attempt, left=left, chance=chance, after=after)
    if found is not None:
        assert (after or 0.0) <= found <= left - LEAST + 1e-9
