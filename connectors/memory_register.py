"""Decider: the rules of a province's register of members, made plain.

Contract 1.2 in memory: what any register answers to commands, this one answers too.
It keeps state, and touches nothing else: no clock, no log, no await.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.memory_entries import InEntry, OutEntry
from schema.records.command import Act, Answered, Receipt, RefusalCode
from schema.records.membership import MembershipRecord, MembershipState
from schema.records.worker import WorkerRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from schema.records.command import Command

#: States in which the worker is a member at the union of the row, and stays.
_STANDING = frozenset(
    {
        MembershipState.ACTIVE,
        MembershipState.IN_REGISTERED,
        MembershipState.RETAINED,
        MembershipState.LANDED_FALLBACK,
    }
)
#: States in which the worker is a member there, and on the way.
_LEAVING = frozenset({MembershipState.OUT_REGISTERED, MembershipState.IN_TRANSIT})
_MEMBER = _STANDING | _LEAVING


class MemoryRegister:
    """A register of members, without a line to it.

    Attributes:
        files: The files that acts have changed or made, by local key.
        outs: OUT entries by transfer.
        ins: IN entries by transfer.
        barred: Transfers that can have no OUT entry any more.
        barred_in: Transfers that can have no IN entry any more.
    """

    def __init__(
        self,
        province: str,
        workers: Mapping[str, WorkerRecord],
        knows_union: Callable[[str], bool] = lambda _union: True,
    ) -> None:
        """Begin with these workers.

        Args:
            province: Its code, for the numbers of entries and new files.
            workers: By local key; they are not changed.
            knows_union: Tells whether a union is one of this province.
        """
        self.files: dict[str, WorkerRecord] = {}
        self.outs: dict[str, OutEntry] = {}
        self.ins: dict[str, InEntry] = {}
        self.barred: set[str] = set()
        self.barred_in: set[str] = set()
        self._province = province
        self._workers = workers
        self._knows_union = knows_union
        self._receipts: dict[str, tuple[Act, str, Receipt]] = {}
        self._cards: dict[str, set[str]] | None = None
        self._numbers = 0

    def file(self, local_id: str) -> WorkerRecord | None:
        """Tell a worker's file as it stands after all acts."""
        return self.files.get(local_id) or self._workers.get(local_id)

    def act(self, command: Command, at: datetime) -> Receipt:
        """Carry a command out, or answer it as it was answered the first time.

        Args:
            command: What to do.
            at: The moment, for the rows that change.
        """
        known = self._receipts.get(command.key)
        if known is not None:
            act, transfer, first = known
            if (act, transfer) == (command.act, command.transfer):
                return first
            return _no(command, RefusalCode.KEY_REUSED)
        carry_out = {
            Act.REGISTER_OUT: self._out,
            Act.REGISTER_IN: self._in,
            Act.CANCEL_OUT: self._cancel,
            Act.CANCEL_IN: self._cancel_in,
            Act.COMPLETE_OUT: self._complete,
        }[command.act]
        receipt = carry_out(command, at)
        self._receipts[command.key] = (command.act, command.transfer, receipt)
        return receipt

    def _out(self, command: Command, at: datetime) -> Receipt:
        if command.transfer in self.barred:
            return _no(command, RefusalCode.BARRED)
        file = self.file(command.local_id) if command.local_id else None
        if file is None:
            return _no(command, RefusalCode.UNKNOWN_WORKER)
        row = _leaving(command, file)
        if isinstance(row, RefusalCode):
            return _no(command, row)
        number = self._number("OUT")
        self.outs[command.transfer] = OutEntry(number, file.local_id, row)
        self._put(
            file.local_id,
            msgspec.structs.replace(
                row,
                as_of=at,
                state=MembershipState.IN_TRANSIT,
                registered_out_on=command.on,
                counterpart_province=command.counterpart_province,
            ),
            at,
        )
        return _done(command, number, joined_on=row.joined_on or None)

    def _in(self, command: Command, at: datetime) -> Receipt:
        if command.transfer in self.barred_in:
            return _no(command, RefusalCode.BARRED)
        if not self._knows_union(command.union):
            return _no(command, RefusalCode.UNKNOWN_UNION)
        holders = self._holders(command.membership_no)
        local_id = command.local_id or min(holders, default=None)
        if command.local_id and self.file(command.local_id) is None:
            return _no(command, RefusalCode.UNKNOWN_WORKER)
        left = self._left(command.transfer)
        for name in holders | ({local_id} if local_id else set()):
            file = self.file(name)
            for row in _rows(file) if file else ():
                own = name == local_id or row.membership_no == command.membership_no
                if own and row.state in _MEMBER and (name, row.id) != left:
                    return _no(command, RefusalCode.ALREADY_MEMBER)
        number = self._number("IN")
        if local_id is None:
            local_id = f"new-{number}"
            self.files[local_id] = WorkerRecord(local_id=local_id, as_of=at)
        self._pair(command, at, within=True)
        landed = MembershipState.LANDED_FALLBACK
        self._put(
            local_id,
            MembershipRecord(
                id=number,
                as_of=at,
                membership_no=command.membership_no,
                union_code=command.union,
                state=landed if command.landing else MembershipState.ACTIVE,
                joined_on=command.joined_on,
                since=command.on,
                registered_in_on=command.on,
                counterpart_province=command.counterpart_province,
            ),
            at,
        )
        self.ins[command.transfer] = InEntry(number, local_id)
        self._holders(command.membership_no).add(local_id)
        given = None if command.local_id else local_id
        return _done(command, number, local_id=given)

    def _cancel(self, command: Command, at: datetime) -> Receipt:
        self.barred.add(command.transfer)
        entry = self.outs.get(command.transfer)
        if entry is not None and entry.open:
            entry.open = False
            row = msgspec.structs.replace(entry.before, as_of=at)
            self._put(entry.local_id, row, at)
        return _done(command, entry.number if entry else None)

    def _cancel_in(self, command: Command, at: datetime) -> Receipt:
        """Take the IN entry back, and all that came with it.

        Who has moved on since by another entry is not touched.
        """
        self.barred_in.add(command.transfer)
        self.barred.add(command.transfer)
        made = self.ins.get(command.transfer)
        if made is not None and made.open:
            made.open = False
            file = self.file(made.local_id)
            rows = tuple(_rows(file)) if file else ()
            stands = [r for r in rows if r.id == made.number and r.state in _STANDING]
            if file is None or not stands:
                return _done(command, made.number)
            kept = tuple(r for r in rows if r.id != made.number)
            self.files[file.local_id] = msgspec.structs.replace(file, memberships=kept)
            self._unpair(command.transfer, at)
        return _done(command, made.number if made else None)

    def _unpair(self, transfer: str, at: datetime) -> None:
        """Within the province, the membership that was left goes on as before."""
        entry = self.outs.get(transfer)
        if entry is not None and not entry.open and entry.within:
            row = msgspec.structs.replace(entry.before, as_of=at)
            self._put(entry.local_id, row, at)

    def _complete(self, command: Command, at: datetime) -> Receipt:
        self.barred.add(command.transfer)
        self._pair(command, at)
        entry = self.outs.get(command.transfer)
        return _done(command, entry.number if entry else None)

    def _pair(self, command: Command, at: datetime, *, within: bool = False) -> None:
        """End the membership of an open OUT entry: it goes on elsewhere."""
        entry = self.outs.get(command.transfer)
        if entry is None or not entry.open:
            return
        entry.open, entry.within = False, within
        file = self.file(entry.local_id)
        row = next(r for r in _rows(file) if r.id == entry.before.id) if file else None
        if row is not None:
            row = msgspec.structs.replace(
                row, as_of=at, state=MembershipState.TRANSFERRED, until=command.on
            )
            self._put(entry.local_id, row, at)

    def _left(self, transfer: str) -> tuple[str, str] | None:
        """Name the row that a transfer within the province leaves: file and row."""
        entry = self.outs.get(transfer)
        return (entry.local_id, entry.before.id) if entry and entry.open else None

    def _holders(self, membership_no: str) -> set[str]:
        """Tell which files have a row of this card."""
        if self._cards is None:
            self._cards = {}
            for local_id, file in self._workers.items():
                for row in _rows(file):
                    if row.membership_no:
                        self._cards.setdefault(row.membership_no, set()).add(local_id)
        return self._cards.setdefault(membership_no, set())

    def _put(self, local_id: str, row: MembershipRecord, at: datetime) -> None:
        file = self.file(local_id) or WorkerRecord(local_id=local_id, as_of=at)
        others = tuple(old for old in _rows(file) if old.id != row.id)
        rows = tuple(sorted((*others, row), key=lambda one: one.id))
        self.files[local_id] = msgspec.structs.replace(file, memberships=rows)

    def _number(self, kind: str) -> str:
        self._numbers += 1
        return f"{self._province}-{kind}-{self._numbers:08d}"


def _rows(file: WorkerRecord) -> Iterator[MembershipRecord]:
    yield from file.memberships or ()


def _leaving(command: Command, file: WorkerRecord) -> MembershipRecord | RefusalCode:
    """Find the membership that is to leave, or say why there is none."""
    rows = [row for row in _rows(file) if row.membership_no == command.membership_no]
    if not rows:
        return RefusalCode.NOT_A_MEMBER
    rows = [row for row in rows if row.state in _MEMBER]
    if not rows:
        return RefusalCode.NOT_ACTIVE
    rows = [row for row in rows if row.union_code == command.union]
    if not rows:
        return RefusalCode.OTHER_UNION
    standing = [row for row in rows if row.state in _STANDING]
    return min(standing, key=lambda row: row.id, default=RefusalCode.ALREADY_OUT)


def _no(command: Command, code: RefusalCode) -> Receipt:
    return Receipt(key=command.key, answered=Answered.REFUSED, code=code)


def _done(command: Command, entry: str | None, **told: object) -> Receipt:
    return Receipt(key=command.key, answered=Answered.DONE, entry=entry, **told)  # type: ignore[arg-type]
