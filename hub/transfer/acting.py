"""Decider: what an act must satisfy before the saga is asked (RULEBOOK §3)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.access.caller import Scope
from hub.identity.resident_id import contains_resident_id
from hub.transfer import acting_refusals as no
from hub.transfer.sight import Sight, parties, sight
from schema.records.transfer import Basis

if TYPE_CHECKING:
    from datetime import date

    from hub.organisation.directory import Directory, Organisation
    from hub.transfer.actor import Actor
    from hub.transfer.ports import Standing
    from schema.records.refusal import Refusal

_LONGEST_KEY: Final = 128
_LONGEST_REASON: Final = 200
_encode = msgspec.json.Encoder(order="deterministic").encode


def fingerprint(act: str, *what: Any) -> bytes:
    """Make the fingerprint of an act: under one key it is always the same act.

    Args:
        act: Its name.
        what: All that the caller said.

    Returns:
        32 bytes; nothing of what was said can be read from them.
    """
    return hashlib.sha256(_encode((act, what))).digest()


def acting_key(actor: Actor, key: str) -> str:
    """Make the key under which an act is kept: each office has its own keys."""
    return f"{actor.office}|{key}"


def may_move(actor: Actor) -> Refusal | None:
    """Refuse whoever may not move memberships at all."""
    return None if Scope.TRANSFERS_WRITE.value in actor.scopes else no.NO_SCOPE


def may_act(actor: Actor, key: str) -> Refusal | None:
    """Refuse whoever may not move memberships at all, and keys of no use."""
    refused = may_move(actor)
    if refused is not None:
        return refused
    if not key or len(key) > _LONGEST_KEY or not key.isprintable():
        return no.KEY_UNUSABLE
    return None


def reason_refused(reason: str, today: date) -> Refusal | None:
    """Refuse a reason that is none, is too long, or names somebody by number."""
    if not reason.strip() or len(reason) > _LONGEST_REASON or not reason.isprintable():
        return no.REASON_UNUSABLE
    if contains_resident_id(reason, today):
        return no.REASON_HAS_NUMBER
    return None


def union_at(directory: Directory, union: str, on: date) -> Organisation | Refusal:
    """Find a union that stands on a day, or refuse."""
    return directory.get(union, on) or no.about(no.UNKNOWN_UNION, union)


def acts_as(
    directory: Directory, actor: Actor, union: str, on: date
) -> Organisation | Refusal:
    """Find a union for which the office acts, or refuse."""
    found = union_at(directory, union, on)
    if directory.acts_for(actor.office, union, on):
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
    if directory.acts_for(actor.office, union, on):
        return None
    concerned = parties(standing.transfer, saga)
    if sight(directory, actor, concerned, on) is Sight.NOTHING:
        return no.NO_SUCH_TRANSFER  # nobody learns of it who may not see it
    return no.about(no.NOT_YOUR_TURN, union)
