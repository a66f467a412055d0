"""Decider: by when the owner of a transfer ought to act, and when a limit passes.

The rules are data (``hub/rules/transfer.toml``), checked when loaded: every wait has
a rule for all provinces on every day from the first on, and no rule has an effect
that the saga cannot have.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec

from hub.clock import day_in_china, end_of_day_in_china
from hub.rules.workdays import Calendar, term
from hub.transfer.states import STATES, Effect, Wait
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema.records.keys import ProvinceCode

#: A rule for all provinces.
EVERYWHERE: Final = "*"
_DAY: Final = timedelta(days=1)
_REMEMBERED: Final = 4096


class WaitRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long one wait may last.

    Attributes:
        id: Its name; every due date that it set carries it.
        wait: Which wait it is for.
        calendar: Which days count.
        target: Days after which the owner is reminded.
        limit: Days after which the effect comes.
        effect: What the saga does then.
        jurisdiction: A province, or ``*``.
        valid_from: First day on which a wait may begin under it.
        valid_to: Last such day; none while it holds.
        text_zh: The rule in words.
        text_en: The same in English.
        source: Where it comes from; ``D`` is our own decision.
    """

    id: str
    wait: Wait
    calendar: Calendar
    target: int
    limit: int
    effect: Effect
    jurisdiction: str
    valid_from: date
    text_zh: str
    text_en: str
    source: str
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether a wait that begins on a day is under it."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    rule: tuple[WaitRule, ...]


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule makes of a wait.

    Attributes:
        rule: Id of the rule.
        respond_by: The day by which the owner ought to have acted, in China.
        due_on: The last day before the limit passes.
        target_at: When the owner is to be reminded: when ``respond_by`` is over.
        due_at: When the limit passes: when ``due_on`` is over.
        why: The rule, the fact and the arithmetic, in words.
    """

    rule: str
    respond_by: date
    due_on: date
    target_at: datetime
    due_at: datetime
    why: Bilingual


class LimitMistake(ValueError):
    """The rule file contradicts the saga or itself; the text says where."""


class Limits:
    """All rules of waits."""

    def __init__(self, rules: Iterable[WaitRule]) -> None:
        self._rules: dict[tuple[Wait, str], list[WaitRule]] = defaultdict(list)
        for rule in sorted(rules, key=lambda rule: rule.valid_from):
            self._rules[rule.wait, rule.jurisdiction].append(rule)
        self.rules = tuple(rule for some in self._rules.values() for rule in some)
        _check(self.rules)
        for (wait, where), some in self._rules.items():
            _check_days(f"wait {wait} of {where}", some)
        for wait in Wait:
            if not self._rules.get((wait, EVERYWHERE)):
                raise LimitMistake(f"wait {wait}: no rule for all provinces")
            if self._rules[wait, EVERYWHERE][-1].valid_to is not None:
                raise LimitMistake(f"wait {wait}: the last rule for all must not end")

    @classmethod
    def load(cls, text: bytes) -> Limits:
        """Read the rule file.

        Raises:
            LimitMistake: The file is no valid set of rules.
        """
        try:
            return cls(msgspec.toml.decode(text, type=_File).rule)
        except msgspec.MsgspecError as mistake:
            raise LimitMistake(str(mistake)) from mistake

    def rule(self, wait: Wait | None, province: ProvinceCode, on: date) -> WaitRule:
        """Find the rule for a wait that begins.

        Args:
            wait: What for; nothing is waited for where a transfer has ended.
            province: Of the union or register that is waited for.
            on: The day on which the wait begins, in China.

        Raises:
            LookupError: Nothing is waited for, or it was before all rules.
        """
        if wait is not None:
            for where in (province, EVERYWHERE):
                for rule in self._rules.get((wait, where), ()):
                    if rule.holds(on):
                        return rule
        raise LookupError(f"no rule for {wait} on {on}")

    def due(self, wait: Wait | None, province: ProvinceCode, at: datetime) -> Due:
        """Say by when a wait that begins at a moment is to end.

        Raises:
            LookupError: As ``rule``.
        """
        rule = self.rule(wait, province, day_in_china(at))
        return due(rule, at)


def due(rule: WaitRule, at: datetime) -> Due:
    """Apply a rule to a wait that begins at a moment (with a time zone)."""
    return _due(rule, day_in_china(at))


@lru_cache(maxsize=_REMEMBERED)
def _due(rule: WaitRule, on: date) -> Due:
    target = term(on, rule.target, rule.calendar)
    limit = term(on, rule.limit, rule.calendar)
    return Due(
        rule=rule.id,
        respond_by=target.ends_on,
        due_on=limit.ends_on,
        target_at=end_of_day_in_china(target.ends_on),
        due_at=end_of_day_in_china(limit.ends_on),
        why=Bilingual(
            f"规则 {rule.id}（{rule.source}）：等待始于 {on}；办理时限"
            f"：{target.arithmetic.zh}；最后期限：{limit.arithmetic.zh}。",
            f"Rule {rule.id} ({rule.source}): the wait began on {on}; target:"
            f" {target.arithmetic.en}; limit: {limit.arithmetic.en}.",
        ),
    )


def _check(rules: tuple[WaitRule, ...]) -> None:
    effects = {state.wait: state.effect for state in STATES.values()}
    effects |= {one.overdue_wait: one.overdue_effect for one in STATES.values()}
    names = set()
    for rule in rules:
        if rule.id in names:
            raise LimitMistake(f"rule {rule.id}: two rules have this id")
        names.add(rule.id)
        if not 1 <= rule.target <= rule.limit:
            raise LimitMistake(f"rule {rule.id}: a day at least, the target before")
        if rule.effect is not effects[rule.wait]:
            raise LimitMistake(
                f"rule {rule.id}: the effect of {rule.wait} is {effects[rule.wait]}"
            )
        if rule.valid_to is not None and rule.valid_to < rule.valid_from:
            raise LimitMistake(f"rule {rule.id}: ends before it begins")


def _check_days(what: str, rules: list[WaitRule]) -> None:
    for before, after in pairwise(rules):
        if before.valid_to is None or after.valid_from <= before.valid_to:
            raise LimitMistake(f"{what}: {before.id} and {after.id} overlap")
        everywhere = after.jurisdiction == EVERYWHERE
        if everywhere and after.valid_from != before.valid_to + _DAY:
            raise LimitMistake(f"{what}: no rule between {before.id} and {after.id}")
