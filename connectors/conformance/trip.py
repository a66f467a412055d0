"""Adapter: one entry that is made and taken back, and the membership that is looked at."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from connectors.conformance.commanding import (
    carried_out,
    command,
    how,
    transfer_of,
)
from connectors.conformance.comparing import differences, listed
from connectors.conformance.report import Judged, failed, inapplicable, skipped
from connectors.port import WHOLE_CONTRACT
from schema.records.command import Act, Answered
from schema.records.kinds import RecordKind
from schema.records.selection import Selection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectors.conformance.sample import Member
    from connectors.conformance.visit import Visit
    from schema.records.command import Receipt
    from schema.records.membership import MembershipRecord
    from schema.records.worker import WorkerRecord

#: All that is told of memberships.
MEMBERSHIPS = Selection.of(
    {RecordKind.MEMBERSHIP: WHOLE_CONTRACT.fields[RecordKind.MEMBERSHIP]}
)


def allowed(visit: Visit, *acts: Act) -> None:
    """Look whether acts are declared, and may be tried.

    Raises:
        Judged: They are not, or may not.
    """
    told = (visit.declared or visit.set).acts
    if not told >= set(acts) or not told:
        raise inapplicable("没有声明。", "not declared")
    if not visit.means.acts:
        raise skipped(
            "只在 --acts 时检查：会写入登记。",
            "checked with --acts only: it writes into the register",
        )


def member_of(visit: Visit, name: str) -> Member:
    """Give the test member who leaves or comes.

    Raises:
        Judged: The sample names none.
    """
    found: Member | None = getattr(visit.sample.acts, name)
    if found is None:
        raise skipped(
            f"样本没有 acts.{name}。", f"not checked: the sample has no acts.{name}"
        )
    return found


def expect(receipt: Receipt, wanted: str) -> None:
    """Look how a command ended.

    Raises:
        Judged: Otherwise.
    """
    if how(receipt) != wanted:
        raise failed(
            f"{how(receipt)}，而不是 {wanted}", f"{how(receipt)}, not {wanted}"
        )


class Trip:
    """One OUT entry that is made and taken back, and what was seen on the way."""

    def __init__(self, visit: Visit) -> None:
        allowed(visit, Act.REGISTER_OUT, Act.CANCEL_OUT)
        self.visit = visit
        self.member = member_of(visit, "leaving")

    async def file(self) -> WorkerRecord | None:
        """Ask for the memberships of the member."""
        return await file_of(self.visit, self.member)

    async def out(self, name: str) -> Receipt:
        """Make the OUT entry."""
        wish = command(
            self.visit, Act.REGISTER_OUT, transfer_of(self.visit, name), self.member
        )
        (told,) = await carried_out(self.visit, wish)
        expect(told, Answered.DONE)
        return told

    @contextlib.asynccontextmanager
    async def taken_back(self, name: str) -> AsyncIterator[None]:
        """Take it back at the end, whatever was found."""
        try:
            yield
        finally:
            await take_back(self.visit, transfer_of(self.visit, name), self.member, "")


async def take_back(
    visit: Visit, transfer: str, member: Member, key: str, act: Act = Act.CANCEL_OUT
) -> None:
    """Leave nothing behind.

    Raises:
        Judged: Something stays behind: whoever reads the report has to undo it.
    """
    more = f"{transfer}:{key}" if key else ""
    wish = command(visit, act, transfer, member, key=more)
    try:
        (told,) = await carried_out(visit, wish)
        expect(told, Answered.DONE)
    except Judged as judged:
        why = judged.came
        raise Judged(
            judged.outcome,
            f"接转 {transfer} 的登记未能撤回（{why.zh}），请在省里撤回。",
            f"the entry of {transfer} was not taken back ({why.en}): undo it in the"
            " register",
        ) from None


async def file_of(visit: Visit, member: Member) -> WorkerRecord | None:
    """Ask for all memberships of a test member."""
    chosen = (visit.declared or visit.set).narrow(MEMBERSHIPS)
    (told,) = await visit.workers((member.local_id,), chosen)
    return told


def row_of(file: WorkerRecord | None, card: str) -> MembershipRecord:
    """Find the one membership of a card.

    Raises:
        Judged: There is none, or more.
    """
    rows = (file.memberships if file else None) or ()
    found = [row for row in rows if row.membership_no == card]
    if len(found) != 1:
        raise failed(
            f"该证号的会籍有 {len(found)} 行", f"{len(found)} memberships of the card"
        )
    return found[0]


def as_before(before: WorkerRecord | None, after: WorkerRecord | None) -> None:
    """Compare but for the date of the rows: they were confirmed anew."""
    found = [
        name
        for name in differences(after, before, MEMBERSHIPS)
        if not name.endswith(".as_of")
    ]
    if found:
        raise failed(f"未恢复：{listed(found)}", f"not as before: {listed(found)}")
