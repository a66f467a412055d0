"""Decider: from which number on a rule applies, where it is no clock.

The numbers are data (``hub/rules/thresholds.toml``), with a source each.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from hub.rules.dated import InForce, read_rules
from schema.records.rights_case import CaseMatter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from schema.records.keys import ProvinceCode

_EVERYWHERE = "*"


class Number(StrEnum):
    """Which number."""

    COLLECTIVE_WORKERS = "collective-workers"
    ARREARS_LINKED_WORKERS = "arrears-linked-workers"
    LOOK_BACK_YEARS = "look-back-years"
    AID_FIRST_DAYS = "aid-first-days"
    FINAL_AWARD_MONTHS = "final-award-months"
    ACCEPTED_WITHIN_DAYS = "accepted-within-days"
    ACCEPTED_PERCENT = "accepted-percent"
    ANSWERED_PERCENT = "answered-percent"
    CASE_DOCUMENTS = "case-documents"
    CASE_TASKS = "case-tasks"
    CASE_FACTS = "case-facts"
    CASE_MILESTONES = "case-milestones"


class Threshold(InForce, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number; ``hub/rules/thresholds.toml`` explains each field."""

    name: Number
    value: int
    jurisdiction: str
    text_zh: str
    text_en: str
    source: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    without_means_test: frozenset[CaseMatter]
    threshold: tuple[Threshold, ...]


class ThresholdMistake(ValueError):
    """The file contradicts itself; the text says where."""


class Thresholds:
    """All numbers."""

    def __init__(
        self, given: Iterable[Threshold], without_means_test: frozenset[CaseMatter]
    ) -> None:
        """Check them.

        Raises:
            ThresholdMistake: One is missing, is less than one, or there are two.
        """
        self._given = tuple(given)
        self._without_means_test = without_means_test
        for one in self._given:
            if one.value < 1:
                raise ThresholdMistake(f"threshold {one.name}: one at least")
            if sum(_overlap(one, other) for other in self._given) > 1:
                raise ThresholdMistake(f"threshold {one.name}: two hold at once")
        for name in Number:
            if not any(
                one.name is name and one.jurisdiction == _EVERYWHERE
                for one in self._given
            ):
                raise ThresholdMistake(f"threshold {name}: none for all provinces")

    @classmethod
    def load(cls, text: bytes) -> Thresholds:
        """Read the file.

        Raises:
            ThresholdMistake: It is none.
        """
        file = read_rules(text, _File, ThresholdMistake)
        return cls(file.threshold, file.without_means_test)

    def of(self, name: Number, province: ProvinceCode, on: date) -> Threshold:
        """Find a number as it holds for a province on a day.

        Raises:
            LookupError: None held on that day.
        """
        for where in (province, _EVERYWHERE):
            for one in self._given:
                if (one.name, one.jurisdiction) == (name, where) and one.holds(on):
                    return one
        raise LookupError(f"no {name} on {on}")

    def has_aid_without_means_test(self, matter: CaseMatter) -> bool:
        """Tell whether a migrant worker has legal aid for it (法律援助法 42)."""
        return matter in self._without_means_test

    def is_final(
        self, item: Decimal, minimum_wage: Decimal, province: ProvinceCode, on: date
    ) -> bool:
        """Tell whether an award on one item is final (调解仲裁法 47).

        Args:
            item: What is claimed by this item alone, in yuan: wages, medical cost of
                an injury, or compensation.
            minimum_wage: The local monthly minimum wage, in yuan.
            province: Where.
            on: The day of the award.
        """
        months = self.of(Number.FINAL_AWARD_MONTHS, province, on).value
        return item <= minimum_wage * months


def _overlap(one: Threshold, other: Threshold) -> bool:
    """Tell whether two of one name and place hold on one day; each does with itself."""
    return (
        (one.name, one.jurisdiction) == (other.name, other.jurisdiction)
        and one.valid_from <= (other.valid_to or date.max)
        and other.valid_from <= (one.valid_to or date.max)
    )
