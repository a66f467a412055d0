"""Value: one call to a province under way, and how it bears on the breaker."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.breaker import Outcome
from connectors.faults import ILL, ProvinceFault
from schema.records.told import FaultCode


class Bug(ProvinceFault):
    """Our own mistake in a connector: shown as a fault, never tried again."""


@dataclass(slots=True)
class Call:
    """One call under way: moments by the loop's clock."""

    request: str
    began: float
    deadline: float
    #: By a finer clock than the loop's, which may count in milliseconds.
    started: float
    #: Seconds that the province may fairly be expected to need.
    fair: float
    attempts: int = 0
    detail: str = ""


def verdict(code: FaultCode, given: float, fair: float) -> Outcome:
    """Tell what a fault says of a province's health.

    Args:
        code: The fault.
        given: Seconds that the province was given to answer.
        fair: Seconds that it may fairly be expected to need: who waited long for
            a free place leaves it little, and its silence then shows nothing.
    """
    if code is FaultCode.TIMED_OUT and given < fair:
        return Outcome.UNKNOWN
    return Outcome.BAD if code in ILL else Outcome.GOOD
