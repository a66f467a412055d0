"""Value: how cases and their events stand in the tables: JSON.

What was written is read for ever. Events have their version in their own tag; a field
that a case gets later has a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.following.case_events import Event
from hub.following.lead_events import Opened
from schema.records.case import Case

if TYPE_CHECKING:
    from collections.abc import Sequence

_encode = msgspec.json.Encoder(order="deterministic").encode

read_case: Final = msgspec.json.Decoder(Case).decode
read_event: Final = msgspec.json.Decoder(Opened | Event).decode


def text_of(value: msgspec.Struct) -> str:
    """Write a value as JSON."""
    return _encode(value).decode()


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Turn rows into columns, as ``unnest`` takes them; there must be a row."""
    return [list(column) for column in zip(*rows, strict=True)]
