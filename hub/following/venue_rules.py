"""Decider: which place makes which forum competent (RULEBOOK §4), as data.

The rules are read from ``hub/rules/venue.toml``, and checked: every matter has a forum,
and every forum a rule that holds now.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from hub.rules.dated import InForce, read_rules
from schema.records.keys import ProvinceCode
from schema.records.rights_case import CaseMatter
from schema.records.venue import Forum

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date


class Place(StrEnum):
    """What makes a place competent."""

    WORKPLACE = "workplace"
    EMPLOYER_SEAT = "employer-seat"
    INSURANCE_PLACE = "insurance-place"
    BODY_PLACE = "body-place"
    #: Where the home union has its seat.
    HOME = "home"
    #: Where the union that received it has its seat.
    INTAKE = "intake"


class Level(StrEnum):
    """How large the competent place is."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


class Leads(StrEnum):
    """Whose union leads."""

    COUNTY = "county"
    TOWNSHIP = "township"
    HOME = "home"
    INTAKE = "intake"


class VenueRule(InForce, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which place is competent; ``hub/rules/venue.toml`` explains each field."""

    id: str
    forum: Forum
    places: tuple[Place, ...]
    choice: bool
    level: Level
    lead: Leads
    text_zh: str
    text_en: str
    source: str
    otherwise: tuple[Place, ...] = ()
    employer_union: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    municipalities: frozenset[ProvinceCode]
    matters: dict[CaseMatter, Forum]
    rule: tuple[VenueRule, ...]


class VenueMistake(ValueError):
    """The rule file contradicts itself; the text says where."""


class VenueRules:
    """All rules of venue.

    Attributes:
        municipalities: Provinces without cities below them.
    """

    def __init__(
        self,
        matters: Mapping[CaseMatter, Forum],
        rules: Iterable[VenueRule],
        municipalities: frozenset[ProvinceCode],
    ) -> None:
        """Check them.

        Raises:
            VenueMistake: They leave a question open, or answer it twice.
        """
        self._matters = dict(matters)
        self._rules = sorted(rules, key=lambda rule: rule.valid_from)
        self.municipalities = municipalities
        for matter in CaseMatter:
            if matter not in self._matters:
                raise VenueMistake(f"matter {matter}: no forum")
        if len({rule.id for rule in self._rules}) < len(self._rules):
            raise VenueMistake("two rules have one id")
        for forum in Forum:
            _is_sound(forum, [rule for rule in self._rules if rule.forum is forum])

    @classmethod
    def load(cls, text: bytes) -> VenueRules:
        """Read the rule file.

        Raises:
            VenueMistake: The file is no valid set of rules.
        """
        file = read_rules(text, _File, VenueMistake)
        return cls(file.matters, file.rule, file.municipalities)

    def forum(self, matter: CaseMatter) -> Forum:
        """Tell who decides on a matter, where nobody said."""
        return self._matters[matter]

    def rule(self, forum: Forum, on: date) -> VenueRule | None:
        """Find the rule of a day; none before all rules."""
        for rule in self._rules:
            if rule.forum is forum and rule.holds(on):
                return rule
        return None


def _is_sound(forum: Forum, rules: list[VenueRule]) -> None:
    if not rules or rules[-1].valid_to is not None:
        raise VenueMistake(f"forum {forum}: no rule that holds now")
    for rule in rules:
        if not rule.places:
            raise VenueMistake(f"rule {rule.id}: no place is competent")
        membership = forum in {Forum.MEMBERSHIP, Forum.REPLY}
        if not membership and {Place.HOME, Place.INTAKE} & {
            *rule.places, *rule.otherwise,
        }:  # fmt: skip
            raise VenueMistake(f"rule {rule.id}: the home place as such never is")
    for earlier, later in pairwise(rules):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            raise VenueMistake(f"forum {forum}: {earlier.id} and {later.id} overlap")
