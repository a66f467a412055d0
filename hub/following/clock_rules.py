"""Decider: which clocks there are, and how long each is (RULEBOOK §5).

The rules are data (``hub/rules/clocks.toml``), checked when loaded: they name only
facts and clocks that there are, and no day has two rules for one clock and place.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec

from hub.rules.dated import InForce, read_rules
from hub.rules.workdays import Calendar
from schema.records.clock import Turn
from schema.records.refusal import Bilingual
from schema.records.rights_case import CaseMatter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from schema.records.keys import ProvinceCode

#: A rule for all provinces.
EVERYWHERE: Final = "*"
_DAY: Final = timedelta(days=1)


class Nature(StrEnum):
    """Who set a limit."""

    #: A law or regulation: the green channel and agreements leave it alone.
    STATUTORY = "statutory"
    #: The unions themselves.
    INTERNAL = "internal"


class Whose(StrEnum):
    """Who has to act."""

    WORKER = "worker"
    EMPLOYER = "employer"
    BOTH = "both"
    UNION = "union"
    #: The commission, court, inspection or office that is competent.
    BODY = "body"


class ClockEffect(StrEnum):
    """What follows when a clock has passed."""

    ARBITRATION_OPENS = "arbitration-opens"
    MAY_SUE = "may-sue"
    MAY_RECHECK = "may-recheck"
    CLAIM_LAPSES = "claim-lapses"
    #: The one act is no longer possible; the claim stays.
    LAPSES = "lapses"
    AWARD_STANDS = "award-stands"
    #: Nobody waits for it any longer.
    PROCEEDS = "proceeds"
    PROPOSAL_FOLLOWS = "proposal-follows"
    #: Who had to act is late: people are told.
    OVERDUE = "overdue"
    #: The superior union may take the lead (上代下, 002 §11). Of a task: the union above
    #: the co-handler who is late is told; the lead of the case stays where it is.
    ESCALATE = "escalate"


class ClockKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a clock is; ``hub/rules/clocks.toml`` explains each field."""

    name: str
    zh: str
    en: str
    nature: Nature
    whose: Whose
    starts: tuple[str, ...]
    meets: tuple[str, ...]
    effect: ClockEffect
    remind: int
    interrupts: tuple[str, ...] = ()
    suspends: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    reopens: tuple[str, ...] = ()
    matters: frozenset[CaseMatter] = frozenset()
    not_matters: frozenset[CaseMatter] = frozenset()
    before: bool = False
    opening: bool = False
    aid_first: bool = False
    until_zh: str = ""
    until_en: str = ""

    def is_of(self, matter: CaseMatter) -> bool:
        """Tell whether cases about a matter have it."""
        return matter not in self.not_matters and (
            not self.matters or matter in self.matters
        )

    def turns(self) -> Iterator[tuple[str, Turn]]:
        """Tell what each kind of fact does to it."""
        for turn, kinds in (
            (Turn.STARTED, self.starts),
            (Turn.INTERRUPTED, self.interrupts),
            (Turn.SUSPENDED, self.suspends),
            (Turn.RESUMED, self.resumes),
            (Turn.EXTENDED, self.extends),
            (Turn.MET, self.meets),
            (Turn.REOPENED, self.reopens),
        ):
            for kind in kinds:
                yield kind, turn


class ClockRule(InForce, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a clock is.

    Attributes:
        id: Its name; every due date that it set carries it.
        clock: Which clock it is for.
        calendar: Which days count.
        years: So many years,
        days: and so many days after them.
        extension: Days that it may be extended by; none if what is granted counts.
        jurisdiction: A province, or ``*``.
        valid_from: First day on which the clock may start under it.
        valid_to: Last such day; none while it holds.
        text_zh: The rule in words.
        text_en: The same in English.
        source: Article or document; ``D`` is our own decision, ``[2]`` second-hand.
    """

    id: str
    clock: str
    calendar: Calendar
    jurisdiction: str
    text_zh: str
    text_en: str
    source: str
    years: int = 0
    days: int = 0
    extension: int | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    facts: dict[str, Bilingual]
    clock: tuple[ClockKind, ...]
    rule: tuple[ClockRule, ...]


class ClockMistake(ValueError):
    """The rule file contradicts itself; the text says where."""


class ClockRules:
    """All clocks and their rules.

    Attributes:
        facts: What can happen, in words.
        kinds: The clocks by name.
        rules: The rules by id.
        turns: What a kind of fact does, and to which clock.
        without_limit: The clocks that say why there is none until they start.
    """

    def __init__(
        self,
        facts: dict[str, Bilingual],
        kinds: Iterable[ClockKind],
        rules: Iterable[ClockRule],
    ) -> None:
        """Check and index.

        Raises:
            ClockMistake: They contradict each other.
        """
        self.facts = facts
        clocks, given = tuple(kinds), tuple(rules)
        self.kinds = {kind.name: kind for kind in clocks}
        self.rules = {rule.id: rule for rule in given}
        self.without_limit = tuple(kind for kind in clocks if kind.until_zh)
        _unique(clocks, given)
        turns: dict[str, list[tuple[ClockKind, Turn]]] = defaultdict(list)
        for kind in clocks:
            _kind_is_sound(kind, facts)
            for fact, turn in kind.turns():
                turns[fact].append((kind, turn))
        self.turns = {fact: tuple(some) for fact, some in turns.items()}
        self._lengths: dict[tuple[str, str], list[ClockRule]] = defaultdict(list)
        for rule in sorted(given, key=lambda rule: rule.valid_from):
            _rule_is_sound(rule, self.kinds)
            self._lengths[rule.clock, rule.jurisdiction].append(rule)
        for (clock, where), some in self._lengths.items():
            _days_are_sound(f"clock {clock} of {where}", some)
        for name in self.kinds:
            if (name, EVERYWHERE) not in self._lengths:
                raise ClockMistake(f"clock {name}: no rule for all provinces")

    @classmethod
    def load(cls, text: bytes) -> ClockRules:
        """Read the rule file.

        Raises:
            ClockMistake: The file is no valid set of rules.
        """
        file = read_rules(text, _File, ClockMistake)
        return cls(file.facts, file.clock, file.rule)

    def rule(self, clock: str, province: ProvinceCode, on: date) -> ClockRule | None:
        """Find the rule of a clock that starts on a day; none before all rules."""
        for where in (province, EVERYWHERE):
            for rule in self._lengths.get((clock, where), ()):
                if rule.holds(on):
                    return rule
        return None


def _unique(kinds: tuple[ClockKind, ...], rules: tuple[ClockRule, ...]) -> None:
    for what, names in (
        ("clock", [kind.name for kind in kinds]),
        ("rule", [rule.id for rule in rules]),
    ):
        for name in names:
            if names.count(name) > 1:
                raise ClockMistake(f"{what} {name}: two have this name")


def _kind_is_sound(kind: ClockKind, facts: dict[str, Bilingual]) -> None:
    if not kind.starts or not kind.meets:
        raise ClockMistake(f"clock {kind.name}: nothing starts it, or nothing meets it")
    seen: set[str] = set()
    for fact, _ in kind.turns():
        if fact not in facts:
            raise ClockMistake(f"clock {kind.name}: no such fact: {fact}")
        if fact in seen:
            raise ClockMistake(f"clock {kind.name}: {fact} would do two things to it")
        seen.add(fact)
    if bool(kind.suspends) != bool(kind.resumes):
        raise ClockMistake(f"clock {kind.name}: what is suspended must be resumed")
    moved = kind.interrupts + kind.suspends + kind.extends + kind.reopens
    if kind.before and moved:
        raise ClockMistake(f"clock {kind.name}: backwards, only its start can move it")


def _rule_is_sound(rule: ClockRule, kinds: dict[str, ClockKind]) -> None:
    kind = kinds.get(rule.clock)
    if kind is None:
        raise ClockMistake(f"rule {rule.id}: no such clock: {rule.clock}")
    if min(rule.years, rule.days) < 0 or rule.years + rule.days < 1:
        raise ClockMistake(f"rule {rule.id}: it has a day at least")
    if kind.before and rule.years:
        raise ClockMistake(f"rule {rule.id}: days alone are counted backwards")
    if rule.extension is not None and (rule.extension < 1 or not kind.extends):
        raise ClockMistake(f"rule {rule.id}: nothing extends {rule.clock}, or by none")
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise ClockMistake(f"rule {rule.id}: ends before it begins")


def _days_are_sound(what: str, rules: list[ClockRule]) -> None:
    for earlier, later in pairwise(rules):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            raise ClockMistake(f"{what}: {earlier.id} and {later.id} overlap")
        if (
            later.jurisdiction == EVERYWHERE
            and later.valid_from != earlier.valid_to + _DAY
        ):
            raise ClockMistake(f"{what}: no rule between {earlier.id} and {later.id}")
