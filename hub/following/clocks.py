"""Decider: by when what must happen in a rights case (RULEBOOK §5).

The facts of a case are folded into clocks that are the same on every day and for any
order in which the facts became known; how a clock stands is then asked for a day.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hub.following.clock_fold import folded
from schema.records.clock import CaseClock, Phase, Standing, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hub.following.clock_fold import Turned
    from hub.following.clock_rules import ClockRules
    from schema.records.clock import ClockFact, ClockSetting


#: The kind of fact by which a union first received the request.
FIRST_TOUCH: Final = "request-received"


def corrected(facts: Iterable[ClockFact]) -> tuple[ClockFact, ...]:
    """Keep the highest revision of each fact, and nothing that was taken back."""
    last: dict[str, ClockFact] = {}
    for fact in facts:
        known = last.get(fact.id)
        if known is None or _rank(known) < _rank(fact):
            last[fact.id] = fact
    return tuple(fact for fact in last.values() if not fact.withdrawn)


def first_touch(facts: Iterable[ClockFact]) -> date | None:
    """Tell when *any* union first received the request: it outlives hand-overs."""
    return min(
        (fact.on for fact in corrected(facts) if fact.kind == FIRST_TOUCH), default=None
    )


def clocks_of(
    rules: ClockRules, setting: ClockSetting, facts: Iterable[ClockFact]
) -> tuple[CaseClock, ...]:
    """Fold the facts of a rights case into its clocks.

    Args:
        rules: All clocks there are.
        setting: What the clocks of the case have in common.
        facts: What is known, in any order, with its corrections.

    Returns:
        Each clock that was started, by name and by what it is about; and those that
        say that there is no limit as yet.
    """
    turned: dict[tuple[str, str], list[Turned]] = defaultdict(list)
    started: set[tuple[str, str]] = set()
    for fact in corrected(facts):
        for kind, turn in rules.turns.get(fact.kind, ()):
            place = kind.name, fact.about
            turned[place].append((turn, fact))
            if turn is Turn.STARTED and kind.is_of(setting.matter):
                started.add(place)
    found = (
        folded(rules, rules.kinds[name], setting, turned[name, about])
        for name, about in sorted(started)
    )
    return (
        *(clock for clock in found if clock is not None),
        *(
            CaseClock(clock=kind.name, rule="", about="", phase=Phase.UNLIMITED)
            for kind in rules.without_limit
            if kind.is_of(setting.matter) and (kind.name, "") not in started
        ),
    )


def standing(rules: ClockRules, clock: CaseClock, on: date) -> Standing:
    """Tell how a clock stands on a day in China."""
    due = clock.due_on
    if clock.phase is Phase.MET:
        late = due is not None and clock.met_on is not None and clock.met_on > due
        opened = rules.kinds[clock.clock].opening
        return Standing.MET_LATE if late and not opened else Standing.MET
    if due is None:
        unlimited = clock.phase is Phase.UNLIMITED
        return Standing.UNLIMITED if unlimited else Standing.SUSPENDED
    kind = rules.kinds[clock.clock]
    if on > due:
        return Standing.OPEN if kind.opening else Standing.PASSED
    reminding = not kind.opening and (due - on).days <= kind.remind
    return Standing.REMIND if reminding else Standing.RUNNING


def remind_on(rules: ClockRules, clock: CaseClock) -> date | None:
    """Tell the day on which who must act is reminded; none if nobody is."""
    kind = rules.kinds[clock.clock]
    if clock.phase is not Phase.RUNNING or clock.due_on is None or kind.opening:
        return None
    return max(clock.due_on - timedelta(days=kind.remind), clock.steps[-1].on)


def aid_comes_first(
    rules: ClockRules, clock: CaseClock, on: date, *, within: int
) -> bool:
    """Tell whether legal aid is given first and papers later (法律援助法 44).

    Args:
        rules: All clocks there are.
        clock: One of the case.
        on: The day.
        within: How many days before the end it begins (thresholds.toml).
    """
    return (
        clock.phase is Phase.RUNNING
        and clock.due_on is not None
        and rules.kinds[clock.clock].aid_first
        and 0 <= (clock.due_on - on).days <= within
    )


def _rank(fact: ClockFact) -> tuple[int, bool, date, str]:
    """Order the revisions of a fact; two of one number are never both right."""
    return fact.revision, fact.withdrawn, fact.on, repr(fact)
