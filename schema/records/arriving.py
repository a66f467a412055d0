"""Value: who came to a union, and which transfers moved a worker's home."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from schema.records.purpose import PurposeOfUse
from schema.records.transfer import Transfer, TransferState


class Arrived(msgspec.Struct, frozen=True):
    """A member who came, and why somebody asks.

    Attributes:
        transfer: How they came.
        purpose: Why their file is asked for.
    """

    transfer: Transfer
    purpose: PurposeOfUse


class Moved(msgspec.Struct, frozen=True):
    """A transfer of a worker.

    Attributes:
        transfer: The transfer.
        on: The day in China on which the home moved; none where it has not.
    """

    transfer: Transfer
    on: date | None


class TransferEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a transfer, as subscribers see it.

    Attributes:
        cursor: The event's place in the feed; to be given back to resume.
        at: When it was written down.
        transfer: As it stood then.
        was: Its state before; none if it was opened just then.
        reminder: Nothing changed: the owner is reminded that it waits.
    """

    cursor: str
    at: datetime
    transfer: Transfer
    was: TransferState | None
    reminder: bool = False
