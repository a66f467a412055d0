"""Itinerary: checks of acts. What is written is taken back; the register ends as it was.

Made only where the operator allows it, for test members that the sample names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.conformance.commanding import (
    carried_out,
    command,
    nobodys,
    transfer_of,
)
from connectors.conformance.comparing import differences, listed
from connectors.conformance.report import Judged, failed, skipped
from connectors.conformance.trip import (
    MEMBERSHIPS,
    Trip,
    allowed,
    as_before,
    expect,
    file_of,
    member_of,
    row_of,
    take_back,
)
from connectors.faults import ProvinceFault
from schema.records.command import Act, Answered, RefusalCode
from schema.records.membership import MembershipState
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from connectors.conformance.visit import Visit
    from schema.records.membership import MembershipRecord


def _seen_at_once(visit: Visit) -> None:
    if visit.means.batches:
        raise skipped(
            "DONE；会籍要到下一批才看得见，未能检查。",
            "DONE; not checked beyond that: the membership shows in a later batch",
        )


async def unrefusable(visit: Visit) -> Bilingual:
    """Undo what never was."""
    allowed(visit)
    acts = sorted(
        {Act.CANCEL_OUT, Act.COMPLETE_OUT, Act.CANCEL_IN}
        & (visit.declared or visit.set).acts
    )
    for act in acts:
        (told,) = await carried_out(visit, nobodys(visit, act))
        expect(told, Answered.DONE)
        if told.entry:
            raise failed(f"{act} 有登记编号", f"{act} names an entry")
    return Bilingual(f"{len(acts)} 项", f"acts: {len(acts)}")


async def barred(visit: Visit) -> Bilingual:
    """Take back first, and register then, in one call."""
    allowed(visit, Act.CANCEL_OUT, Act.REGISTER_OUT)
    member, transfer = member_of(visit, "leaving"), transfer_of(visit, "barred")
    back = command(visit, Act.CANCEL_OUT, transfer, member)
    out = command(visit, Act.REGISTER_OUT, transfer, member)
    try:
        undone, late = await carried_out(visit, back, out)
    except (Judged, ProvinceFault):
        await take_back(visit, transfer, member, "again")
        raise
    if late.answered is Answered.DONE:
        await take_back(visit, transfer, member, "again")
    expect(undone, Answered.DONE)
    expect(late, RefusalCode.BARRED)
    return Bilingual("DONE，BARRED", "DONE, BARRED")


async def unknown(visit: Visit) -> Bilingual:
    """Register nobody."""
    allowed(visit, Act.REGISTER_OUT)
    wish = nobodys(visit, Act.REGISTER_OUT)
    (first,) = await carried_out(visit, wish)
    expect(first, RefusalCode.UNKNOWN_WORKER)
    (again,) = await carried_out(visit, wish)
    if again != first:
        raise failed("再问，回执不同", "another receipt the second time")
    return Bilingual("UNKNOWN_WORKER，两次", "UNKNOWN_WORKER, twice")


async def out(visit: Visit) -> Bilingual:
    """Make an OUT entry, and look at the membership."""
    trip = Trip(visit)
    card = trip.member.membership_no
    async with trip.taken_back("out"):
        told = await trip.out("out")
        _seen_at_once(visit)
        row = row_of(await trip.file(), card)
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
    trip = Trip(visit)
    async with trip.taken_back("again"):
        first = await trip.out("again")
        before = await trip.file()
        if await trip.out("again") != first:
            raise failed("再问，回执不同", "another receipt the second time")
        found = differences(await trip.file(), before, MEMBERSHIPS)
        if found:
            raise failed(f"又改了：{listed(found)}", f"changed again: {listed(found)}")
    return Bilingual("同一回执", "the same receipt")


async def key_reused(visit: Visit) -> Bilingual:
    """Bring a key with another transfer."""
    trip = Trip(visit)
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
        found = differences(await trip.file(), before, MEMBERSHIPS)
        if found:
            raise failed(f"却办了：{listed(found)}", f"it was done: {listed(found)}")
        expect(told, RefusalCode.KEY_REUSED)
    return Bilingual("KEY_REUSED", "KEY_REUSED")


async def cancel(visit: Visit) -> Bilingual:
    """Take an OUT entry back, and compare."""
    trip = Trip(visit)
    before = await trip.file()
    async with trip.taken_back("cancel"):
        made = await trip.out("cancel")
    wish = command(
        visit, Act.CANCEL_OUT, transfer_of(visit, "cancel"), trip.member
    )  # the key under which it was taken back: the same receipt
    (told,) = await carried_out(visit, wish)
    expect(told, Answered.DONE)
    if told.entry != made.entry:
        raise failed("登记编号不同", "another entry than was made")
    as_before(before, await trip.file())
    return Bilingual("恢复原状", "as it was before")


async def in_and_back(visit: Visit) -> Bilingual:
    """Make an IN entry, and take it back."""
    allowed(visit, Act.REGISTER_IN, Act.CANCEL_IN)
    member, transfer = member_of(visit, "coming"), transfer_of(visit, "in")
    before = await file_of(visit, member)
    back = command(visit, Act.CANCEL_IN, transfer, member)
    try:
        (made,) = await carried_out(
            visit, command(visit, Act.REGISTER_IN, transfer, member)
        )
        expect(made, Answered.DONE)
        _seen_at_once(visit)
        row = row_of(await file_of(visit, member), member.membership_no)
        if row.state not in {
            MembershipState.ACTIVE,
            MembershipState.IN_REGISTERED,
            msgspec.UNSET,
        }:
            raise failed("会籍不是 ACTIVE", "the membership is not ACTIVE")
    finally:
        await take_back(visit, transfer, member, "", Act.CANCEL_IN)
    (undone,) = await carried_out(visit, back)
    expect(undone, Answered.DONE)
    if undone.entry != made.entry:
        raise failed("登记编号不同", "another entry than was made")
    as_before(before, await file_of(visit, member))
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
