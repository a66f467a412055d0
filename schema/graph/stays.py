"""Decider: where a membership was at home, day by day (RULEBOOK §2 (i)).

Two tell it: the registers of the provinces (rows with first and last day) and the
hub (the days on which its transfers moved the home). Every day that anybody claims
has exactly one home. Whoever claims it besides is shown too, as a stay that is not
the home, with the rule that set it aside: contradictions are for people to see.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from schema.graph.claims import (
    DAY,
    FIRST,
    LAST,
    OVER,
    Claim,
    Place,
    claims_of,
    last_day,
    told,
)
from schema.records.membership import MembershipState
from schema.records.transfer import TransferState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema.records.arriving import Moved
    from schema.records.membership import MembershipRecord
    from schema.records.merged import MergedRow

#: The hub's own journal says that the home was elsewhere on these days.
BY_THE_JOURNAL: Final = "history.journal"
#: Several registers claim these days: the stay that began later counts.
BY_THE_LATER: Final = "history.later"


class StaySource(StrEnum):
    """Who tells of a stay."""

    #: A register has it; the hub moved nothing.
    REGISTER = "REGISTER"
    #: The hub moved the home; no register has told it (yet).
    HUB = "HUB"
    #: Both.
    BOTH = "BOTH"


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """A membership at one union over days without a gap.

    Attributes:
        union: Code of the union; empty where its register does not tell it.
        union_name: Its name, where a register told it.
        province: Its province.
        since: First day; none where no register knows it.
        until: Last day; none while it lasts.
        state: As the register has it; the hub's own word where no register told.
        membership_no: Number of the card.
        source: Who tells of it.
        rows: The rows of the file that tell of it.
        transfer: The transfer that brought the member, if the hub did.
        home: It was the home on these days.
        rule: What set it aside; empty for a home.
    """

    union: str
    union_name: str | None
    province: str
    since: date | None
    until: date | None
    state: MembershipState | None
    membership_no: str | None
    source: StaySource
    rows: tuple[str, ...]
    transfer: str | None
    home: bool
    rule: str


class _Segment(msgspec.Struct, frozen=True):
    """Days on which the same claims stand."""

    first: date
    last: date
    claims: tuple[Claim, ...]
    home: bool


def stays(
    rows: Sequence[MergedRow[MembershipRecord]],
    moved: Sequence[Moved],
    as_of: date | None = None,
) -> tuple[Stay, ...]:
    """Tell the history of a membership.

    Args:
        rows: The memberships of the joined file.
        moved: The worker's transfers.
        as_of: Tell it as it was on that day: what began later is left out, and what
            ended later has no last day yet.

    Returns:
        The stays by first day; of those of one day, the home first.
    """
    today = LAST if as_of is None else as_of
    claims = claims_of(rows, moved, today)
    segments = [one for one in _segments(claims) if one.first <= today]
    found = [_stay(run, today) for run in _runs(segments)]
    return tuple(sorted(found, key=lambda one: (one.since or FIRST, not one.home)))


def _segments(claims: Sequence[Claim]) -> Iterator[_Segment]:
    """Cut time where claims begin and end; in each piece, one place is the home."""
    points = {claim.first for claim in claims}
    points |= {claim.last + DAY for claim in claims if claim.last != LAST}
    ordered = sorted(points)
    ends = [*(one - DAY for one in ordered[1:]), LAST]
    for first, last in zip(ordered, ends, strict=False):  # one end too many if none
        standing: dict[Place, list[Claim]] = {}
        for claim in claims:
            if claim.first <= first <= claim.last:
                standing.setdefault(claim.place, []).append(claim)
        if not standing:
            continue
        home = max(
            standing,
            key=lambda place: (max(c.strength for c in standing[place]), place),
        )
        for place, here in standing.items():
            yield _Segment(first, last, tuple(here), place == home)


def _runs(segments: Sequence[_Segment]) -> Iterator[list[_Segment]]:
    """Put segments of one place together where they follow each other."""
    open_runs: dict[tuple[Place, bool], list[_Segment]] = {}
    for one in segments:
        key = (one.claims[0].place, one.home)
        run = open_runs.get(key)
        if run is not None and run[-1].last + DAY == one.first:
            run.append(one)
            continue
        if run is not None:
            yield run
        open_runs[key] = [one]
    yield from open_runs.values()


def _stay(run: Sequence[_Segment], today: date) -> Stay:
    claims = [claim for one in run for claim in one.claims]
    rows = {claim.row.id: claim.row for claim in claims if claim.row is not None}
    latest = max(rows.values(), key=lambda row: row.record.as_of, default=None)
    moved = next((claim.moved for claim in claims if claim.moved is not None), None)
    first, last, home = run[0].first, run[-1].last, run[0].home
    place = claims[0].place
    record = None if latest is None else latest.record
    source = StaySource.BOTH if rows and moved else StaySource.REGISTER
    aside = BY_THE_LATER if any(claim.believed for claim in claims) else BY_THE_JOURNAL
    return Stay(
        union="" if latest is not None and place[0] == latest.id else place[0],
        union_name=record and told(record.union_name),
        province=place[1],
        since=None if first == FIRST else first,
        until=None if last == LAST else last,
        state=_state(record, moved, last, today),
        membership_no=(record and told(record.membership_no))
        or (moved and moved.transfer.membership_no)
        or None,
        source=source if rows else StaySource.HUB,
        rows=tuple(sorted(rows)),
        transfer=moved and moved.transfer.id,
        home=home,
        rule="" if home else aside,
    )


def _state(
    record: MembershipRecord | None, moved: Moved | None, last: date, today: date
) -> MembershipState | None:
    """Tell the state, unless it is a later one than the day that is asked about."""
    if record is not None:
        ended_later = last == LAST and last_day(record) > today
        state = told(record.state)
        return None if ended_later and today != LAST and state in OVER else state
    if last != LAST:
        return MembershipState.TRANSFERRED
    landed = moved is not None and moved.transfer.state is TransferState.LANDED
    return MembershipState.LANDED_FALLBACK if landed else MembershipState.ACTIVE
