"""Decider: who sees a transfer, and how much of it (RULEBOOK §3)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from hub.access.caller import Scope
from hub.acting.reach import reach, reaches
from schema.records.keys import WorkerId

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hub.acting.actor import Actor
    from hub.organisation.directory import Directory
    from hub.transfer.decision import Saga
    from schema.records.transfer import Transfer

#: With one of these a caller reads transfers of its own unions.
_READING = frozenset({Scope.TRANSFERS_WRITE.value, Scope.WORKER_READ.value})
#: Whose name the auditor does not get.
NOBODY = WorkerId("")


class Sight(StrEnum):
    """How much of a transfer is seen."""

    NOTHING = "NOTHING"
    #: All but the worker and the number of the card: for inspection.
    WITHOUT_WORKER = "WITHOUT_WORKER"
    WHOLE = "WHOLE"


def parties(transfer: Transfer, saga: Saga | None = None) -> frozenset[str]:
    """Name the unions whom a transfer concerns.

    Args:
        transfer: As it stands.
        saga: The same with its history: the new union that was passed over by a
            landing is concerned still, and so is the union of residence before it.
    """
    known = {transfer.from_union, transfer.to_union}
    if saga is not None:
        known |= {saga.opened.to_union, saga.opened.fallback_union}
    return frozenset(known)


def sight(directory: Directory, actor: Actor, unions: Iterable[str], on: date) -> Sight:
    """Tell how much of a transfer a caller sees.

    Args:
        directory: Who is above whom.
        actor: Who looks.
        unions: Whom it concerns.
        on: The day, in China.
    """
    if actor.scopes & _READING and any(
        reaches(directory, actor, union, on) for union in unions
    ):
        return Sight.WHOLE
    if Scope.AUDIT_READ.value in actor.scopes:
        return Sight.WITHOUT_WORKER
    return Sight.NOTHING


def sight_of(
    directory: Directory, actor: Actor, transfer: Transfer, *, on: date
) -> Sight:
    """Tell how much of a transfer a caller sees by the unions that it concerns."""
    return sight(directory, actor, parties(transfer), on)


def shown(transfer: Transfer, seen: Sight) -> Transfer | None:
    """Take out of a transfer what is not seen; none if nothing is."""
    match seen:
        case Sight.WHOLE:
            return transfer
        case Sight.WITHOUT_WORKER:
            return msgspec.structs.replace(transfer, worker=NOBODY, membership_no="")
        case Sight.NOTHING:
            return None


def offices_of(
    directory: Directory, actor: Actor, on: date, office: str | None = None
) -> tuple[str, ...] | None:
    """Name the unions whose transfers a caller may list.

    Args:
        directory: Who is above whom.
        actor: Who lists.
        on: The day, in China.
        office: Only those of this union and those below it.

    Returns:
        Codes of unions, sorted; none if all transfers may be listed.
    """
    auditor = Scope.AUDIT_READ.value in actor.scopes
    if auditor and office is None:
        return None
    own = reach(directory, actor, on) if actor.scopes & _READING else frozenset()
    if office is None:
        return tuple(sorted(own))
    asked = directory.subordinates(office, on) or frozenset({office})
    return tuple(sorted(asked if auditor else asked & own))


def inspects_only(actor: Actor) -> bool:
    """Tell whether a caller may look for inspection and for nothing else: no names."""
    named = _READING | {Scope.SELF_READ.value}
    return Scope.AUDIT_READ.value in actor.scopes and not actor.scopes & named
