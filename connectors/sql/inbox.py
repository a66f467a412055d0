"""Itinerary: commands become lines of the province's inbox; what it wrote there, receipts.

A line is written once for each key. Whoever carries commands out reads them by ``seq``
and writes the receipt into the same line.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from connectors.faults import fault
from connectors.port import MOST_COMMANDS, Acted
from connectors.sql.agreed import RECEIPT, inbox, split
from connectors.sql.statements import named
from schema.records.command import Answered, Receipt, RefusalCode
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.sql.database import Session
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode


class _Line(msgspec.Struct):
    """What the province wrote beside a command."""

    entry: str | None
    given_local_id: str | None
    first_joined_on: date | None
    code: str | None
    message: str | None
    answered: Answered | None


#: What is read of a line.
_LINE = ("key", "act", "transfer", *RECEIPT)


class Inbox:
    """The table of commands of one province."""

    def __init__(self, name: str) -> None:
        """Prepare the statements; ``name`` may have a schema before a dot."""
        self._insert = insert(inbox(name))
        schema, table = split(name)
        lines = named(schema, table, _LINE)
        wanted = lines.c["key"].in_(bindparam("keys", expanding=True))
        self._select = select(lines).where(wanted)

    def put(self, session: Session, commands: Sequence[Command]) -> None:
        """Write the commands that are not there yet, in their order."""
        known = self.lines(session, commands)
        new: dict[str, Command] = {}
        for one in commands:
            if one.key not in known:
                new.setdefault(one.key, one)  # whoever has a key first keeps it
        if not new:
            return
        written = [_written(one) for one in new.values()]
        try:
            with session.connection.begin_nested():
                session.connection.execute(self._insert, written)
        except IntegrityError:
            # Another process of the hub has just written some of them.
            self._put_singly(session, written)
        session.connection.commit()

    def lines(
        self, session: Session, commands: Sequence[Command]
    ) -> dict[str, Mapping[str, Any]]:
        """Read the lines of commands, by their key."""
        keys = {"keys": list({one.key for one in commands})}
        told = session.connection.execute(self._select, keys)
        found = (dict(zip(_LINE, values, strict=True)) for values in told)
        return {str(line["key"]): line for line in found}

    def _put_singly(self, session: Session, written: list[dict[str, object]]) -> None:
        for values in written:
            try:
                with session.connection.begin_nested():
                    session.connection.execute(self._insert, values)
            except IntegrityError:
                continue


def unanswered(lines: Mapping[str, Mapping[str, Any]]) -> bool:
    """Tell whether any line has no receipt yet."""
    return any(not line["answered"] for line in lines.values())


def acted(
    province: ProvinceCode,
    commands: Sequence[Command],
    lines: Mapping[str, Mapping[str, Any]],
) -> Acted:
    """Read the receipts of commands; what has none yet is pending.

    Args:
        province: Whose inbox.
        commands: What was asked, also beyond what fits into a call.
        lines: What stands in the inbox, by key.
    """
    sent = commands[:MOST_COMMANDS]
    receipts = [_receipt(one, lines.get(one.key)) for one in sent]
    rest = len(commands) - len(sent)
    why = None
    if None in receipts:
        why = fault(province, FaultCode.MALFORMED)
    elif rest:
        why = fault(province, FaultCode.PARTIAL)
    return Acted((*receipts, *(None,) * rest), why)


def _receipt(command: Command, line: Mapping[str, Any] | None) -> Receipt | None:
    """Read one receipt; none if what is written there is none."""
    if line is None:
        return None
    if (line["act"], line["transfer"]) != (command.act, command.transfer):
        return Receipt(
            key=command.key, answered=Answered.REFUSED, code=RefusalCode.KEY_REUSED
        )
    try:
        told = msgspec.convert(line, _Line, strict=False)
    except msgspec.ValidationError:
        return None
    return Receipt(
        key=command.key,
        answered=told.answered or Answered.PENDING,
        entry=told.entry,
        local_id=told.given_local_id,
        joined_on=told.first_joined_on,
        code=told.code or "",
        message=told.message or "",
    )


def _written(command: Command) -> dict[str, object]:
    return {
        "key": command.key,
        "act": command.act.value,
        "transfer": command.transfer,
        "local_id": command.local_id,
        "membership_no": command.membership_no,
        "union_code": command.union,
        "counterpart_union": command.counterpart_union,
        "counterpart_province": command.counterpart_province,
        "on_day": command.on,
        "joined_on": command.joined_on,
        "landing": command.landing,
        "reason": command.reason,
    }
