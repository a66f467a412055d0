"""Value: how a province has been answering, for ``Query.provinces`` and alarms.

``Chart`` is the one thing here that changes: the guard keeps one per province.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from connectors.breaker import Phase
from connectors.port import Capabilities
from schema.records.keys import ProvinceCode
from schema.records.province import ProvinceState
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.settings import ProvinceSettings

#: The median answer time is taken over so many answers.
_REMEMBERED = 64


class Health(msgspec.Struct, frozen=True):
    """How one province has been answering.

    Attributes:
        province: Which.
        name_zh: Its name in Chinese.
        name_en: Its name in English.
        state: In one word.
        breaker: Where its circuit breaker stands.
        last_ok_at: When it last answered; none if never.
        last_fault: Why it last did not; none if it always did.
        last_fault_at: When that was.
        median_seconds: Middle one of its latest answer times; none before any.
        capabilities: What it declared last, or what the settings say.
        declared: Whether the province itself declared that.
    """

    province: ProvinceCode
    name_zh: str
    name_en: str
    state: ProvinceState
    breaker: Phase
    last_ok_at: datetime | None
    last_fault: FaultCode | None
    last_fault_at: datetime | None
    median_seconds: float | None
    capabilities: Capabilities
    declared: bool


class Chart:
    """What is remembered of one province's answers."""

    def __init__(self, settings: ProvinceSettings) -> None:
        """Begin with nothing known."""
        self._settings = settings
        self._seconds: deque[float] = deque(maxlen=_REMEMBERED)
        self._answering: bool | None = None
        self._declared = False
        self._last_ok_at: datetime | None = None
        self._last_fault: FaultCode | None = None
        self._last_fault_at: datetime | None = None

    def follow(self, old: Chart) -> None:
        """Go on from what is remembered of the same system."""
        self._seconds.extend(old._seconds)
        self._answering = old._answering
        self._declared = old._declared
        self._last_ok_at = old._last_ok_at
        self._last_fault = old._last_fault
        self._last_fault_at = old._last_fault_at

    def answered(self, at: datetime, seconds: float) -> None:
        """Remember an answer, whole or in part, and how long it took."""
        self._answering = True
        self._last_ok_at = at
        self._seconds.append(seconds)

    def acted(self, at: datetime) -> None:
        """Remember an answer to commands: it shows life, not how long reading takes."""
        self._answering = True
        self._last_ok_at = at

    def declared(self, at: datetime) -> None:
        """Remember that the province told what it serves."""
        self._answering = True
        self._declared = True
        self._last_ok_at = at

    def fault(self, code: FaultCode, at: datetime, *, in_part: bool = False) -> None:
        """Remember a fault; one ``in_part`` came beside an answer."""
        self._answering = in_part
        self._last_fault = code
        self._last_fault_at = at

    def show(self, capabilities: Capabilities, breaker: Phase) -> Health:
        """Tell how the province has been answering."""
        return Health(
            ProvinceCode(self._settings.code),
            self._settings.name_zh,
            self._settings.name_en,
            self._state(breaker),
            breaker,
            self._last_ok_at,
            self._last_fault,
            self._last_fault_at,
            median(self._seconds) if self._seconds else None,
            capabilities,
            self._declared,
        )

    def _state(self, breaker: Phase) -> ProvinceState:
        if self._settings.paused:
            return ProvinceState.PAUSED
        if breaker is not Phase.CLOSED:
            return ProvinceState.SUSPENDED
        if self._answering is None:
            return ProvinceState.UNKNOWN
        return ProvinceState.ANSWERING if self._answering else ProvinceState.FAILING
