"""Decider: what provinces agreed on for rights cases between them (RULEBOOK §10).

Agreements are data (``hub/rules/agreements.toml``), checked when loaded: they may set
internal limits, and never those of the law.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.following.clock_rules import Nature
from hub.rules.dated import read_rules
from schema.records.clock import AgreedLimit
from schema.records.keys import ProvinceCode
from schema.records.rights_case import CaseMatter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.following.clock_rules import ClockRules

#: All matters, or all tasks.
ALL: Final = "*"
_PROVINCE_LENGTH: Final = 2
_MATTERS: Final = frozenset(matter.value for matter in CaseMatter)


class Agreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What two or more provinces agreed on.

    Attributes:
        id: Its name.
        provinces: Between whom; each with each.
        matters: What it is about: matters, or ``*``.
        tasks: Co-handling tasks that may be given under it, or ``*``.
        limits: Days of internal clocks, by name.
        valid_from: First day on which it holds.
        valid_to: Last such day; none while it holds.
        text_zh: It in words.
        text_en: The same in English.
        source: Where it can be read.
    """

    id: str
    provinces: frozenset[ProvinceCode]
    matters: frozenset[str]
    tasks: frozenset[str]
    valid_from: date
    text_zh: str
    text_en: str
    source: str
    limits: dict[str, int] = {}
    valid_to: date | None = None

    def holds(self, one: ProvinceCode, other: ProvinceCode, on: date) -> bool:
        """Tell whether it holds between two provinces on a day."""
        valid = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return valid and one != other and {one, other} <= self.provinces

    def covers(self, matter: CaseMatter) -> bool:
        """Tell whether it is about a matter."""
        return ALL in self.matters or matter in self.matters


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    agreement: tuple[Agreement, ...]


class AgreementMistake(ValueError):
    """The agreements contradict the rules or themselves; the text says where."""


class Agreements:
    """All agreements."""

    def __init__(self, agreements: Iterable[Agreement], rules: ClockRules) -> None:
        """Check them against the clocks.

        Raises:
            AgreementMistake: One is about what there is not, or sets a limit of law.
        """
        self._agreements = tuple(sorted(agreements, key=lambda each: each.id))
        names = [each.id for each in self._agreements]
        for each in self._agreements:
            if names.count(each.id) > 1:
                raise AgreementMistake(f"agreement {each.id}: two have this id")
            _is_sound(each, rules)

    @classmethod
    def load(cls, text: bytes, rules: ClockRules) -> Agreements:
        """Read the file of agreements.

        Raises:
            AgreementMistake: It is none.
        """
        file = read_rules(text, _File, AgreementMistake)
        return cls(file.agreement, rules)

    def between(
        self, one: ProvinceCode, other: ProvinceCode, matter: CaseMatter, on: date
    ) -> tuple[Agreement, ...]:
        """Tell what holds between two provinces for a matter on a day."""
        return tuple(
            each
            for each in self._agreements
            if each.holds(one, other, on) and each.covers(matter)
        )


def limits_of(agreements: Iterable[Agreement]) -> tuple[AgreedLimit, ...]:
    """Tell the limits that agreements set: of several, the strictest."""
    strictest: dict[str, AgreedLimit] = {}
    for each in agreements:
        for clock, days in each.limits.items():
            known = strictest.get(clock)
            if known is None or days < known.days:
                strictest[clock] = AgreedLimit(clock, days, each.id)
    return tuple(strictest[clock] for clock in sorted(strictest))


def _is_sound(agreement: Agreement, rules: ClockRules) -> None:
    what = f"agreement {agreement.id}"
    codes = agreement.provinces
    if len(codes) <= 1 or not all(
        len(code) == _PROVINCE_LENGTH and code.isascii() and code.isdigit()
        for code in codes
    ):
        raise AgreementMistake(f"{what}: it is between two provinces at least")
    if not agreement.matters or agreement.matters - _MATTERS - {ALL}:
        raise AgreementMistake(f"{what}: it is about matters that there are, or *")
    if agreement.valid_to is not None and agreement.valid_to < agreement.valid_from:
        raise AgreementMistake(f"{what}: ends before it begins")
    for clock, days in agreement.limits.items():
        kind = rules.kinds.get(clock)
        if kind is None or kind.nature is not Nature.INTERNAL or days < 1:
            raise AgreementMistake(f"{what}: {clock} = {days} is no internal limit")
