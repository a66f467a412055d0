"""Decider: may a fact, or its correction, be taken into a rights case?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.following import clock_refusals as no
from hub.following.clock_fold import length
from hub.following.clocks import clocks_of
from hub.rules.periods import years_after
from schema.records.clock import Phase, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hub.following.clock_rules import ClockRules
    from schema.records.clock import CaseClock, ClockFact, ClockSetting
    from schema.records.refusal import Refusal

#: Hearings are not set further ahead.
_FURTHEST_YEARS: Final = 10
#: Nothing is extended by more days, whatever the law says of it.
_MOST_DAYS: Final = 3660


def fact_refused(
    rules: ClockRules,
    setting: ClockSetting,
    facts: Sequence[ClockFact],
    new: ClockFact,
    today: date,
) -> Refusal | None:
    """Tell why a fact cannot be taken in; none if it can. Nothing is changed by it.

    A fact that is known already, word for word, is no mistake: a callback may come
    twice.

    Args:
        rules: All clocks there are.
        setting: What the clocks of the case have in common.
        facts: What is known.
        new: What is said to have happened, or a correction of it.
        today: The day in China.
    """
    known = [fact for fact in facts if fact.id == new.id]
    if new in known:
        return None
    return (
        _fact_unsound(rules, new, today)
        or _correction_unsound(known, new)
        or _extension_unsound(rules, setting, facts, new)
        or _due_into_past(rules, setting, facts, new, today)
    )


def _fact_unsound(rules: ClockRules, new: ClockFact, today: date) -> Refusal | None:
    if new.kind not in rules.facts:
        return no.UNKNOWN_FACT
    if new.on > today:
        return no.FACT_IN_FUTURE
    if new.withdrawn and not new.revision:
        return no.NOTHING_TO_CORRECT
    if new.days is not None and new.days < 1:
        return no.EXTENDED_BY_NOTHING
    if new.days is not None and new.days > _MOST_DAYS:
        return no.extended_too_long(_MOST_DAYS)
    return _day_named_unsound(rules, new, today)


def _day_named_unsound(
    rules: ClockRules, new: ClockFact, today: date
) -> Refusal | None:
    turns = rules.turns.get(new.kind, ())
    if all(turn is not Turn.STARTED or not kind.before for kind, turn in turns):
        return None
    if new.names is None:
        return no.NO_DAY_NAMED
    named = new.on <= new.names <= years_after(today, _FURTHEST_YEARS)
    return None if named else no.DAY_NAMED_IS_NONE


def _correction_unsound(known: Sequence[ClockFact], new: ClockFact) -> Refusal | None:
    if not known:
        return no.NOTHING_TO_CORRECT if new.revision else None
    last = max(known, key=lambda fact: fact.revision)
    if new.revision != last.revision + 1:
        return no.other_revision(last.revision + 1)
    if (new.kind, new.about) != (last.kind, last.about):
        return no.OTHER_FACT
    if new.withdrawn and (new.on, new.names, new.days) != (
        last.on, last.names, last.days,
    ):  # fmt: skip
        return no.OTHER_FACT
    return None


def _extension_unsound(
    rules: ClockRules,
    setting: ClockSetting,
    facts: Sequence[ClockFact],
    new: ClockFact,
) -> Refusal | None:
    extended = {
        kind.name
        for kind, turn in rules.turns.get(new.kind, ())
        if turn is Turn.EXTENDED and kind.is_of(setting.matter)
    }
    if not extended or new.withdrawn:
        return None
    others = [fact for fact in facts if fact.id != new.id]
    for clock in _about(clocks_of(rules, setting, others), new):
        if clock.clock in extended and clock.extended:
            return no.EXTENDED_ALREADY
    for clock in _about(clocks_of(rules, setting, [*others, new]), new):
        if clock.clock in extended and clock.extended:
            kind = rules.kinds[clock.clock]
            most = length(kind, rules.rules[clock.rule], setting).extension
            if most is not None and new.days is not None and new.days > most:
                return no.extended_too_long(most)
            if most is None and new.days is None:
                return no.EXTENDED_BY_NOTHING
            return None
    return no.NOTHING_TO_EXTEND


def _about(clocks: Sequence[CaseClock], new: ClockFact) -> list[CaseClock]:
    return [clock for clock in clocks if clock.about == new.about]


def _due_into_past(
    rules: ClockRules,
    setting: ClockSetting,
    facts: Sequence[ClockFact],
    new: ClockFact,
    today: date,
) -> Refusal | None:
    """Refuse a correction that would end what still runs on a day that is over.

    What was taken back and is stated again is corrected too: what ran before counts as
    running.
    """
    before = [
        msgspec.structs.replace(fact, withdrawn=False) if fact.withdrawn else fact
        for fact in facts
    ]
    now = clocks_of(rules, setting, facts)
    if all(fact.id != new.id for fact in facts) and before == list(facts):
        return None
    running = _running(now, today) | _running(clocks_of(rules, setting, before), today)
    after = clocks_of(rules, setting, [*(o for o in facts if o.id != new.id), new])
    both = sorted(running & (_passed(after, today) - _passed(now, today)))
    if not both:
        return None
    kind = rules.kinds[both[0][0]]
    return no.due_into_past(kind.zh, kind.en)


def _passed(clocks: Sequence[CaseClock], today: date) -> set[tuple[str, str]]:
    """Name the clocks whose day is over, while they wait still."""
    return {
        (clock.clock, clock.about)
        for clock in clocks
        if clock.phase is Phase.RUNNING
        and clock.due_on is not None
        and clock.due_on < today
    }


def _running(clocks: Sequence[CaseClock], today: date) -> set[tuple[str, str]]:
    """Name the clocks that may still be met in time."""
    return {
        (clock.clock, clock.about)
        for clock in clocks
        if clock.phase in {Phase.SUSPENDED, Phase.UNLIMITED}
        or (
            clock.phase is Phase.RUNNING
            and clock.due_on is not None
            and clock.due_on >= today
        )
    }
