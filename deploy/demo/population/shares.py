"""Value: the figures of ``movement.toml``, ready to be drawn from."""

from __future__ import annotations

import tomllib
from bisect import bisect
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from schema.records.rights_case import CaseMatter, CaseStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

T = TypeVar("T")


class Draw(Generic[T]):
    """A choice with weights, quick enough to be made a million times."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.values = tuple(weights)
        self._bounds = list(accumulate(weights.values()))
        self._total = self._bounds[-1]

    def __call__(self, rng: Random) -> T:
        """Draw one value."""
        return self.values[bisect(self._bounds, rng.random() * self._total)]


def chance(rng: Random, share: float) -> bool:
    """Say yes in this share of all draws."""
    return rng.random() < share


def between(rng: Random, low: int, high: int) -> int:
    """Draw a whole number, both ends included; ``low`` where ``high`` is less."""
    return low if high <= low else low + int(rng.random() * (high - low + 1))


def one_of(rng: Random, values: tuple[T, ...] | list[T]) -> T:
    """Draw one of several, all alike."""
    return values[int(rng.random() * len(values))]


_FIGURES: dict[str, Any] = tomllib.loads(
    (files(__package__) / "movement.toml").read_text(encoding="utf-8")
)

#: Codes of the provinces of the demo, in the order of the file.
PROVINCES: tuple[str, ...] = tuple(_FIGURES["homes"])

NAMES_ZH: dict[str, str] = {code: _FIGURES["names"][code]["zh"] for code in PROVINCES}
NAMES_EN: dict[str, str] = {code: _FIGURES["names"][code]["en"] for code in PROVINCES}
SHORT_NAMES: dict[str, str] = {
    code: _FIGURES["names"][code]["short"] for code in PROVINCES
}

HOME = Draw[str](_FIGURES["homes"])
CORRIDOR = {code: Draw[str](ways) for code, ways in _FIGURES["corridors"].items()}
HOW_MANY = Draw[int]({int(n): share for n, share in _FIGURES["provinces"].items()})
SECTOR = Draw[str](_FIGURES["sectors"])
MATTER = Draw[CaseMatter]({CaseMatter(m): w for m, w in _FIGURES["matters"].items()})
OPEN_STATUS = Draw[CaseStatus](
    {CaseStatus(s): line["weight"] for s, line in _FIGURES["open_cases"].items()}
)
#: Days until the next date of an open case, by where it stands.
DUE_IN: dict[CaseStatus, int] = {
    CaseStatus(s): line["days"] for s, line in _FIGURES["open_cases"].items()
}
#: Positions of a sector with their group (empty if none of the eight).
POSITIONS: dict[str, list[tuple[str, str]]] = {
    sector: list(table.items()) for sector, table in _FIGURES["positions"].items()
}
#: Occupations (code, name) that people of a sector hold certificates of.
OCCUPATIONS: dict[str, list[tuple[str, str]]] = {
    sector: list(table.items()) for sector, table in _FIGURES["skills"].items()
}
NOT_KEPT: dict[str, frozenset[str]] = {
    code: frozenset(_FIGURES["not_kept"].get(code, ())) for code in PROVINCES
}
