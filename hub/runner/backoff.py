"""Decider: when something that failed is tried again."""

from __future__ import annotations

#: Beyond this the wait has long been the longest.
_MOST_DOUBLINGS = 32


def wait_after(failures: int, first: float, longest: float, chance: float) -> float:
    """Tell how long to wait, in seconds.

    It doubles with each failure, and varies by half, so that those who failed
    together do not come back together.

    Args:
        failures: How often it has failed in a row, from 1.
        first: The wait after the first failure, in seconds.
        longest: No wait is longer, in seconds.
        chance: A random number from 0 up to 1.
    """
    doubled = first * 2.0 ** min(max(failures, 1) - 1, _MOST_DOUBLINGS)
    return min(longest, doubled) * (0.5 + chance / 2)
