"""Decider: where provinces disagree about a value, which version survives.

The rules are data (``hub/rules/survivorship.toml``), each with its source. They
are checked when loaded: a rule that names no kind, field or strategy that exists
cannot be loaded, and the last rule must fit everything.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, cast, get_args, get_type_hints

import msgspec

from hub.rules.dated import read_rules
from schema.records.kinds import KINDS
from schema.records.record import Yuan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.records.kinds import RecordKind
    from schema.records.merged import Version


class Strategy(StrEnum):
    """How to choose among versions."""

    LATEST = "latest"
    EARLIEST = "earliest"
    MAJORITY = "majority"
    AUTHORITY = "authority"
    UNION = "union"


class Null(StrEnum):
    """What it means when a province says that there is no value."""

    UNKNOWN = "unknown"
    VALUE = "value"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule of survivorship.

    Attributes:
        id: Its name, shown with every conflict that it settled.
        kind: The kind of record it is for, or ``*``.
        fields: The fields (Python names) it is for, or ``*``.
        strategy: How it chooses.
        null: What "no value" means.
        text_zh: The rule in words.
        text_en: The same in English.
        source: Where it comes from; ``D`` is our own decision.
        authority: For the strategy ``authority``: the field of the row that
            names the province whose version stands.
    """

    id: str
    kind: str
    fields: tuple[str, ...]
    strategy: Strategy
    null: Null
    text_zh: str
    text_en: str
    source: str
    authority: str = ""

    def fits(self, kind: RecordKind, field: str) -> bool:
        """Tell whether the rule is for a field."""
        return self.kind in ("*", kind) and ("*" in self.fields or field in self.fields)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    rule: tuple[Rule, ...]


#: The fields that hold an amount in yuan, as text.
_AMOUNTS = frozenset(
    (kind, name)
    for kind, line in KINDS.items()
    for name, hint in get_type_hints(line.record, include_extras=True).items()
    if Yuan in get_args(hint)
)


class RuleMistake(ValueError):
    """The rule file contradicts the records; the text says where."""


class Survivorship:
    """All rules, looked up by kind and field."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._by_field = {
            (kind, field): self._find(kind, field)
            for kind, line in KINDS.items()
            for field in line.fields
        }
        #: For each kind, the fields that joining needs, asked for or not.
        self.needed = {
            kind: frozenset(
                rule.authority
                for field in line.fields
                if (rule := self._by_field[kind, field]).authority
            )
            | ({line.same_by} if line.same_by else frozenset())
            for kind, line in KINDS.items()
        }

    @classmethod
    def load(cls, text: bytes) -> Survivorship:
        """Read the rule file.

        Raises:
            RuleMistake: The file is no valid set of rules.
        """
        rules = read_rules(text, _File, RuleMistake).rule
        for rule in rules:
            _check(rule)
        return cls(rules)

    def rule(self, kind: RecordKind, field: str) -> Rule:
        """Find the rule for a field."""
        return self._by_field[kind, field]

    def _find(self, kind: RecordKind, field: str) -> Rule:
        for rule in self._rules:
            if rule.fits(kind, field):
                return rule
        raise RuleMistake(f"no rule fits {kind}.{field}; end with one for everything")


def _check(rule: Rule) -> None:
    kinds = [line for line in KINDS.values() if rule.kind in ("*", line.kind)]
    if not kinds:
        raise RuleMistake(f"rule {rule.id}: no kind is called {rule.kind}")
    names = set.union(*(set(line.fields) for line in kinds)) | {"*"}
    if unknown := sorted(set(rule.fields) - names):
        raise RuleMistake(f"rule {rule.id}: {rule.kind} has no field {unknown[0]}")
    if (rule.strategy is Strategy.AUTHORITY) != bool(rule.authority):
        raise RuleMistake(f"rule {rule.id}: strategy and `authority` go together")
    if rule.authority and rule.authority not in names:
        raise RuleMistake(f"rule {rule.id}: no field is called {rule.authority}")


def choose(
    rule: Rule, versions: Sequence[Version], authority: str | None
) -> tuple[Version, ...]:
    """Put the version that survives first.

    Args:
        rule: The rule for the field.
        versions: What provinces hold, at most one each.
        authority: The province that the row names, for that strategy.

    Returns:
        The versions in order of rank; they are a conflict if any two values
        differ. A null that means "unknown" is left out while anybody knows.
    """
    if rule.null is Null.UNKNOWN:
        known = [version for version in versions if version.value is not None]
        versions = known or versions
    ranked = sorted(versions, key=_recent_first)
    match rule.strategy:
        case Strategy.LATEST:
            pass
        case Strategy.EARLIEST:
            ranked.sort(key=_earliest_first)
        case Strategy.MAJORITY:
            votes = Counter(version.value for version in ranked)
            ranked.sort(key=lambda version: -votes[version.value])
        case Strategy.AUTHORITY:
            ranked.sort(key=lambda version: version.source.province != authority)
        case Strategy.UNION:
            raise AssertionError("lists are put together, not chosen from")
    return tuple(ranked)


def together(versions: Sequence[Version]) -> tuple[object, ...] | None:
    """Put lists together: what any province lists, each entry once, in order.

    Args:
        versions: What provinces hold: a tuple of frozen values, or none.
    """
    told = [version.value for version in versions if version.value is not None]
    if not told:
        return None
    entries = {entry for value in told for entry in cast("tuple[object, ...]", value)}
    return tuple(sorted(entries, key=_spelt))


def _spelt(entry: object) -> tuple[str, bytes]:
    """Put entries in the order of their periods, where they have one."""
    return str(getattr(entry, "period", None) or ""), msgspec.json.encode(entry)


def same(kind: RecordKind, field: str, one: object, other: object) -> bool:
    """Tell whether two values of a field are the same; 100.5 yuan is 100.50."""
    if one == other:
        return True
    if (kind, field) not in _AMOUNTS or one is None or other is None:
        return False
    return Decimal(str(one)) == Decimal(str(other))


def _recent_first(version: Version) -> tuple[float, str]:
    return -version.source.freshness, version.source.province


def _earliest_first(version: Version) -> tuple[bool, date]:
    value = cast("date | None", version.value)
    return value is None, value or date.max
