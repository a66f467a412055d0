"""Decider (pure): which receipts are answers to the commands, and which are not.

It holds for every connector: what is not an answer becomes ``None``, so that the
command stays unknown and is asked again with the same key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from connectors.faults import fault
from connectors.port import Acted
from schema.records.command import UNREFUSABLE, Act, Answered, RefusalCode
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.records.command import Command, Receipt
    from schema.records.keys import ProvinceCode

#: Longer ids and numbers of entries than any register gives, in characters.
_LONGEST = 128

#: A reason in words is cut at this length, in characters.
_SENTENCE = 200

#: What no sentence about a rule needs: a card number, a telephone, an ID number.
_NUMBER = re.compile(r"[0-9]{6,}")
_CODES = frozenset(RefusalCode)
_ENTERING = frozenset({Act.REGISTER_OUT, Act.REGISTER_IN})


def checked(
    province: ProvinceCode, commands: Sequence[Command], acted: Acted
) -> tuple[Acted, str]:
    """Keep the receipts that are answers, and name the first flaw.

    Args:
        province: Who answered.
        commands: What was asked.
        acted: What came back.

    Returns:
        The same with ``None`` for what is no answer, and always with a fault if
        anything is unknown; and the flaw, for the log: it tells rules, never values.
    """
    if len(acted.receipts) != len(commands):
        unknown = (None,) * len(commands)
        told = fault(province, FaultCode.MALFORMED)
        return Acted(unknown, told), "not as many receipts as commands"
    receipts: list[Receipt | None] = []
    first = ""
    for command, receipt in zip(commands, acted.receipts, strict=True):
        flaw = "" if receipt is None else flaw_of(command, receipt)
        first = first or flaw
        receipts.append(None if flaw or receipt is None else _plain(command, receipt))
    why = acted.fault
    if first:
        why = fault(province, FaultCode.MALFORMED)
    elif why is None and None in receipts:
        why = fault(province, FaultCode.PARTIAL)
    return Acted(tuple(receipts), why), first


def flaw_of(command: Command, receipt: Receipt) -> str:
    """Name what makes a receipt no answer to a command; empty if nothing does."""
    if receipt.key != command.key:
        return "a receipt of another key"
    if receipt.answered is Answered.REFUSED and command.act in UNREFUSABLE:
        return f"{command.act} refused"
    if any(len(text or "") > _LONGEST for text in (receipt.entry, receipt.local_id)):
        return "an id over its length"
    if receipt.answered is Answered.DONE and command.act in _ENTERING:
        return _flaw_of_entry(command, receipt)
    return ""


def _flaw_of_entry(command: Command, receipt: Receipt) -> str:
    if not receipt.entry:
        return f"{command.act} without an entry"
    if command.act is Act.REGISTER_IN and not (command.local_id or receipt.local_id):
        return "no file was named"
    if command.local_id and receipt.local_id not in {None, command.local_id}:
        return "another worker than asked"
    return ""


def _plain(command: Command, receipt: Receipt) -> Receipt:
    """Bring a receipt into the form that the hub keeps."""
    if receipt.answered is Answered.REFUSED:
        code = receipt.code if receipt.code in _CODES else RefusalCode.OTHER
        return msgspec.structs.replace(
            receipt, code=str(code), message=_sentence(receipt.message)
        )
    named = None if command.local_id else receipt.local_id
    return msgspec.structs.replace(receipt, local_id=named, code="", message="")


def _sentence(text: str) -> str:
    """Cut a province's sentence to size; one with a long number in it is dropped."""
    if _NUMBER.search(text):
        return ""
    return "".join(filter(str.isprintable, text))[:_SENTENCE]
