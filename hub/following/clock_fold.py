"""Decider: what its facts, one after another, make of one clock."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.following.clock_rules import Nature
from hub.rules import periods
from hub.rules.workdays import Calendar
from schema.records.clock import CaseClock, ClockStep, Phase, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hub.following.clock_rules import ClockKind, ClockRule, ClockRules
    from schema.records.clock import ClockFact, ClockSetting

    #: What a fact does to the clock.
    Turned = tuple[Turn, ClockFact]

_ORDER: Final = {turn: place for place, turn in enumerate(Turn)}


class Length(msgspec.Struct, frozen=True):
    """How long a clock is in one rights case.

    Attributes:
        years: So many years,
        days: and so many days after them.
        extension: Days that it may be extended by; none if what is granted counts.
        agreement: Id of the agreement that set the days, if one did.
    """

    years: int
    days: int
    extension: int | None
    agreement: str


def length(kind: ClockKind, rule: ClockRule, setting: ClockSetting) -> Length:
    """Tell how long a clock of a rights case is.

    Half a day cannot end: half of an odd number is rounded up. What the law sets is
    neither halved nor agreed upon.
    """
    if kind.nature is Nature.STATUTORY:
        return Length(rule.years, rule.days, rule.extension, "")
    days, extension, agreement = rule.days, rule.extension, ""
    for agreed in setting.agreed:
        if agreed.clock == kind.name:
            days, agreement = agreed.days, agreed.agreement
            break
    if setting.green_channel:
        days = (days + 1) // 2
        extension = None if extension is None else (extension + 1) // 2
    return Length(rule.years, days, extension, agreement)


def folded(
    rules: ClockRules,
    kind: ClockKind,
    setting: ClockSetting,
    turned: Iterable[Turned],
) -> CaseClock | None:
    """Fold what one clock saw, in any order; none if no rule held when it started."""
    fold = _Fold(rules, kind, setting)
    about = ""
    for turn, fact in sorted(turned, key=_place):
        about = fact.about
        _TURNS[turn](fold, fact)
    if fold.rule is None:
        return None
    return CaseClock(
        clock=kind.name,
        rule=fold.rule.id,
        about=about,
        phase=fold.phase,
        due_on=fold.due,
        met_on=fold.met_on,
        extended=fold.extended,
        steps=tuple(fold.steps),
    )


def _place(turned: Turned) -> tuple[date, int, str]:
    turn, fact = turned
    return fact.on, _ORDER[turn], fact.id


class _Fold:
    """A clock while its facts are told, one after another."""

    __slots__ = (
        "calendar", "days", "due", "extended", "extension", "granted", "kind",
        "met_on", "phase", "rule", "rules", "setting", "since", "steps", "years",
    )  # fmt: skip

    def __init__(
        self, rules: ClockRules, kind: ClockKind, setting: ClockSetting
    ) -> None:
        self.rules, self.kind, self.setting = rules, kind, setting
        self.rule: ClockRule | None = None
        self.calendar = Calendar.NATURAL_DAYS
        self.years = self.days = 0
        #: Its whole length, with what it was extended by.
        self.granted = 0, 0
        self.extension: int | None = None
        self.since = date.min
        self.phase = Phase.UNLIMITED
        self.due: date | None = None
        self.met_on: date | None = None
        self.extended = False
        self.steps: list[ClockStep] = []

    def start(self, fact: ClockFact) -> None:
        """Begin, also anew after it was met.

        Backwards, a day that is set later takes the place of an earlier.
        """
        if self.kind.before:
            if fact.names is not None and self._has_rule(fact):
                self.since, self.phase, self.met_on = fact.names, Phase.RUNNING, None
                self.due = periods.before(fact.names, self.days, self.calendar)
                self._note(Turn.STARTED, fact)
        elif self.phase in {Phase.UNLIMITED, Phase.MET} and self._has_rule(fact):
            self.phase, self.met_on, self.extended = Phase.RUNNING, None, False
            self._anew(Turn.STARTED, fact)

    def _has_rule(self, fact: ClockFact) -> bool:
        """Take the rule of the day on which it starts."""
        rule = self.rules.rule(self.kind.name, self.setting.province, fact.on)
        if rule is None:
            return False
        long = length(self.kind, rule, self.setting)
        self.rule, self.calendar = rule, rule.calendar
        self.years, self.days, self.extension = long.years, long.days, long.extension
        self.granted = self.years, self.days
        return True

    def interrupt(self, fact: ClockFact) -> None:
        """Begin anew; what has passed cannot be interrupted."""
        if self._in_time(fact) or self.phase is Phase.SUSPENDED:
            self._anew(Turn.INTERRUPTED, fact)

    def reopen(self, fact: ClockFact) -> None:
        """Begin anew if it was met in time."""
        due, met = self.due, self.met_on
        if met is not None and (due is None or met <= due):
            self.phase, self.met_on = Phase.RUNNING, None
            self._anew(Turn.REOPENED, fact)

    def suspend(self, fact: ClockFact) -> None:
        """Stand still, with what is left."""
        if not self._in_time(fact):
            return
        if fact.on > self.since:
            end = periods.counted(self.since, self.years, self.days, self.calendar)
            self.years, self.days = 0, periods.left(fact.on, end, self.calendar)
        self.since, self.phase, self.due = fact.on, Phase.SUSPENDED, None
        self._note(Turn.SUSPENDED, fact)

    def resume(self, fact: ClockFact) -> None:
        """Run on."""
        if self.phase is Phase.SUSPENDED:
            self.since, self.phase = fact.on, Phase.RUNNING
            self._set_due()
            self._note(Turn.RESUMED, fact)

    def extend(self, fact: ClockFact) -> None:
        """Be longer, once, by what was granted but no more than there may be."""
        if self.extended or not (self._in_time(fact) or self.phase is Phase.SUSPENDED):
            return
        more = fact.days if self.extension is None else self.extension
        if more is None:
            return
        if fact.days is not None:
            more = min(more, fact.days)
        self.extended = True
        self.days += more
        self.granted = self.granted[0], self.granted[1] + more
        if self.phase is Phase.RUNNING:
            self._set_due()
        self._note(Turn.EXTENDED, fact)

    def meet(self, fact: ClockFact) -> None:
        """End: what it waited for is done."""
        if self.phase in {Phase.RUNNING, Phase.SUSPENDED}:
            self.phase, self.met_on = Phase.MET, fact.on
            self._note(Turn.MET, fact)

    def _in_time(self, fact: ClockFact) -> bool:
        return (
            self.phase is Phase.RUNNING and self.due is not None and fact.on <= self.due
        )

    def _anew(self, turn: Turn, fact: ClockFact) -> None:
        self.since = fact.on
        self.years, self.days = self.granted
        if self.phase is Phase.RUNNING:
            self._set_due()
        self._note(turn, fact)

    def _set_due(self) -> None:
        self.due = periods.ends(self.since, self.years, self.days, self.calendar)

    def _note(self, turn: Turn, fact: ClockFact) -> None:
        self.steps.append(
            ClockStep(
                turn, fact.id, fact.kind, fact.on, self.since, self.years, self.days,
                self.due,
            )
        )  # fmt: skip


_TURNS: Final[Mapping[Turn, Callable[[_Fold, ClockFact], None]]] = {
    Turn.STARTED: _Fold.start,
    Turn.INTERRUPTED: _Fold.interrupt,
    Turn.SUSPENDED: _Fold.suspend,
    Turn.RESUMED: _Fold.resume,
    Turn.EXTENDED: _Fold.extend,
    Turn.MET: _Fold.meet,
    Turn.REOPENED: _Fold.reopen,
}
