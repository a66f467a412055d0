"""Decider (pure): is a failed read worth another try, and after what wait?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.faults import ProvinceFault
    from connectors.settings import RetrySettings

#: Faults of the moment: the same question may fare better a little later.
#: ``TIMED_OUT`` is not among them, because it ends the time that there is.
AGAIN = frozenset(
    {
        FaultCode.UNREACHABLE,
        FaultCode.BROKEN_OFF,
        FaultCode.THROTTLED,
        FaultCode.PROVINCE_ERROR,
    }
)

#: With less time than this left, in seconds, a try is not begun.
LEAST = 0.01


def wait_before_retry(
    settings: RetrySettings,
    attempt: int,
    fault: ProvinceFault,
    left: float,
    chance: float,
) -> float | None:
    """Decide how long to wait before the next try.

    Args:
        settings: The rule.
        attempt: How many tries there were.
        fault: How the last one ended.
        left: Seconds until the deadline.
        chance: A random number from 0 up to 1: full jitter, so that many
            questions that failed together do not come back together.

    Returns:
        Seconds, or ``None`` to give up. A wait that the province asked for is
        never cut short.
    """
    if attempt >= settings.attempts or fault.code not in AGAIN:
        return None
    bound = min(
        settings.first_wait.total_seconds() * 2 ** (attempt - 1),
        settings.longest_wait.total_seconds(),
    )
    wait = bound * chance + (fault.retry_after or 0.0)
    return wait if wait + LEAST <= left else None
