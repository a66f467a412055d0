"""Value: the mutations of contract 1.2, over the province's desk.

What they mean, in both languages, stands in ``schema/province.graphql``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import strawberry
from graphql import GraphQLError

from deploy.demo.province.acting import MOST_ENTRIES, TooManyError
from deploy.demo.province.rules import REASONS
from deploy.demo.province.types import Info  # strawberry reads it

if TYPE_CHECKING:
    Row = dict[str, Any]

#: No id, number or code is longer, in characters.
_LONGEST = 128
_NEEDED = ("key", "transfer", "membership_no", "union", "counterpart_union")


@strawberry.enum
class Answered(StrEnum):
    """How an act ended."""

    DONE = "DONE"
    REFUSED = "REFUSED"
    PENDING = "PENDING"


@strawberry.enum
class RefusalCode(StrEnum):
    """Why the register says no."""

    UNKNOWN_WORKER = "UNKNOWN_WORKER"
    NOT_A_MEMBER = "NOT_A_MEMBER"
    OTHER_UNION = "OTHER_UNION"
    NOT_ACTIVE = "NOT_ACTIVE"
    ALREADY_OUT = "ALREADY_OUT"
    ALREADY_MEMBER = "ALREADY_MEMBER"
    UNKNOWN_UNION = "UNKNOWN_UNION"
    BARRED = "BARRED"
    KEY_REUSED = "KEY_REUSED"
    OTHER = "OTHER"


@strawberry.input
class RegisterEntryInput:
    """One act."""

    key: str
    transfer: strawberry.ID
    membership_no: str
    union: str
    counterpart_union: str
    counterpart_province: str
    on: date
    # What is left out is as good as null.
    local_id: strawberry.ID | None = strawberry.UNSET
    joined_on: date | None = strawberry.UNSET
    landing: bool = False
    reason: str = ""


@strawberry.type
class Receipt:
    """What became of one act."""

    key: str
    answered: Answered
    entry: str | None
    local_id: strawberry.ID | None
    joined_on: date | None
    code: RefusalCode | None
    message: str | None


Receipts = list[Receipt | None]


async def _carry_out(
    act: str, info: Info, entries: list[RegisterEntryInput]
) -> Receipts | None:
    """Carry out the entries that can be read; the others are errors in their places."""
    acts = info.context.acts
    assert acts is not None  # noqa: S101  # there is no mutation without a desk
    rows = [_row(entry) for entry in entries]
    flaws = [_flaw(row) for row in rows]
    sound = [row for row, flaw in zip(rows, flaws, strict=True) if not flaw]
    try:
        done = iter(await acts.act(act, sound))
    except TooManyError:
        raise GraphQLError(
            f"一次至多 {MOST_ENTRIES} 条，请分批。"
            f" At most {MOST_ENTRIES} entries at once: send them in parts."
        ) from None
    # graphql-core shows an exception in a list as an error of its place.
    told: list[Any] = [_error(flaw) if flaw else _told(next(done)) for flaw in flaws]
    return told


def _row(entry: RegisterEntryInput) -> Row:
    row = vars(entry).copy()
    row["on"] = entry.on.isoformat()
    row["local_id"] = entry.local_id or None
    row["joined_on"] = entry.joined_on.isoformat() if entry.joined_on else None
    return row


def _flaw(row: Row) -> str:
    """Name what is wrong with an entry; empty if nothing is."""
    if any(not row[name] for name in _NEEDED):
        return "is empty"
    texts = (value for value in row.values() if isinstance(value, str))
    return f"is over {_LONGEST} characters" if max(map(len, texts)) > _LONGEST else ""


def _error(flaw: str) -> GraphQLError:
    return GraphQLError(
        f"条目有空缺或超过 {_LONGEST} 字，请更正。 A field of this entry {flaw}: mend it."
    )


def _told(row: Row) -> Receipt:
    day, code = row["joined_on"], row["code"]
    return Receipt(
        key=row["key"],
        answered=Answered(row["answered"]),
        entry=row["entry"],
        local_id=row["local_id"],
        joined_on=None if day is None else date.fromisoformat(day),
        code=None if code is None else RefusalCode(code),
        message=None if code is None else REASONS[code],
    )


@strawberry.type
class Mutation:
    """What the province's register takes."""

    @strawberry.mutation
    async def register_out(
        self, info: Info, entries: list[RegisterEntryInput]
    ) -> Receipts | None:
        """Write OUT entries."""
        return await _carry_out("REGISTER_OUT", info, entries)

    @strawberry.mutation
    async def cancel_out(
        self, info: Info, entries: list[RegisterEntryInput]
    ) -> Receipts | None:
        """Take OUT entries back."""
        return await _carry_out("CANCEL_OUT", info, entries)

    @strawberry.mutation
    async def register_in(
        self, info: Info, entries: list[RegisterEntryInput]
    ) -> Receipts | None:
        """Write IN entries."""
        return await _carry_out("REGISTER_IN", info, entries)

    @strawberry.mutation
    async def cancel_in(
        self, info: Info, entries: list[RegisterEntryInput]
    ) -> Receipts | None:
        """Take IN entries back."""
        return await _carry_out("CANCEL_IN", info, entries)

    @strawberry.mutation
    async def complete_out(
        self, info: Info, entries: list[RegisterEntryInput]
    ) -> Receipts | None:
        """Pair OUT entries."""
        return await _carry_out("COMPLETE_OUT", info, entries)
