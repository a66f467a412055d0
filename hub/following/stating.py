"""Decider: facts and documents as an office states them → as they are kept.

Nothing personal and nothing unsound is kept: whatever is refused changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from hub.following import acting_refusals as no
from hub.following import clock_refusals
from hub.following.clock_facts import fact_refused
from hub.following.limits import OF_HUB, dues_of
from schema.records.case import DueDate
from schema.records.case_task import Document
from schema.records.clock import ClockFact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hub.following.book import Book
    from schema.records.case import Case
    from schema.records.case_task import Seat
    from schema.records.case_wish import DocumentWish, FactWish
    from schema.records.clock import ClockSetting
    from schema.records.refusal import Refusal

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST_REFERENCE: Final = 200
_LONGEST_NAME: Final = 64
MOST: Final = 50


class Stated(msgspec.Struct, frozen=True):
    """Facts that can be taken in.

    Attributes:
        facts: The new ones, or corrections.
        dues: All due dates, as the clocks make them of old and new facts.
    """

    facts: tuple[ClockFact, ...] = ()
    dues: tuple[DueDate, ...] = ()


def facts_of(
    wishes: Sequence[FactWish], known: Sequence[ClockFact], seq: int, today: date
) -> tuple[ClockFact, ...] | Refusal:
    """Name facts, and refuse those that cannot be read.

    Args:
        wishes: As they are stated.
        known: The facts of the case.
        seq: Number of the event that they come with.
        today: The day in China.
    """
    if len(wishes) > MOST:
        return no.too_many("facts", MOST)
    found: list[ClockFact] = []
    revisions = {one.id: one.revision for one in known}
    for place, wish in enumerate(wishes):
        if wish.kind in OF_HUB:
            return no.HUB_KNOWS
        if wish.about:
            refused = no.text_refused("about", wish.about, _LONGEST_NAME, today)
            if refused is not None:
                return refused
        name, revision = f"f{seq}.{place}", 0
        if wish.corrects is not None:
            if wish.corrects not in revisions:
                return clock_refusals.NOTHING_TO_CORRECT
            name, revision = wish.corrects, revisions[wish.corrects] + 1
            revisions[name] = revision
        found.append(
            ClockFact(
                id=name,
                kind=wish.kind,
                on=wish.on,
                about=wish.about,
                names=wish.names,
                days=wish.days,
                revision=revision,
                withdrawn=wish.withdrawn,
            )
        )
    return tuple(found)


def stated(
    book: Book,
    setting: ClockSetting,
    known: Sequence[ClockFact],
    new: Sequence[ClockFact],
    today: date,
) -> Stated | Refusal:
    """Say what new facts make of the due dates, or why they cannot be taken in.

    Args:
        book: The rules.
        setting: What the clocks of the case have in common.
        known: The facts of the case.
        new: What is stated, in this order.
        today: The day in China.
    """
    facts = list(known)
    for one in new:
        refused = fact_refused(book.clocks, setting, facts, one, today)
        if refused is not None:
            return refused
        facts = [*(each for each in facts if each.id != one.id), one]
    return Stated(tuple(new), dues_of(book, setting, facts))


def document_of(
    wish: DocumentWish, by: Seat, case: Case, today: date
) -> Document | Refusal:
    """Read a document; its content is in the province of who adds it.

    Args:
        wish: As it is named.
        by: Who adds it.
        case: The case, whose tasks it may name.
        today: The day in China.
    """
    refused = no.text_refused("reference", wish.reference, _LONGEST_REFERENCE, today)
    if refused is not None:
        return refused
    if not _SHA256.fullmatch(wish.sha256):
        return no.WRONG_HASH
    if wish.task and all(wish.task != task.no for task in case.tasks):
        return no.UNKNOWN_TASK
    return Document(
        reference=wish.reference,
        sha256=wish.sha256,
        province=by.province,
        task=wish.task,
    )
