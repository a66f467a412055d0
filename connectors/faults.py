"""Value: a province's failure, and which failures are worth another try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.told import Fault, FaultCode

if TYPE_CHECKING:
    from schema.records.keys import ProvinceCode
    from schema.records.kinds import RecordKind

#: Asking again may help: the cause is of the moment, not of the contract.
RETRYABLE = frozenset(
    {
        FaultCode.UNREACHABLE,
        FaultCode.TIMED_OUT,
        FaultCode.BROKEN_OFF,
        FaultCode.THROTTLED,
        FaultCode.PROVINCE_ERROR,
        FaultCode.PARTIAL,
        FaultCode.SUSPENDED,
        FaultCode.BUSY,
    }
)

#: Faults that say that the province or the line to it is ill. The others are
#: about one question or its content: one worker with a broken row must not
#: suspend a province for everybody.
ILL = frozenset(
    {
        FaultCode.UNREACHABLE,
        FaultCode.TIMED_OUT,
        FaultCode.BROKEN_OFF,
        FaultCode.UNTRUSTED,
        FaultCode.UNAUTHORISED,
        FaultCode.THROTTLED,
        FaultCode.PROVINCE_ERROR,
        FaultCode.REDIRECTED,
    }
)


def fault(
    province: ProvinceCode, code: FaultCode, kinds: tuple[RecordKind, ...] = ()
) -> Fault:
    """Make the fault of a province, retryable if its code is."""
    return Fault(province, code, code in RETRYABLE, kinds)


class ProvinceFault(Exception):
    """Raised inside a connector; the guard turns it into data.

    Attributes:
        code: Why.
        detail: For the hub's log only: never personal data, never shown to a
            caller.
        retry_after: Seconds that the province asked us to wait, if it did.
    """

    def __init__(
        self, code: FaultCode, detail: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
