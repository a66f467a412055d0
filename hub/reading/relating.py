"""Decider: what the caller is to a worker, before and after the provinces are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.verdict import Relation
from schema.records.wanted import ByLocalKey, ByNumber

if TYPE_CHECKING:
    from hub.access.caller import Caller
    from schema.records.told import Gathered, Located
    from schema.records.wanted import WorkerBy


def relation(by: WorkerBy, located: Located, caller: Caller) -> Relation:
    """Tell what the caller is to the worker, as far as it is known before asking."""
    if caller.subject == located.worker:
        return Relation.SELF
    if any(link.key.province == caller.province for link in located.links):
        return Relation.LINKED
    if isinstance(by, ByNumber):
        return Relation.NUMBER_PRESENTED
    return Relation.NONE


def unlinked(by: WorkerBy) -> Relation:
    """Tell what is left of a relation when the caller's own province disowns it.

    Whoever may register links could register one that is not true, and so open
    what is open to a linked province only. So a link counts as a relation only
    while the province that it names does not say that it has no such worker.
    """
    return Relation.NUMBER_PRESENTED if isinstance(by, ByNumber) else Relation.NONE


def nobodys(by: WorkerBy, relation: Relation, located: Located, told: Gathered) -> bool:
    """Tell whether a number is nobody's after all: every linked province disowns it.

    Else whoever may register links could register guessed numbers under keys that they
    made up, and ask for them by number: each would be found, and none be a guess.
    Workers see of themselves what is stale.
    """
    if not isinstance(by, ByNumber) or relation is Relation.SELF:
        return False
    return all(link.key.province in told.unknown_to for link in located.links)


def may_learn_absence(by: WorkerBy, caller: Caller) -> bool:
    """Tell whether the caller may know that nobody is known by that.

    Of a number that was presented, yes; of a local key of the caller's own province,
    yes. Of another province's key, or of an id, "nobody" and "not for you" must
    look alike, or the keys of other provinces could be tried one by one.
    """
    match by:
        case ByNumber():
            return True
        case ByLocalKey():
            return by.key.province == caller.province
        case _:
            return False
