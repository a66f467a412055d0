"""Decider: due dates that explain themselves, out of the facts of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.following.clock_words import why
from hub.following.clocks import (
    aid_comes_first,
    clocks_of,
    corrected,
    remind_on,
    standing,
)
from schema.records.case_seen import SeenDue, SeenFact
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from datetime import date

    from hub.following.clock_rules import ClockRules
    from schema.records.case import Case
    from schema.records.clock import CaseClock, ClockSetting


def seen_dues(
    rules: ClockRules, setting: ClockSetting, case: Case, on: date, *, aid_within: int
) -> tuple[SeenDue, ...]:
    """Tell by when what must happen, and why.

    The days are those that stand in the case: what the journal says holds, and the
    clocks explain it. A clock that would say another day since the rules changed is
    shown as it stands, until the case has been looked at anew.

    Args:
        rules: All clocks and their rules.
        setting: What the clocks of the case have in common.
        case: As it stands.
        on: The day of the question, in China.
        aid_within: At so many days to the end legal aid comes first.
    """
    folded = {
        (one.clock, one.about): one for one in clocks_of(rules, setting, case.facts)
    }
    shown = []
    for due in case.dues:
        clock = folded.get((due.clock, due.about))
        if clock is None or due.clock not in rules.kinds:
            continue
        stands = msgspec.structs.replace(
            clock, due_on=due.due_on, phase=due.phase, rule=due.rule
        )
        shown.append(
            _seen(rules, setting, stands, on, missed=due.missed, aid_within=aid_within)
        )
    return tuple(shown)


def seen_facts(rules: ClockRules, case: Case) -> tuple[SeenFact, ...]:
    """Name the facts that hold, in the order of their days."""
    facts = sorted(corrected(case.facts), key=lambda one: (one.on, one.id))
    return tuple(
        SeenFact(
            **msgspec.structs.asdict(one),
            name=rules.facts.get(one.kind, Bilingual(one.kind, one.kind)),
        )
        for one in facts
    )


def _seen(
    rules: ClockRules,
    setting: ClockSetting,
    clock: CaseClock,
    on: date,
    *,
    missed: bool,
    aid_within: int,
) -> SeenDue:
    kind = rules.kinds[clock.clock]
    rule = rules.rules.get(clock.rule)
    return SeenDue(
        clock=clock.clock,
        name=Bilingual(kind.zh, kind.en),
        about=clock.about,
        rule=clock.rule,
        source=rule.source if rule is not None else "",
        due_on=clock.due_on,
        phase=clock.phase,
        standing=standing(rules, clock, on),
        missed=missed,
        aid_first=aid_comes_first(rules, clock, on, within=aid_within),
        remind_on=remind_on(rules, clock),
        why=why(rules, setting, clock),
    )
