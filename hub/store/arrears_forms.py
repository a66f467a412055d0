"""Adapter: reports of arrears as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.following.collecting import KeptReport
from schema.records.arrears import ArrearsReport
from schema.records.case_task import Seat

if TYPE_CHECKING:
    from collections.abc import Sequence

_encoder = msgspec.json.Encoder(order="deterministic")
_read = msgspec.json.Decoder(ArrearsReport).decode


def encode(value: msgspec.Struct) -> str:
    """Write a value as JSON."""
    return _encoder.encode(value).decode()


def kept_of(row: Sequence[Any]) -> KeptReport:
    """Read a row: body, case, its lead and that one's province, signal, state, link."""
    body, case_no, lead, province, signal_on, state, collective = row
    return KeptReport(
        report=_read(body),
        case_no=case_no,
        lead=Seat(lead, province),
        signal_on=signal_on,
        state=state,
        collective=collective,
    )
