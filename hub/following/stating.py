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
from hub.following.days import early_refused
from hub.following.limits import OF_HUB, dues_of
from hub.following.refusals import NOT_YOURS, about
from schema.records.case import DueDate
from schema.records.case_task import Document
from schema.records.clock import ClockFact
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from hub.following.book import Book
    from schema.records.case import Case
    from schema.records.case_task import Seat
    from schema.records.case_wish import DocumentWish, FactWish
    from schema.records.clock import ClockSetting

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
    last = {one.id: one for one in known}
    for place, wish in enumerate(wishes):
        if wish.kind in OF_HUB:
            return no.HUB_KNOWS
        if wish.about:
            refused = no.text_refused("about", wish.about, _LONGEST_NAME, today)
            if refused is not None:
                return refused
        fact = _fact(wish, f"f{seq}.{place}", last)
        if isinstance(fact, Refusal):
            return fact
        last[fact.id] = fact
        found.append(fact)
    return tuple(found)


def _fact(
    wish: FactWish, new: str, last: Mapping[str, ClockFact]
) -> ClockFact | Refusal:
    """Name a fact: a new one by its place, a correction as what it corrects."""
    known = None if wish.corrects is None else last.get(wish.corrects)
    if wish.corrects is not None and known is None:
        return clock_refusals.NOTHING_TO_CORRECT
    fact = ClockFact(
        id=new if known is None else known.id,
        kind=wish.kind,
        on=wish.on,
        about=wish.about,
        names=wish.names,
        days=wish.days,
        revision=0 if known is None else known.revision + 1,
        withdrawn=wish.withdrawn,
    )
    if known is None or not wish.withdrawn:
        return fact
    # It is taken back as it stands: what it says is not changed besides.
    return msgspec.structs.replace(
        fact, on=known.on, names=known.names, days=known.days
    )


def is_correction(wish: FactWish, known: Sequence[ClockFact]) -> bool:
    """Tell whether a fact is corrected, taken back, or stated again after that."""
    return wish.corrects is not None or any(
        one.withdrawn and (one.kind, one.about) == (wish.kind, wish.about)
        for one in known
    )


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
        refused = early_refused(book.thresholds, one.on, today) or fact_refused(
            book.clocks, setting, facts, one, today
        )
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
    if wish.task:
        task = next((one for one in case.tasks if one.no == wish.task), None)
        if task is None:
            return no.UNKNOWN_TASK
        if by not in {task.to, case.lead}:
            return about(NOT_YOURS, union=task.to.union)
    return Document(
        reference=wish.reference,
        sha256=wish.sha256,
        province=by.province,
        task=wish.task,
    )
