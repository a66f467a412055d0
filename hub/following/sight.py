"""Decider: what a caller is in a case, and so what of it is seen (RULEBOOK §3).

A caller looks through every standing of every union for which the office acts, and may
be the worker, an inspector, or who runs the hub besides. Who is several of these sees
all that they see. Who is none does not learn that there is a case.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.access.caller import Scope
from hub.acting.actor import Actor
from hub.acting.reach import reach, reaches
from hub.following.roles import Powers, standings
from hub.organisation.directory import Directory
from schema.records.case_powers import CaseField, Party
from schema.records.case_seen import SeenPart

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hub.following.roles import Stood
    from schema.records.case_task import Seat

#: With one of these a caller reads the cases of its own unions.
_READING: Final = frozenset({Scope.CASE_READ.value, Scope.CASES_WRITE.value})
#: With one of these a caller may see some case.
SEEING: Final = _READING | {
    Scope.AUDIT_READ.value,
    Scope.HUB_OPERATE.value,
    Scope.SELF_READ.value,
}
_EVERYWHERE: Final = {
    Scope.AUDIT_READ.value: Party.INSPECTOR,
    Scope.HUB_OPERATE.value: Party.OPERATOR,
}
#: What is said of no single case, and what stands in the list of tasks.
_NOT_NAMED: Final = frozenset({CaseField.COUNTS, CaseField.OWN_TASKS})


class Sight(msgspec.Struct, frozen=True):
    """How much of a case is seen.

    Attributes:
        parts: What the caller is in it; empty: nothing is seen.
        fields: What is seen.
    """

    parts: tuple[SeenPart, ...]
    fields: frozenset[CaseField]

    @property
    def withheld(self) -> tuple[CaseField, ...]:
        """What is not seen, in the order of the table."""
        return tuple(
            one for one in CaseField if one not in self.fields and one not in _NOT_NAMED
        )

    @property
    def seats(self) -> frozenset[Seat]:
        """The unions for which the caller looks."""
        return frozenset(one.seat for one in self.parts if one.seat is not None)

    @property
    def searches_only(self) -> bool:
        """Whether the caller is neither a union of the case nor its worker."""
        return all(one.party in {Party.INSPECTOR, Party.OPERATOR} for one in self.parts)


class Looker(msgspec.Struct, frozen=True):
    """Who looks, and by what that is judged.

    Attributes:
        actor: Who.
        directory: Who is above whom.
        powers: The table of roles of that day.
        on: The day, in China.
    """

    actor: Actor
    directory: Directory
    powers: Powers
    on: date


def sight(looker: Looker, stood: Stood, workers: Collection[str] = ()) -> Sight:
    """Tell how much of a case a caller sees.

    Args:
        looker: Who looks.
        stood: The case, or a change of it.
        workers: Whose case it is, by the hub's names.
    """
    parts = [*_of_unions(looker, stood)]
    if Scope.SELF_READ.value in looker.actor.scopes and looker.actor.subject in workers:
        parts.append(SeenPart(Party.WORKER))
    parts += [SeenPart(one) for one in of_no_union(looker.actor)]
    fields = looker.powers.handled(
        [one.party for one in parts], stood.matter, looker.actor.scopes
    )
    # Who sees not even the number of a case does not learn that there is one.
    if CaseField.CASE_NO not in fields:
        return Sight((), frozenset())
    return Sight(tuple(parts), fields)


def of_no_union(actor: Actor) -> tuple[Party, ...]:
    """Tell what a caller is to every case: who inspects, and who runs the hub."""
    return tuple(party for scope, party in _EVERYWHERE.items() if scope in actor.scopes)


def acts_for(looker: Looker, seat: Seat) -> bool:
    """Tell whether a caller looks for a union: with a scope, as it or from above."""
    reading = bool(looker.actor.scopes & _READING)
    return reading and reaches(looker.directory, looker.actor, seat.union, looker.on)


def sees_task(looker: Looker, to: Seat, lead: Seat) -> bool:
    """Tell whether a task is seen: by who was given it, who gave it, inspectors."""
    given = acts_for(looker, to) and _may(looker, Party.CO_HANDLER, own=True)
    gave = acts_for(looker, lead) and _may(looker, Party.LEAD)
    return given or gave or any(_may(looker, one) for one in of_no_union(looker.actor))


def _may(looker: Looker, party: Party, *, own: bool = False) -> bool:
    wanted = {CaseField.TASKS, CaseField.OWN_TASKS} if own else {CaseField.TASKS}
    return bool(looker.powers.fields([party]) & wanted)


def _of_unions(looker: Looker, stood: Stood) -> Iterator[SeenPart]:
    seats = dict.fromkeys(one.seat for one in stood.held)
    if stood.asked is not None:
        seats[stood.asked] = None
    for seat in seats:
        if acts_for(looker, seat):
            for one in standings(stood, seat):
                yield SeenPart(Party(one), seat)


def unions_of(
    directory: Directory,
    actor: Actor,
    on: date,
    office: str | None = None,
    *,
    own: bool = False,
) -> tuple[str, ...] | None:
    """Name the unions whose cases a caller may list.

    Args:
        directory: Who is above whom.
        actor: Who lists.
        on: The day, in China.
        office: Only those of this union and those below it.
        own: Only those for which the caller acts, whatever else it is.

    Returns:
        Codes of unions, sorted; none if all cases may be listed.
    """
    everything = bool(of_no_union(actor)) and not own
    if everything and office is None:
        return None
    acted = reach(directory, actor, on) if actor.scopes & _READING else frozenset()
    if office is None:
        return tuple(sorted(acted))
    asked = directory.subordinates(office, on) or frozenset({office})
    return tuple(sorted(asked if everything else asked & acted))
