"""Decider: over which cases and tasks a caller's list goes.

A list is chosen, ordered and cut into pages by what the caller sees of each case in it:
who lists by the day that is due lists only cases whose due dates the table of roles
shows. So a page is full, and neither what is on it nor what is not tells anything of
what is withheld.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

import msgspec

from hub.following.sight import of_no_union, unions_of
from schema.records.case_list import ListOrder, TaskSide
from schema.records.case_powers import CaseField, Party

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.following.sight import Looker
    from schema.records.case_list import CaseFilter

Part = TypeVar("Part", Party, TaskSide)

#: What a union is in a case.
_OF_UNIONS: Final = frozenset(
    {Party.LEAD, Party.CO_HANDLER, Party.FOLLOWER, Party.ASKED, Party.SUPERIOR}
)


class Over(msgspec.Struct, Generic[Part], frozen=True):
    """Over what a list goes.

    Attributes:
        unions: Whose; none: of all.
        by: As what these stand in a case or to a task; none: as anything.
    """

    unions: tuple[str, ...] | None
    by: frozenset[Part] | None = None


def of_cases(looker: Looker, wanted: CaseFilter) -> Over[Party]:
    """Tell over which cases a list goes.

    One part of one union must show all that the list chooses and orders by.
    """
    needed = {CaseField.CASE_NO, *matches_by(wanted)}
    if looker.powers.fields(of_no_union(looker.actor)) >= needed:
        return Over(_all(looker, wanted.office, own=False))
    by = frozenset(
        party for party in _OF_UNIONS if looker.powers.fields([party]) >= needed
    )
    return Over(_all(looker, wanted.office, own=True), by)


def of_tasks(looker: Looker, office: str | None) -> Over[TaskSide]:
    """Tell over which tasks a list goes: those seen by who has them, or who gave them."""
    if _sees(looker, of_no_union(looker.actor), CaseField.TASKS):
        return Over(_all(looker, office, own=False))
    own = (CaseField.TASKS, CaseField.OWN_TASKS)
    sides = {
        TaskSide.ASKED: _sees(looker, [Party.CO_HANDLER], *own),
        TaskSide.ASKING: _sees(looker, [Party.LEAD], CaseField.TASKS),
    }
    by = frozenset(side for side, seen in sides.items() if seen)
    return Over(_all(looker, office, own=True), by)


def matches_by(wanted: CaseFilter) -> frozenset[CaseField]:
    """Tell by which fields a list chooses and orders."""
    chosen = {
        CaseField.MATTER: bool(wanted.matters) or wanted.green,
        CaseField.STATE: bool(wanted.states) or wanted.changed_since is not None,
        CaseField.ROLES: wanted.lead_province is not None
        or wanted.opened_since is not None,
        CaseField.DUE_DATES: wanted.due_by is not None
        or wanted.missed
        or wanted.order is ListOrder.DUE,
    }
    return frozenset(field for field, used in chosen.items() if used)


def _all(looker: Looker, office: str | None, *, own: bool) -> tuple[str, ...] | None:
    return unions_of(looker.directory, looker.actor, looker.on, office, own=own)


def _sees(looker: Looker, parties: Iterable[Party], *fields: CaseField) -> bool:
    return not looker.powers.fields(parties).isdisjoint(fields)
