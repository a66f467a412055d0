"""Decider: what an act must satisfy before the saga is asked (RULEBOOK §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.access.caller import Scope
from hub.acting.keys import key_refused, reason_refused
from hub.acting.reach import reaches, vouched
from hub.transfer import acting_refusals as no
from hub.transfer import refusals as late
from hub.transfer.sight import Sight, parties, sight
from schema.records.transfer import ENDED, Basis

if TYPE_CHECKING:
    from datetime import date

    from hub.acting.actor import Actor
    from hub.organisation.directory import Directory, Organisation
    from hub.transfer.ports import Standing
    from schema.records.keys import WorkerId
    from schema.records.refusal import Refusal


def may_move(directory: Directory, actor: Actor, on: date) -> Refusal | None:
    """Refuse whoever may not move memberships at all, from wherever they act.

    Args:
        directory: Who stands where.
        actor: Who acts; the office must be one of the token's province.
        on: The day, in China.
    """
    if Scope.TRANSFERS_WRITE.value not in actor.scopes:
        return no.NO_SCOPE
    return None if vouched(directory, actor, on) else no.OFFICE_ELSEWHERE


def may_look(directory: Directory, actor: Actor, on: date) -> Refusal | None:
    """Refuse whoever would list transfers as an office of another province.

    Who inspects sees all transfers without the workers, from wherever.
    """
    if Scope.AUDIT_READ.value in actor.scopes or vouched(directory, actor, on):
        return None
    return no.OFFICE_ELSEWHERE


def may_act(directory: Directory, actor: Actor, key: str, on: date) -> Refusal | None:
    """Refuse whoever may not move memberships at all, and keys of no use.

    Asked before anything is looked up, even what was answered before under the key.
    """
    refused = may_move(directory, actor, on)
    if refused is not None:
        return refused
    return key_refused(key, on)


def may_act_because(
    directory: Directory, actor: Actor, key: str, reason: str, on: date
) -> Refusal | None:
    """Refuse as ``may_act``, and for a reason that is of no use."""
    return may_act(directory, actor, key, on) or reason_refused(reason, on)


def may_accept(
    directory: Directory,
    actor: Actor,
    standing: Standing | None,
    named: tuple[str, WorkerId | None] | None,
    on: date,
) -> Refusal | None:
    """Refuse to accept, as ``may_answer``, and a local id that cannot be the worker's.

    Args:
        directory: Who stands where.
        actor: Who accepts.
        standing: The transfer, as it stands.
        named: The worker's local id in the new province, if it was given, and whose
            it is, if the hub knows.
        on: The day, in China.
    """
    refused = may_answer(directory, actor, standing, on)
    if refused is not None or standing is None or named is None:
        return refused
    if standing.saga.to_province != actor.province:
        return no.OTHER_PROVINCE
    _, worker = named
    if worker is not None and worker != standing.transfer.worker:
        return no.ANOTHER_WORKER
    return None


def union_at(directory: Directory, union: str, on: date) -> Organisation | Refusal:
    """Find a union that stands on a day, or refuse."""
    return directory.get(union, on) or no.about(no.UNKNOWN_UNION, union)


def acts_as(
    directory: Directory, actor: Actor, union: str, on: date
) -> Organisation | Refusal:
    """Find a union for which the office acts, or refuse."""
    found = union_at(directory, union, on)
    if reaches(directory, actor, union, on):
        return found
    return no.about(no.NOT_YOUR_UNION, union)


def acts_as_old(
    directory: Directory, actor: Actor, union: str, on: date
) -> Organisation | Refusal:
    """Find an old union for which the office acts, or refuse.

    It may be closed: its members are at home there until somebody moves them, and its
    last parent acts for it.
    """
    found = directory.last(union, on)
    if found is not None and reaches(directory, actor, union, on):
        return found
    return no.about(no.NOT_YOUR_UNION, union)


def landing_of(
    directory: Directory, old: Organisation, residence: str | None, on: date
) -> Organisation | None:
    """Find where a member lands who has nowhere to go (2000 rules art. 6).

    The union of residence, if the place is known; else where the old union said that
    its members land; else nowhere: the member stays.

    Args:
        directory: Who stands where.
        old: The old union.
        residence: GB/T 2260 code of where the worker lives, if it is known.
        on: The day, in China.
    """
    if residence and (found := directory.residence(residence, on)) is not None:
        return found
    return directory.get(old.landing, on) if old.landing else None


def may_answer(
    directory: Directory, actor: Actor, standing: Standing | None, on: date
) -> Refusal | None:
    """Refuse to accept or reject, but for the new union or one above it."""
    return _for(directory, actor, standing, "to", on)


def may_withdraw(
    directory: Directory, actor: Actor, standing: Standing | None, on: date
) -> Refusal | None:
    """Refuse to withdraw, but for the union that opened it or one above it."""
    asked = standing is not None and standing.saga.opened.basis is Basis.REQUEST
    return _for(directory, actor, standing, "opened-to" if asked else "from", on)


def _for(
    directory: Directory,
    actor: Actor,
    standing: Standing | None,
    whose: str,
    on: date,
) -> Refusal | None:
    if standing is None:
        return no.NO_SUCH_TRANSFER
    saga = standing.saga
    union = {
        "to": saga.to_union,
        "opened-to": saga.opened.to_union,
        "from": saga.opened.from_union,
    }[whose]
    if reaches(directory, actor, union, on):
        return None
    if whose == "to" and reaches(directory, actor, saga.opened.to_union, on):
        # It was passed over: the limit has passed, and the member lands elsewhere.
        ended = saga.state in ENDED
        return late.ended(saga.state) if ended else late.LANDS_ALREADY
    concerned = parties(standing.transfer, saga)
    if sight(directory, actor, concerned, on) is Sight.NOTHING:
        return no.NO_SUCH_TRANSFER  # nobody learns of it who may not see it
    return no.about(no.NOT_YOUR_TURN, union)
