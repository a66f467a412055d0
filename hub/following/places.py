"""Decider: which place a division code means on a day (GB/T 2260).

Codes expire and merge: a code means nothing without a date.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.identity.divisions import existed_between
from hub.rules.dated import read_rules
from schema.records.refusal import Bilingual
from schema.records.venue import VenueReason

if TYPE_CHECKING:
    from collections.abc import Iterable

#: RULEBOOK §2: a division code is meaningless without a date.
MERGED: Final = "division-merged"
EXPIRED: Final = "division-expired"
_COUNTY, _CITY = 6, 4
_LENGTHS: Final = frozenset({6, 9, 12})


class Merger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A division that went into another.

    Attributes:
        old: Its code.
        new: The other's.
        on: First day on which the new one counts.
        source: Who said so.
    """

    old: str
    new: str
    on: date
    source: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    merged: tuple[Merger, ...]


class PlaceMistake(ValueError):
    """The file of mergers contradicts itself; the text says where."""


class Places:
    """All mergers that are known."""

    def __init__(self, mergers: Iterable[Merger]) -> None:
        """Check and index.

        Raises:
            PlaceMistake: A code is none, merges twice, or ends in itself.
        """
        self._mergers: dict[str, Merger] = {}
        for merger in mergers:
            if merger.old in self._mergers:
                raise PlaceMistake(f"division {merger.old}: merged twice")
            if not is_division(merger.old) or not is_division(merger.new):
                raise PlaceMistake(f"division {merger.old}: six digits each")
            self._mergers[merger.old] = merger
        for code in self._mergers:
            if len(self._line(code, date.max)) > len(self._mergers):
                raise PlaceMistake(f"division {code}: it ends in itself")

    @classmethod
    def load(cls, text: bytes) -> Places:
        """Read the file of mergers.

        Raises:
            PlaceMistake: It is none.
        """
        file = read_rules(text, _File, PlaceMistake)
        return cls(file.merged)

    def standing(self, code: str, on: date) -> tuple[str, tuple[VenueReason, ...]]:
        """Tell the code that stands on a day in the place of another.

        Args:
            code: Six, nine or twelve digits.
            on: The day.

        Returns:
            The code itself if its county stands; the one that it went into; or that of
            the city, or the province, above one that is gone or unknown. And why.
        """
        line = self._line(code[:_COUNTY], on)
        reasons = [_merged(merger) for merger in line]
        at = line[-1].new if line else code
        county = at[:_COUNTY]
        if existed_between(county, on.year, on.year):
            return at, tuple(reasons)
        city = county[:_CITY] + "00"
        merged_city = self._line(city, on)
        city = merged_city[-1].new if merged_city else city
        if not existed_between(city, on.year, on.year):
            city = f"{county[:2]}0000"
        return city, (*reasons, *map(_merged, merged_city), _expired(county, city, on))

    def _line(self, code: str, on: date) -> list[Merger]:
        """Follow mergers up to a day; longer than all there are in a ring."""
        found: list[Merger] = []
        while (merger := self._mergers.get(code)) is not None and merger.on <= on:
            found.append(merger)
            code = merger.new
            if len(found) > len(self._mergers):
                break
        return found


def is_division(code: str) -> bool:
    """Tell whether a code has the form of a division."""
    return len(code) in _LENGTHS and code.isascii() and code.isdigit()


def _merged(merger: Merger) -> VenueReason:
    return VenueReason(
        MERGED,
        Bilingual(
            f"区划 {merger.old} 自 {merger.on} 起并入 {merger.new}（{merger.source}）。",
            f"Division {merger.old} is part of {merger.new} since {merger.on}"
            f" ({merger.source}).",
        ),
    )


def _expired(county: str, city: str, on: date) -> VenueReason:
    return VenueReason(
        EXPIRED,
        Bilingual(
            f"区划代码 {county} 在 {on.year} 年不存在，改按上一级 {city}。",
            f"There was no division {county} in {on.year}: the one above it, {city}, is"
            " taken.",
        ),
    )
