"""Decider: may facts be taken into a case, and what becomes of its due dates?

The due dates come with the facts: ``clocks`` makes them. Here is held what no caller
may get wrong: a fact lies not in the future, a correction lets no limit pass that
still ran, and first touch never moves to a later day (RULEBOOK §5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.clock import day_in_china
from hub.following import clock_refusals as no
from hub.following import refusals
from hub.following.clocks import first_touch
from schema.records.case import CaseState
from schema.records.clock import Phase

if TYPE_CHECKING:
    from datetime import date

    from hub.following.case_events import ClockPassed
    from hub.following.lead_events import Dated
    from schema.records.case import Case, DueDate
    from schema.records.clock import ClockFact
    from schema.records.refusal import Refusal

#: Somebody leads for good, and nobody above them is asked: a clock may have them asked.
LED: Final = frozenset({CaseState.OPEN, CaseState.HANDING_OVER})


def taken_in(case: Case, event: Dated) -> dict[str, Any] | Refusal:
    """Say which fields of a case the facts of an event change, and to what."""
    new = [fact for fact in event.facts if fact not in case.facts]
    if not new:
        return {}
    today = day_in_china(event.at)
    known = {fact.id: fact for fact in case.facts}
    for fact in new:
        refusal = _refused(known.get(fact.id), fact, today)
        if refusal is not None:
            return refusal
        known[fact.id] = fact
    touched = first_touch(known.values())
    if touched is None or touched > case.first_touch_on:
        return refusals.FIRST_TOUCH_KEPT
    if any(fact.revision for fact in new):
        passed = _let_pass(case.dues, event.dues, today)
        if passed is not None:
            return no.due_into_past(passed.clock, passed.clock)
    return {
        "facts": tuple(known.values()),
        "dues": kept_missed(case.dues, event.dues),
        "first_touch_on": touched,
    }


def _refused(known: ClockFact | None, fact: ClockFact, today: date) -> Refusal | None:
    if fact.on > today:
        return no.FACT_IN_FUTURE
    if known is None:
        return no.NOTHING_TO_CORRECT if fact.revision else None
    if fact.revision != known.revision + 1:
        return no.other_revision(known.revision + 1)
    if (fact.kind, fact.about) != (known.kind, known.about):
        return no.OTHER_FACT
    return None


def running(case: Case, event: ClockPassed) -> DueDate | None:
    """Find the due date that passed, unless it was moved, met or noted already."""
    for one in case.dues:
        if (one.clock, one.about) == (event.clock, event.about):
            same = one.phase is Phase.RUNNING and one.due_on == event.due_on
            return one if same and to_note(case, one) else None
    return None


def to_note(case: Case, due: DueDate) -> bool:
    """Tell whether it has yet to be noted that a clock passed, or yet to be asked."""
    return not due.missed or (due.unasked and case.state in LED)


def asked_above(dues: tuple[DueDate, ...]) -> tuple[DueDate, ...]:
    """Note that the union above knows of all that was missed: one question for all."""
    return tuple(msgspec.structs.replace(one, unasked=False) for one in dues)


def _let_pass(
    before: tuple[DueDate, ...], after: tuple[DueDate, ...], today: date
) -> DueDate | None:
    """Find a limit that could still be kept, and could not be after a correction."""
    kept = {
        (one.clock, one.about)
        for one in before
        if one.phase is not Phase.MET and (one.due_on is None or one.due_on >= today)
    }
    for one in after:
        if one.phase is not Phase.RUNNING or one.due_on is None:
            continue
        if one.due_on < today and (one.clock, one.about) in kept:
            return one
    return None


def kept_missed(
    before: tuple[DueDate, ...], after: tuple[DueDate, ...]
) -> tuple[DueDate, ...]:
    """Keep noted that a limit passed, as long as it is the same day."""
    known = {(one.clock, one.about, one.due_on): one for one in before if one.missed}
    return tuple(
        _as_noted(one, known.get((one.clock, one.about, one.due_on))) for one in after
    )


def _as_noted(due: DueDate, noted: DueDate | None) -> DueDate:
    unasked = noted is not None and noted.unasked and due.phase is Phase.RUNNING
    return msgspec.structs.replace(due, missed=noted is not None, unasked=unasked)
