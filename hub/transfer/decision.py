"""Value: a transfer between two events, and what an event makes of it."""

from __future__ import annotations

import msgspec

from hub.transfer.events import Opened
from schema.records.command import Act
from schema.records.keys import ProvinceCode
from schema.records.transfer import TransferState


class Saga(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer between two events.

    Attributes:
        opened: How it began.
        state: Where it stands.
        seq: How many events it has seen.
        since: ``seq`` of the event that began the present wait.
        home: The union that is the home, and its province.
        to_union: Where the member goes now (the fallback once it lands).
        joined_on: When the worker first joined, as the old register told with the OUT
            entry; ``YYYY-MM-DD``.
        outcome: How it will end, once it returns or closes.
        confirmed: The old register has confirmed, by its OUT entry, that the member was
            at home there; until then whoever opened the transfer has said so.
        overdue: A limit passed and a register has not answered, or still owes an
            answer.
        owed: What a register was asked to undo or to pair and nobody waits for any
            more. The command stays in the outbox until the register has it.
        keeps_in: The new register was given up and takes no IN entry back: if one
            stands there, people end it.
        clash: It has said since that one does.
    """

    opened: Opened
    state: TransferState
    seq: int
    since: int
    home: str
    home_province: ProvinceCode
    to_union: str
    to_province: ProvinceCode
    to_local_id: str | None
    joined_on: str | None = None
    outcome: TransferState | None = None
    confirmed: bool = False
    overdue: bool = False
    owed: tuple[Act, ...] = ()
    keeps_in: bool = False
    clash: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A command that the saga wants; the coordinator adds key, transfer and day."""

    act: Act
    province: ProvinceCode
    local_id: str | None
    union: str
    counterpart_union: str
    counterpart_province: ProvinceCode
    joined_on: str | None = None
    landing: bool = False
    reason: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of it.

    Attributes:
        saga: After the event.
        asked: What registers are asked to do, in this order.
        dropped: What no register is asked any more, unless it said that it has it.
    """

    saga: Saga
    asked: tuple[Asked, ...] = ()
    dropped: tuple[Act, ...] = ()


class Silent(msgspec.Struct, frozen=True):
    """Nothing: the event is a repetition, or too late to matter. Write nothing."""
