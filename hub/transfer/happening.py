"""Decider: what registers answer and clocks ring, as acts on transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.acting.actor import HUB
from hub.transfer.events import Done, LimitPassed, Refused
from hub.transfer.registers import keeps_in
from hub.transfer.settling import Act as Happening
from schema.records.command import Act, Answered
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.transfer.events import Event
    from hub.transfer.ports import Passed, Standing
    from hub.transfer.registers import Registers
    from schema.records.command import Command, Receipt
    from schema.records.moving import ActAnswer


def of_receipt(command: Command, receipt: Receipt) -> Happening:
    """Make the act of a register's answer."""
    event = _event_of(command, receipt)
    return Happening(HUB, command.transfer, event, receipt=receipt)


def of_limit(registers: Registers, passed: Passed) -> Happening:
    """Make the act of a limit that passed.

    What the new register can do is looked at where the transfer is known.
    """

    def seen(found: Standing) -> LimitPassed:
        unable = keeps_in(registers, found.saga.to_province)
        return LimitPassed(since=passed.since, keeps_in=unable)

    event = LimitPassed(since=passed.since)
    return Happening(HUB, passed.transfer, event, seen=seen)


def clashing(
    answered: Sequence[tuple[Command, Receipt]], told: Sequence[ActAnswer]
) -> Sequence[str]:
    """Name transfers of which an IN entry stands, and the home is not its union.

    It came too late, or in spite of a bar. Where the register was asked to take it
    back, it is gone soon; else people end it there.

    Args:
        answered: What registers answered.
        told: The transfer of each, as it stands after it.
    """
    return [
        command.transfer
        for (command, receipt), transfer in zip(answered, told, strict=True)
        if command.act is Act.REGISTER_IN
        and receipt.answered is Answered.DONE
        and not isinstance(transfer, Refusal)
        and transfer.home != command.union
    ]


def _event_of(command: Command, receipt: Receipt) -> Event | None:
    """See a receipt as what happened; a province that is not done says nothing."""
    match receipt.answered:
        case Answered.DONE:
            return Done(
                act=command.act,
                province=command.province,
                entry=receipt.entry or "",
                local_id=receipt.local_id,
                joined_on=receipt.joined_on,
            )
        case Answered.REFUSED:
            return Refused(
                act=command.act, province=command.province, code=receipt.code
            )
        case Answered.PENDING:
            return None
