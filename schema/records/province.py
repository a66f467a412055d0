"""Value: how a province's system does, as callers see it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.refusal import Bilingual
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


class ProvinceStatus(msgspec.Struct, frozen=True):
    """How one province does.

    Attributes:
        code: Which.
        name: Its name.
        state: In one word.
        contract_version: What it declared; none before it did.
        kinds: Which kinds it serves, in the order of the registry.
        last_answer_at: When it last answered; none if never.
        last_fault: Why it last did not; none if it always did.
        last_fault_at: When that was.
        median_latency_ms: Middle one of its latest answer times, milliseconds.
    """

    code: ProvinceCode
    name: Bilingual
    state: ProvinceState
    contract_version: str | None
    kinds: tuple[RecordKind, ...]
    last_answer_at: datetime | None
    last_fault: FaultCode | None
    last_fault_at: datetime | None
    median_latency_ms: float | None
