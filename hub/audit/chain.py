"""Decider: the seals that make a change, a gap or a cut of the trail show.

Each seal is the SHA-256 of the seal before it and of the whole entry, so an
entry cannot be changed, taken out, put in or moved without every later seal
ceasing to fit; and the head, kept apart, tells where the trail must end.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: Says what is sealed and how, so that no other hash can be taken for a seal.
_DOMAIN: Final = b"hub-audit-seal-1\0"


class Draft(msgspec.Struct, frozen=True):
    """An entry that has no place in the chain yet.

    Attributes:
        at: When it happened, with a time zone; counted in microseconds.
        tag: What happened, ``source:subject:action``.
        worker: Whose file; empty where there is none.
        body: The rest, in canonical form.
    """

    at: datetime
    tag: str
    worker: str
    body: bytes


class Sealed(msgspec.Struct, frozen=True):
    """An entry in its place.

    Attributes:
        seq: Its number; the first is 1, and none is left out.
        draft: What it says.
        seal: 32 bytes.
    """

    seq: int
    draft: Draft
    seal: bytes


class Head(msgspec.Struct, frozen=True):
    """Where a chain ends.

    Attributes:
        seq: Number of the last entry; 0 before the first.
        seal: Its seal.
    """

    seq: int
    seal: bytes


#: The head of a chain without entries.
GENESIS: Final = Head(0, bytes(32))


class Flaw(StrEnum):
    """What is wrong with a chain."""

    #: The entry or its seal is not as it was written.
    CHANGED = "CHANGED"
    #: Entries are missing before this one.
    GAP = "GAP"
    #: The entry stands after one with the same or a higher number.
    OUT_OF_ORDER = "OUT_OF_ORDER"
    #: The chain ends before its head.
    CUT_OFF = "CUT_OFF"
    #: The chain goes on after its head, or its last seal is not the head's.
    NOT_THE_HEAD = "NOT_THE_HEAD"


class Break(msgspec.Struct, frozen=True):
    """The first place where a chain does not hold.

    Attributes:
        seq: Number of the entry that is wrong; for a gap or a cut, of the
            first that is missing.
        flaw: What is wrong there.
    """

    seq: int
    flaw: Flaw


def seal_of(previous: bytes, seq: int, draft: Draft) -> bytes:
    """Compute the seal of an entry, 32 bytes.

    Every part goes in with its length, so that no two entries read alike.

    Args:
        previous: Seal of the entry before it.
        seq: Its number.
        draft: What it says.
    """
    micros = (draft.at - _EPOCH) // _MICROSECOND
    digest = hashlib.sha256(_DOMAIN)
    digest.update(previous)
    digest.update(seq.to_bytes(8, "big"))
    digest.update(micros.to_bytes(8, "big", signed=True))
    for part in (draft.tag.encode(), draft.worker.encode(), draft.body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def extend(head: Head, drafts: Sequence[Draft]) -> tuple[list[Sealed], Head]:
    """Put drafts behind a head, in order; tell the entries and the new head."""
    entries: list[Sealed] = []
    for draft in drafts:
        seq = head.seq + 1
        head = Head(seq, seal_of(head.seal, seq, draft))
        entries.append(Sealed(seq, draft, head.seal))
    return entries, head


def follow(head: Head, entry: Sealed) -> Head | Break:
    """Go one entry further.

    Args:
        head: Of the chain up to here, found to hold.
        entry: The one that should come next.
    """
    if entry.seq <= head.seq:
        return Break(entry.seq, Flaw.OUT_OF_ORDER)
    if entry.seq > head.seq + 1:
        return Break(head.seq + 1, Flaw.GAP)
    if entry.seal != seal_of(head.seal, entry.seq, entry.draft):
        return Break(entry.seq, Flaw.CHANGED)
    return Head(entry.seq, entry.seal)


def finish(reached: Head, expected: Head) -> Break | None:
    """Compare the end that was reached with the head that was kept apart."""
    if reached.seq < expected.seq:
        return Break(reached.seq + 1, Flaw.CUT_OFF)
    if reached != expected:
        return Break(expected.seq + 1, Flaw.NOT_THE_HEAD)
    return None


def verify_chain(entries: Iterable[Sealed], expected: Head) -> Break | None:
    """Find the first place where a chain does not hold.

    Args:
        entries: From the first on, in the order in which they are kept.
        expected: The head that was kept apart.
    """
    head = GENESIS
    for entry in entries:
        step = follow(head, entry)
        if isinstance(step, Break):
            return step
        head = step
    return finish(head, expected)
