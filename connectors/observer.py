"""Port: who is told how calls to provinces go; the hub counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.breaker import Phase
    from schema.records.keys import ProvinceCode
    from schema.records.told import FaultCode


class Observer(Protocol):
    """Is told of every call; must return at once and never raise."""

    def answered(
        self,
        province: ProvinceCode,
        code: FaultCode | None,
        seconds: float,
        attempts: int,
    ) -> None:
        """Take note of one question.

        Args:
            province: Who was asked.
            code: Why it was not told in whole; ``None`` when it was.
            seconds: From the question to the answer, waits included.
            attempts: How often it was put; 0 when it was never sent.
        """
        ...

    def breaker_moved(self, province: ProvinceCode, phase: Phase) -> None:
        """Take note that a province's breaker changed its phase."""
        ...

    def dated(self, province: ProvinceCode, as_of: datetime) -> None:
        """Take note of which moment the rows are that a province delivered last."""
        ...


class Unobserved:
    """Takes note of nothing."""

    def answered(
        self,
        province: ProvinceCode,
        code: FaultCode | None,
        seconds: float,
        attempts: int,
    ) -> None:
        """Ignore it."""

    def breaker_moved(self, province: ProvinceCode, phase: Phase) -> None:
        """Ignore it."""

    def dated(self, province: ProvinceCode, as_of: datetime) -> None:
        """Ignore it."""
