"""Decider: who may do and see what of a case, and how roles come and go (RULEBOOK §3).

The table is data (``hub/rules/roles.toml``). What it does not list is not allowed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from hub.rules.dated import InForce, read_rules
from schema.records.case import CaseState, Ground, Held
from schema.records.case_powers import CaseField, Deed, Party, Role
from schema.records.rights_case import CaseMatter

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from datetime import date, datetime

    from schema.records.case_task import Seat

#: The three roles, and all other ways of standing to a case.
Part = Role | Party
_DAY: Final = timedelta(days=1)


class Stood(Protocol):
    """What tells how unions stand to a case: the case, or a change of it."""

    @property
    def matter(self) -> CaseMatter:
        """What it is about."""
        ...

    @property
    def state(self) -> CaseState:
        """Where it stands."""
        ...

    @property
    def held(self) -> tuple[Held, ...]:
        """The roles."""
        ...

    @property
    def asked(self) -> Seat | None:
        """Who is asked to lead, if anybody is."""
        ...


class RoleRule(InForce, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table.

    Attributes:
        id: Its name; every refusal by it carries it.
        party: Whose powers they are.
        may: What it may do.
        sees: What it sees.
        text_zh: The rule in words.
        text_en: The same in English.
        source: Where it comes from.
    """

    id: str
    party: Party
    may: frozenset[Deed]
    sees: frozenset[CaseField]
    text_zh: str
    text_en: str
    source: str


class Restricted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cases about a matter have designated handlers (RULEBOOK §6).

    Attributes:
        id: The rule's name.
        matter: Of cases about what.
        scope: Whose token has this is a designated handler.
        fields: What others do not see, whatever part they have.
        not_for: Whom it does not restrict.
        text_zh: The rule in words.
        text_en: The same in English.
        source: Where it comes from.
    """

    id: str
    matter: CaseMatter
    scope: str
    fields: frozenset[CaseField]
    not_for: frozenset[Party]
    text_zh: str
    text_en: str
    source: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    rule: tuple[RoleRule, ...]
    restricted: tuple[Restricted, ...] = ()


class RoleMistake(ValueError):
    """The table of roles contradicts itself or RULEBOOK §1; the text says where."""


class Powers:
    """The table as it is on one day."""

    def __init__(
        self, rules: Iterable[RoleRule], restricted: tuple[Restricted, ...] = ()
    ) -> None:
        self._rules: Mapping[str, RoleRule] = {rule.party: rule for rule in rules}
        self._restricted = restricted

    def may(self, role: Part, act: Deed) -> bool:
        """Tell whether a role may do something."""
        return act in self._rules[role].may

    def sees(self, role: Part, field: CaseField) -> bool:
        """Tell whether a role sees a field."""
        return field in self._rules[role].sees

    def any_may(self, roles: Iterable[Part], act: Deed) -> bool:
        """Tell whether one of several roles may do something."""
        return any(act in self._rules[role].may for role in roles)

    def fields(self, roles: Iterable[Part]) -> frozenset[CaseField]:
        """Tell what somebody with several roles sees."""
        return frozenset[CaseField]().union(*(self._rules[r].sees for r in roles))

    def handled(
        self, roles: Iterable[Part], matter: CaseMatter, scopes: Container[str]
    ) -> frozenset[CaseField]:
        """Tell what somebody sees of a case about a matter, who may be its handler."""
        parts = tuple(roles)
        seen = self.fields(parts)
        for one in self._restricted:
            if one.matter is matter and one.scope not in scopes:
                free = self.fields(part for part in parts if part in one.not_for)
                seen -= one.fields - free
        return seen

    def rule(self, role: Part) -> RoleRule:
        """Tell the row of a role."""
        return self._rules[role]

    def who_may(self, act: Deed) -> tuple[Party, ...]:
        """Tell who may do something, in the order of the table."""
        return tuple(party for party in Party if act in self._rules[party].may)


class RoleTable:
    """The table through time."""

    def __init__(
        self, rules: Iterable[RoleRule], restricted: tuple[Restricted, ...] = ()
    ) -> None:
        self.rules = tuple(rules)
        self.restricted = restricted
        self._on: dict[date, Powers] = {}
        _check(self.rules)

    @classmethod
    def load(cls, text: bytes) -> RoleTable:
        """Read the rule file.

        Raises:
            RoleMistake: The file is no valid table.
        """
        file = read_rules(text, _File, RoleMistake)
        return cls(file.rule, file.restricted)

    def on(self, day: date) -> Powers:
        """Tell the table of a day.

        Raises:
            LookupError: The day is before all rules.
        """
        rules = [rule for rule in self.rules if rule.holds(day)]
        if len(rules) != len(Party):
            raise LookupError(f"no table of roles on {day}")
        # Only days on which the table changes need a table of their own.
        since = max(rule.valid_from for rule in rules)
        if since not in self._on:
            self._on[since] = Powers(rules, self.restricted)
        return self._on[since]


def _check(rules: tuple[RoleRule, ...]) -> None:
    if len({rule.id for rule in rules}) != len(rules):
        raise RoleMistake("two rules have one id")
    by_party: dict[Party, list[RoleRule]] = defaultdict(list)
    for rule in sorted(rules, key=lambda rule: rule.valid_from):
        by_party[rule.party].append(rule)
        _check_rule(rule)
    for party in Party:
        some = by_party[party]
        if not some or some[-1].valid_to is not None:
            raise RoleMistake(f"{party}: no rule, or the last one ends")
        for before, after in pairwise(some):
            if before.valid_to is None or after.valid_from != before.valid_to + _DAY:
                raise RoleMistake(f"{before.id} and {after.id}: overlap, or a hole")
    if len({some[0].valid_from for some in by_party.values()}) != 1:
        raise RoleMistake("the rows of the table begin on different days")


def _check_rule(rule: RoleRule) -> None:
    """Hold a row to what no table may change (RULEBOOK §1, §3)."""
    lead, home = Deed.CLOSE_CASE in rule.may, Deed.CHANGE_MEMBERSHIP in rule.may
    if lead != (rule.party is Party.LEAD) or home != (rule.party is Party.HOME_UNION):
        raise RoleMistake(
            f"{rule.id}: the lead closes a case and the home changes a membership,"
            " and nobody else does"
        )
    if rule.party is Party.FOLLOWER and CaseField.CONTENT in rule.sees:
        raise RoleMistake(f"{rule.id}: a follower sees no content")


def standings(case: Stood, seat: Seat) -> tuple[Part, ...]:
    """Tell all that a union is in a case."""
    found: list[Part] = [one.role for one in case.held if one.seat == seat]
    if case.asked == seat:
        escalated = case.state is CaseState.ESCALATED
        found.append(Party.SUPERIOR if escalated else Party.ASKED)
    return tuple(found)


def with_role(
    held: tuple[Held, ...], role: Role, seat: Seat, at: datetime, ground: Ground
) -> tuple[Held, ...]:
    """Give a union a role, unless it has it already. Roles are not taken away."""
    if any(one.role is role and one.seat == seat for one in held):
        return held
    return (*held, Held(role=role, seat=seat, since=at, ground=ground))


def lead_moves(
    held: tuple[Held, ...], to: Seat, becomes: Role, at: datetime, ground: Ground
) -> tuple[Held, ...]:
    """Give the lead to another union; the one that led keeps a role in the case.

    Args:
        held: The roles before.
        to: The new lead; if it leads already, it does so from now on by this ground.
        becomes: What the old lead is afterwards.
        at: From when.
        ground: By what.
    """
    new = Held(role=Role.LEAD, seat=to, since=at, ground=ground)
    old = next(one.seat for one in held if one.role is Role.LEAD)
    rest = tuple(one for one in held if one.role is not Role.LEAD)
    if old != to:
        rest = with_role(rest, becomes, old, at, ground)
    return (new, *rest)


def at_opening(
    lead: Seat,
    outflow: Iterable[Seat],
    homes: Iterable[Seat],
    at: datetime,
    ground: Ground,
) -> tuple[Held, ...]:
    """Give the roles that unions have by default (002 §10, 000 §四.5)."""
    held: tuple[Held, ...] = (Held(role=Role.LEAD, seat=lead, since=at, ground=ground),)
    for seat in outflow:
        held = with_role(held, Role.CO_HANDLER, seat, at, Ground.DEFAULT)
        held = with_role(held, Role.FOLLOWER, seat, at, Ground.DEFAULT)
    for seat in homes:
        held = with_role(held, Role.FOLLOWER, seat, at, Ground.DEFAULT)
    return held
