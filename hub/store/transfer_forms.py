"""Value: how sagas, events and the like stand in the tables: JSON with versions.

What was written is read for ever: a changed form is a new struct beside the old one,
with the next number, and the old one goes on being read. Events have their version in
their own tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from hub.transfer.decision import Saga
from hub.transfer.events import Event
from hub.transfer.ports import Standing
from schema.records.command import Command, Receipt
from schema.records.transfer import Milestone, Transfer

if TYPE_CHECKING:
    from datetime import datetime


class _Saga1(msgspec.Struct, frozen=True, tag=1, tag_field="v"):
    """The first form of a saga."""

    saga: Saga


_encode = msgspec.json.Encoder().encode
_read_saga = msgspec.json.Decoder(_Saga1).decode

read_event: Final = msgspec.json.Decoder(Event).decode
read_transfer: Final = msgspec.json.Decoder(Transfer).decode
read_milestone: Final = msgspec.json.Decoder(Milestone).decode
read_command: Final = msgspec.json.Decoder(Command).decode
read_receipt: Final = msgspec.json.Decoder(Receipt).decode


def text_of(value: msgspec.Struct) -> str:
    """Write a value as JSON."""
    return _encode(value).decode()


def text_of_saga(saga: Saga) -> str:
    """Write a saga in its newest form."""
    return _encode(_Saga1(saga)).decode()


def standing_of(
    transfer: str, saga: str, due_at: datetime | None, target_at: datetime | None
) -> Standing:
    """Read a transfer as the tables have it.

    Raises:
        msgspec.DecodeError: Its form is newer than this version, or broken.
    """
    return Standing(read_transfer(transfer), _read_saga(saga).saga, due_at, target_at)


def is_worker_id(text: str) -> bool:
    """Tell whether it is written as the hub writes a worker's name.

    What a caller sent may be anything; PostgreSQL would not take it.
    """
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
