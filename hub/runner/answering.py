"""Decider: which answers of a register count, and what is wrong with the others.

What counts is kept for ever, in the journal and in links, and is shown to other
provinces: so it is looked at here, once, before anything is done with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.identity.resident_id import contains_resident_id
from hub.transfer.fields import checked_local_id
from schema.records.command import UNREFUSABLE, Answered, Command, Receipt
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from connectors.port import Acted

#: Longer numbers of entries than any register gives, in characters.
_LONGEST: Final = 128
#: Nobody under this age works (Labour Law art. 15), so no member was born later. A
#: number of an entry that is made of division, day and sequence looks like the number
#: of somebody who was born on the day of the entry.
_YOUNGEST: Final = 16

_REFUSED: Final = "refused what may not be refused"


class Answers(msgspec.Struct, frozen=True):
    """What a call brought.

    Attributes:
        known: Commands with their receipts.
        unknown: Commands that are to be asked again, with the same keys.
        flaws: What is wrong with receipts of ``unknown``: rules, never values.
    """

    known: tuple[tuple[Command, Receipt], ...]
    unknown: tuple[Command, ...]
    flaws: tuple[str, ...] = ()

    @property
    def faults(self) -> int:
        """How many receipts came that are none."""
        return len(self.flaws)


def answers(commands: Sequence[Command], acted: Acted, today: date) -> Answers:
    """Sort commands by whether an answer came that counts.

    A province may not refuse to end or undo what it took upon itself: such a refusal
    is a fault of its system, and no answer. So is a receipt that cannot be kept.

    Args:
        commands: What was asked.
        acted: What came back.
        today: The day, in China.
    """
    known: list[tuple[Command, Receipt]] = []
    unknown: list[Command] = []
    flaws: list[str] = []
    for command, receipt in zip(commands, acted.receipts, strict=True):
        flaw = "" if receipt is None else _flaw(command, receipt, today)
        if receipt is None or flaw:
            unknown.append(command)
            flaws += [flaw] if flaw else []
        else:
            known.append((command, receipt))
    return Answers(tuple(known), tuple(unknown), tuple(flaws))


def _flaw(command: Command, receipt: Receipt, today: date) -> str:
    """Say what is wrong with a receipt; nothing if it can be kept."""
    if receipt.answered is Answered.REFUSED and command.act in UNREFUSABLE:
        return _REFUSED
    return _flaw_of_entry(receipt.entry or "", today) or _flaw_of_name(
        receipt.local_id, today
    )


def _flaw_of_entry(entry: str, today: date) -> str:
    if len(entry) > _LONGEST or not entry.isprintable():
        return "a number of an entry that is too long or not printable"
    # 29 February has no counterpart in most years: the day before is as good.
    day = min(today.day, 28)
    born_by = today.replace(year=today.year - _YOUNGEST, day=day)
    if contains_resident_id(entry, born_by):
        return "a resident ID number as the number of an entry"
    return ""


def _flaw_of_name(local_id: str | None, today: date) -> str:
    """Hold the name of a new file to the rules that links have."""
    if local_id is None:
        return ""
    read = checked_local_id(local_id, today)
    if isinstance(read, Refusal):
        return f"a local id that is none ({read.code})"
    return "" if read == local_id else "a local id with space round it"
