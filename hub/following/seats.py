"""Decider: for which union of a case an office acts, and who stands above a union."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.acting.reach import reaches
from hub.following import acting_refusals as no
from hub.following.refusals import about
from hub.following.roles import standings
from schema.records.case_task import Seat
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from hub.acting.actor import Actor
    from hub.following.roles import Part
    from hub.organisation.directory import Directory
    from schema.records.case import Case


def seat_of(directory: Directory, union: str, on: date) -> Seat | Refusal:
    """Find a union that stands on a day, or refuse."""
    found = directory.get(union, on)
    if found is None:
        return no.unknown_union(union)
    return Seat(found.code, found.province)


def superior_of(directory: Directory, seat: Seat, on: date) -> Seat | None:
    """Tell the nearest union above one that stands on a day; none at the top.

    Above a union that is gone stands its last parent, or who stands above that.
    """
    below = directory.last(seat.union, on)
    seen = {seat.union}
    while below is not None and below.parent is not None and below.parent not in seen:
        seen.add(below.parent)
        found = directory.get(below.parent, on)
        if found is not None:
            return Seat(found.code, found.province)
        below = directory.last(below.parent, on)
    return None


def all_seats(case: Case) -> tuple[Seat, ...]:
    """List the unions of a case: those with a role, and who is asked to lead."""
    seats = dict.fromkeys(one.seat for one in case.held)
    if case.asked is not None:
        seats[case.asked] = None
    return tuple(seats)


def seats_of(
    directory: Directory, actor: Actor, case: Case, on: date
) -> dict[Seat, tuple[Part, ...]]:
    """Tell for which unions of a case a caller acts, and what they are in it.

    Args:
        directory: Who stands where.
        actor: Who acts.
        case: The case.
        on: The day, in China.
    """
    return {
        seat: standings(case, seat)
        for seat in all_seats(case)
        if reaches(directory, actor, seat.union, on)
    }


def speaking(
    directory: Directory, actor: Actor, case: Case, by: str | None, on: date
) -> Seat | Refusal:
    """Tell for which union a caller acts on a case, or refuse.

    Args:
        directory: Who stands where.
        actor: Who acts.
        case: The case.
        by: The union, as the caller says; if none, the office itself if it is in the
            case, or else the only one for which it can act.
        on: The day, in China.

    Returns:
        The union. Who acts for none of the case does not learn that there is one.
    """
    own = seats_of(directory, actor, case, on)
    if not own:
        return no.NO_SUCH_CASE
    wanted = actor.office if by is None else by
    found = next((seat for seat in own if seat.union == wanted), None)
    if found is not None:
        return found
    if by is None:
        several = about(no.SAY_WHICH_UNION, unions=", ".join(one.union for one in own))
        return next(iter(own)) if len(own) == 1 else several
    return _elsewhere(directory, actor, by, on)


def _elsewhere(
    directory: Directory, actor: Actor, union: str, on: date
) -> Seat | Refusal:
    """Find a union for which the office acts, and that may have no part in the case."""
    if not reaches(directory, actor, union, on):
        return no.not_your_union(union)
    return seat_of(directory, union, on)


def above_lead(
    directory: Directory, actor: Actor, case: Case, by: str | None, on: date
) -> Seat | Refusal:
    """Tell which union above the lead a caller acts for (002 §5, §11), or refuse.

    Args:
        directory: Who stands where.
        actor: Who acts.
        case: The case.
        by: The union, as the caller says; the office itself if none.
        on: The day, in China.
    """
    if not seats_of(directory, actor, case, on):
        return no.NO_SUCH_CASE
    union, lead = by or actor.office, case.lead.union
    found = _elsewhere(directory, actor, union, on)
    if not isinstance(found, Refusal) and (
        union == lead or not directory.acts_for(union, lead, on)
    ):
        return about(no.NOT_ABOVE_LEAD, lead=lead)
    return found
