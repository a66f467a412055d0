"""Decider: on which days who says that a membership was at which union.

A register says it by a row with first and last day, the hub by the days on which its
transfers moved the home. Where the hub's journal says otherwise, a register's claim
stands, but is not believed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
from msgspec import UNSET

from schema.records.membership import MembershipState
from schema.records.transfer import Basis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from schema.records.arriving import Moved
    from schema.records.membership import MembershipRecord
    from schema.records.merged import MergedRow

    Moves: TypeAlias = Sequence[tuple[date, Moved]]

#: A union and its province.
Place: TypeAlias = tuple[str, str]

#: Before every day, and after.
FIRST, LAST = date.min, date.max
DAY: Final = timedelta(days=1)
_CHINA = timezone(timedelta(hours=8))
#: The membership is over at this union.
OVER: Final = frozenset(
    {MembershipState.TRANSFERRED, MembershipState.WITHDRAWN, MembershipState.EXPELLED}
)


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """That the member was at a place from a day to a day, both included."""

    place: Place
    first: date
    last: date
    since: date
    as_of: datetime
    believed: bool = True
    row: Any = None
    moved: Any = None

    @property
    def strength(self) -> tuple[bool, date, bool, datetime]:
        """Whom to follow where several claim a day: the largest."""
        return (self.believed, self.since, self.moved is not None, self.as_of)


def claims_of(
    rows: Iterable[MergedRow[MembershipRecord]], moved: Iterable[Moved], today: date
) -> list[Claim]:
    """Collect all claims that begin on a day or before it.

    One that ends later is taken to last: nobody knew its end on that day.
    """
    moves = sorted(
        ((one.on, one) for one in moved if one.on is not None and one.on <= today),
        key=lambda pair: pair[0],  # of one day they are in the journal's order
    )
    whole = [_as_of(claim, today) for claim in _of_rows(rows) if claim.first <= today]
    journal = list(_of_moves(moves))
    registers = _untouching(whole, [*whole, *journal])
    return [*(part for one in registers for part in _held_to(one, moves)), *journal]


def _of_rows(rows: Iterable[MergedRow[MembershipRecord]]) -> Iterator[Claim]:
    for row in rows:
        record = row.record
        if record.state is MembershipState.APPLIED:
            continue
        place = (told(record.union_code) or row.id, str(row.source.province))
        first = told(record.since) or FIRST
        last = max(last_day(record), first)
        yield Claim(
            place=place,
            first=first,
            last=last,
            since=first,
            as_of=record.as_of,
            row=row,
        )


def last_day(record: MembershipRecord) -> date:
    """Tell the last day; of one that is over without saying when, the latest it can be."""
    until: date | None = told(record.until)
    if until is not None:
        return until
    if record.state not in OVER:
        return LAST
    out: date | None = told(record.registered_out_on)
    return out or record.as_of.astimezone(_CHINA).date()


def _held_to(claim: Claim, moves: Moves) -> Iterator[Claim]:
    """Cut a register's claim where the journal says that the member came or went."""
    turns = [
        (on, came, one)
        for on, one in moves
        for came in (False, True)
        if claim.place == _end_of(one, came=came)
    ]
    first, believed = claim.first, not _came_later(claim, turns)
    since = claim.since
    for on, came, _ in turns:
        if on > claim.first and first < on <= claim.last:
            yield _piece(claim, first, on - DAY, since, believed=believed)
            first = on
        if on <= claim.last:
            believed = came
            since = max(on, claim.since) if came else claim.since
    yield _piece(claim, first, claim.last, since, believed=believed)


def _came_later(claim: Claim, turns: Sequence[tuple[date, bool, Moved]]) -> bool:
    """Tell whether the member came by a transfer after the claim begins.

    A duplicate membership stood there before the transfer that settles it.
    """
    if not turns:
        return False
    on, came, one = turns[0]
    return came and claim.first < on and one.transfer.basis is not Basis.DUPLICATE


def _piece(
    claim: Claim, first: date, last: date, since: date, *, believed: bool
) -> Claim:
    return msgspec.structs.replace(
        claim, first=first, last=last, since=since, believed=believed
    )


def _of_moves(moves: Moves) -> Iterator[Claim]:
    """Say where the journal has the member after each move, until the next."""
    ends = [*(on for on, _ in moves[1:]), LAST]
    for (on, one), end in zip(moves, ends, strict=False):  # one end too many if none
        if on == end and end != LAST:
            continue  # moved on within the day
        yield Claim(
            place=_end_of(one, came=True),
            first=on,
            last=end if end == LAST else end - DAY,
            since=on,
            as_of=one.transfer.changed_at,
            moved=one,
        )


def _end_of(one: Moved, *, came: bool) -> Place:
    moved = one.transfer
    if came:
        return (moved.to_union, str(moved.to_province))
    return (moved.from_union, str(moved.from_province))


def _as_of(claim: Claim, today: date) -> Claim:
    if claim.last <= today:
        return claim
    return msgspec.structs.replace(claim, last=LAST)


def _untouching(claims: Sequence[Claim], others: Iterable[Claim]) -> list[Claim]:
    """End a claim before the day on which another begins.

    Registers write the day of the move on both sides; it belongs to the new one.
    """
    begun: dict[date, set[Place]] = {}
    for claim in others:
        begun.setdefault(claim.first, set()).add(claim.place)
    return [
        msgspec.structs.replace(claim, last=claim.last - DAY)
        if claim.first < claim.last and begun.get(claim.last, set()) - {claim.place}
        else claim
        for claim in claims
    ]


def told(value: Any) -> Any:
    """Take a field that nobody told for one that is empty."""
    return None if value is UNSET else value
