"""Decider: the key, the fingerprint and the reason that every act of an office bears."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.acting import refusals as no
from hub.identity.resident_id import contains_resident_id

if TYPE_CHECKING:
    from datetime import date

    from hub.acting.actor import Actor
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


def key_refused(key: str, on: date) -> Refusal | None:
    """Refuse an idempotency key that is of no use, or names somebody by number.

    Args:
        key: As the caller sent it.
        on: The day, in China.
    """
    if not key.strip() or len(key) > _LONGEST_KEY or not key.isprintable():
        return no.KEY_UNUSABLE
    if contains_resident_id(key, on):
        return no.KEY_HAS_NUMBER
    return None


def reason_refused(reason: str, on: date) -> Refusal | None:
    """Refuse a reason that is none, is too long, or names somebody by number.

    Args:
        reason: As the caller sent it.
        on: The day, in China.
    """
    if not reason.strip() or len(reason) > _LONGEST_REASON or not reason.isprintable():
        return no.REASON_UNUSABLE
    if contains_resident_id(reason, on):
        return no.REASON_HAS_NUMBER
    return None
