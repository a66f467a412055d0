"""Value: how a province has been answering, for ``Query.provinces`` and alarms."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from connectors.breaker import Phase
from connectors.port import Capabilities
from schema.records.keys import ProvinceCode
from schema.records.told import FaultCode


class ProvinceState(StrEnum):
    """How a province stands, in one word."""

    #: Not asked yet.
    UNKNOWN = "UNKNOWN"
    #: The last question was answered.
    ANSWERING = "ANSWERING"
    #: The last question ended in a fault.
    FAILING = "FAILING"
    #: It failed too often; nothing is asked for a while.
    SUSPENDED = "SUSPENDED"
    #: The operator has paused it in the settings.
    PAUSED = "PAUSED"


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
