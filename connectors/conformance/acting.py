"""Itinerary: checks of acts. What is written is taken back; the register ends as it was.

Made only where the operator allows it, for test members that the sample names.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from connectors.conformance.commanding import (
    carried_out,
    command,
    how,
    nobodys,
    transfer_of,
)
from connectors.conformance.comparing import differences, listed
from connectors.conformance.report import Judged, failed, inapplicable, skipped
from connectors.faults import ProvinceFault
from connectors.port import WHOLE_CONTRACT
from schema.records.command import Act, Answered, RefusalCode
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipState
from schema.records.refusal import Bilingual
from schema.records.selection import Selection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectors.conformance.sample import Member
    from connectors.conformance.visit import Visit
    from schema.records.command import Receipt
    from schema.records.membership import MembershipRecord
    from schema.records.worker import WorkerRecord

_MEMBERSHIPS = Selection.of(
    {RecordKind.MEMBERSHIP: WHOLE_CONTRACT.fields[RecordKind.MEMBERSHIP]}
)


def _allowed(visit: Visit, *acts: Act) -> None:
    told = (visit.declared or visit.set).acts
    if not told >= set(acts) or not told:
        raise inapplicable("没有声明。", "not declared")
    if not visit.means.acts:
        raise skipped(
            "只在 --acts 时检查：会写入登记。",
            "checked with --acts only: it writes into the register",
        )


def _member(visit: Visit, name: str) -> Member:
    found: Member | None = getattr(visit.sample.acts, name)
    if found is None:
        raise skipped(
            f"样本没有 acts.{name}。", f"not checked: the sample has no acts.{name}"
        )
    return found


def _seen_at_once(visit: Visit) -> None:
    if visit.means.batches:
        raise skipped(
            "DONE；会籍要到下一批才看得见，未能检查。",
            "DONE; not checked beyond that: the membership shows in a later batch",
        )


def _expect(receipt: Receipt, wanted: str) -> None:
    if how(receipt) != wanted:
        raise failed(
            f"{how(receipt)}，而不是 {wanted}", f"{how(receipt)}, not {wanted}"
        )


async def unrefusable(visit: Visit) -> Bilingual:
    """Undo what never was."""
    _allowed(visit)
    acts = sorted(
        {Act.CANCEL_OUT, Act.COMPLETE_OUT, Act.CANCEL_IN}
        & (visit.declared or visit.set).acts
    )
    for act in acts:
        (told,) = await carried_out(visit, nobodys(visit, act))
        _expect(told, Answered.DONE)
        if told.entry:
            raise failed(f"{act} 有登记编号", f"{act} names an entry")
    return Bilingual(f"{len(acts)} 项", f"acts: {len(acts)}")


async def barred(visit: Visit) -> Bilingual:
    """Take back first, and register then, in one call."""
    _allowed(visit, Act.CANCEL_OUT, Act.REGISTER_OUT)
    member, transfer = _member(visit, "leaving"), transfer_of(visit, "barred")
    back = command(visit, Act.CANCEL_OUT, transfer, member)
    out = command(visit, Act.REGISTER_OUT, transfer, member)
    try:
        undone, late = await carried_out(visit, back, out)
    except (Judged, ProvinceFault):
        await _take_back(visit, transfer, member, "again")
        raise
    if late.answered is Answered.DONE:
        await _take_back(visit, transfer, member, "again")
    _expect(undone, Answered.DONE)
    _expect(late, RefusalCode.BARRED)
    return Bilingual("DONE，BARRED", "DONE, BARRED")


async def unknown(visit: Visit) -> Bilingual:
    """Register nobody."""
    _allowed(visit, Act.REGISTER_OUT)
    wish = nobodys(visit, Act.REGISTER_OUT)
    (first,) = await carried_out(visit, wish)
    _expect(first, RefusalCode.UNKNOWN_WORKER)
    (again,) = await carried_out(visit, wish)
    if again != first:
        raise failed("再问，回执不同", "another receipt the second time")
    return Bilingual("UNKNOWN_WORKER，两次", "UNKNOWN_WORKER, twice")


class _Trip:
    """One OUT entry that is made and taken back, and what was seen on the way."""

    def __init__(self, visit: Visit) -> None:
        _allowed(visit, Act.REGISTER_OUT, Act.CANCEL_OUT)
        self.visit = visit
        self.member = _member(visit, "leaving")

    async def file(self) -> WorkerRecord | None:
        """Ask for the memberships of the member."""
        return await _file(self.visit, self.member)

    async def out(self, name: str) -> Receipt:
        """Make the OUT entry."""
        wish = command(
            self.visit, Act.REGISTER_OUT, transfer_of(self.visit, name), self.member
        )
        (told,) = await carried_out(self.visit, wish)
        _expect(told, Answered.DONE)
        return told

    @contextlib.asynccontextmanager
    async def taken_back(self, name: str) -> AsyncIterator[None]:
        """Take it back at the end, whatever was found."""
        try:
            yield
        finally:
            await _take_back(self.visit, transfer_of(self.visit, name), self.member, "")


async def _take_back(visit: Visit, transfer: str, member: Member, key: str) -> None:
    """Leave nothing behind; what fails here is not what was looked at."""
    more = f"{transfer}:{key}" if key else ""
    wish = command(visit, Act.CANCEL_OUT, transfer, member, key=more)
    with contextlib.suppress(Judged, ProvinceFault):
        await carried_out(visit, wish)


async def _file(visit: Visit, member: Member) -> WorkerRecord | None:
    chosen = (visit.declared or visit.set).narrow(_MEMBERSHIPS)
    (told,) = await visit.workers((member.local_id,), chosen)
    return told


def _row(file: WorkerRecord | None, card: str) -> MembershipRecord:
    rows = (file.memberships if file else None) or ()
    found = [row for row in rows if row.membership_no == card]
    if len(found) != 1:
        raise failed(
            f"该证号的会籍有 {len(found)} 行", f"{len(found)} memberships of the card"
        )
    return found[0]


async def out(visit: Visit) -> Bilingual:
    """Make an OUT entry, and look at the membership."""
    trip = _Trip(visit)
    card = trip.member.membership_no
    async with trip.taken_back("out"):
        told = await trip.out("out")
        _seen_at_once(visit)
        row = _row(await trip.file(), card)
        wrong = _wrong_on_the_way(row, trip.member.counterpart_province)
        if wrong or not told.entry:
            raise failed(f"会籍不符：{listed(wrong)}", f"not so: {listed(wrong)}")
    return Bilingual("DONE，IN_TRANSIT", "DONE, IN_TRANSIT")


def _wrong_on_the_way(row: MembershipRecord, province: str) -> list[str]:
    leaving = {MembershipState.IN_TRANSIT, MembershipState.OUT_REGISTERED}
    looks = {
        "MEMBERSHIP.state": row.state in {*leaving, msgspec.UNSET},
        "MEMBERSHIP.until": row.until in {None, msgspec.UNSET},
        "MEMBERSHIP.registered_out_on": row.registered_out_on is not None,
        "MEMBERSHIP.counterpart_province": row.counterpart_province
        in {province, msgspec.UNSET},
    }
    return [name for name, sound in looks.items() if not sound]


async def again(visit: Visit) -> Bilingual:
    """Ask for the same act again."""
    trip = _Trip(visit)
    async with trip.taken_back("again"):
        first = await trip.out("again")
        before = await trip.file()
        if await trip.out("again") != first:
            raise failed("再问，回执不同", "another receipt the second time")
        found = differences(await trip.file(), before, _MEMBERSHIPS)
        if found:
            raise failed(f"又改了：{listed(found)}", f"changed again: {listed(found)}")
    return Bilingual("同一回执", "the same receipt")


async def key_reused(visit: Visit) -> Bilingual:
    """Bring a key with another transfer."""
    trip = _Trip(visit)
    first, other = transfer_of(visit, "key"), transfer_of(visit, "other")
    async with trip.taken_back("key"), trip.taken_back("other"):
        await trip.out("key")
        before = await trip.file()
        wish = command(
            visit,
            Act.REGISTER_OUT,
            other,
            trip.member,
            key=f"{first}:{Act.REGISTER_OUT}",
        )
        (told,) = await carried_out(visit, wish)
        found = differences(await trip.file(), before, _MEMBERSHIPS)
        if found:
            raise failed(f"却办了：{listed(found)}", f"it was done: {listed(found)}")
        _expect(told, RefusalCode.KEY_REUSED)
    return Bilingual("KEY_REUSED", "KEY_REUSED")


async def cancel(visit: Visit) -> Bilingual:
    """Take an OUT entry back, and compare."""
    trip = _Trip(visit)
    before = await trip.file()
    async with trip.taken_back("cancel"):
        made = await trip.out("cancel")
    wish = command(
        visit, Act.CANCEL_OUT, transfer_of(visit, "cancel"), trip.member
    )  # the key under which it was taken back: the same receipt
    (told,) = await carried_out(visit, wish)
    _expect(told, Answered.DONE)
    if told.entry != made.entry:
        raise failed("登记编号不同", "another entry than was made")
    _as_before(before, await trip.file())
    return Bilingual("恢复原状", "as it was before")


def _as_before(before: WorkerRecord | None, after: WorkerRecord | None) -> None:
    """Compare but for the date of the rows: they were confirmed anew."""
    found = [
        name
        for name in differences(after, before, _MEMBERSHIPS)
        if not name.endswith(".as_of")
    ]
    if found:
        raise failed(f"未恢复：{listed(found)}", f"not as before: {listed(found)}")


async def in_and_back(visit: Visit) -> Bilingual:
    """Make an IN entry, and take it back."""
    _allowed(visit, Act.REGISTER_IN, Act.CANCEL_IN)
    member, transfer = _member(visit, "coming"), transfer_of(visit, "in")
    before = await _file(visit, member)
    back = command(visit, Act.CANCEL_IN, transfer, member)
    try:
        (made,) = await carried_out(
            visit, command(visit, Act.REGISTER_IN, transfer, member)
        )
        _expect(made, Answered.DONE)
        _seen_at_once(visit)
        row = _row(await _file(visit, member), member.membership_no)
        if row.state not in {
            MembershipState.ACTIVE,
            MembershipState.IN_REGISTERED,
            msgspec.UNSET,
        }:
            raise failed("会籍不是 ACTIVE", "the membership is not ACTIVE")
    finally:
        with contextlib.suppress(Judged, ProvinceFault):
            await carried_out(visit, back)
    (undone,) = await carried_out(visit, back)
    _expect(undone, Answered.DONE)
    if undone.entry != made.entry:
        raise failed("登记编号不同", "another entry than was made")
    _as_before(before, await _file(visit, member))
    return Bilingual("ACTIVE，已撤销", "ACTIVE, and taken back")


CHECKS = {
    "acts.unrefusable": unrefusable,
    "acts.barred": barred,
    "acts.unknown": unknown,
    "acts.out": out,
    "acts.again": again,
    "acts.key-reused": key_reused,
    "acts.cancel": cancel,
    "acts.in-and-back": in_and_back,
}
