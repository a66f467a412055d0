"""Decider: who is above whom on a day, and who acts for whom.

All organisations are held in memory: 50,000 take some tens of megabytes, and a
request asks several times. A directory never changes; a newer one takes its place.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hub.organisation.checking import checked
from hub.organisation.organisation import Organisation
from schema.records.membership import OrganisationKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

__all__ = ["Directory", "Organisation"]

#: Who takes in those who have nowhere to go, the nearest first (2000 rules art. 6).
_OF_RESIDENCE: Final = (
    Kind.VILLAGE, Kind.TOWNSHIP, Kind.COUNTY, Kind.CITY, Kind.PROVINCE,
)  # fmt: skip
_LOCAL: Final = frozenset({Kind.VILLAGE, Kind.TOWNSHIP})
_REMEMBERED: Final = 1024


class Directory:
    """All organisations, looked up by code and day.

    An organisation that is gone belongs to its last parent: transfers that it had
    still need somebody who may see and end them.

    Args:
        rows: Every period of every organisation.

    Raises:
        hub.organisation.mistakes.BadDirectory: They make no forest: a parent is
            missing, does not stand for as long, or is its own descendant.
    """

    def __init__(self, rows: Iterable[Organisation] = ()) -> None:
        self._periods: dict[str, list[Organisation]] = defaultdict(list)
        self._ever_below: dict[str, set[str]] = defaultdict(set)
        self._seated: dict[tuple[str, Kind], list[Organisation]] = defaultdict(list)
        for row in sorted(checked(rows), key=lambda row: (row.valid_from, row.code)):
            self._periods[row.code].append(row)
            if row.parent is not None:
                self._ever_below[row.parent].add(row.code)
            if row.kind in _OF_RESIDENCE:
                self._seated[row.division, row.kind].append(row)
        self._below = lru_cache(_REMEMBERED)(self._all_below)

    def __len__(self) -> int:
        return len(self._periods)

    def get(self, code: str, on: date) -> Organisation | None:
        """Find an organisation as it stands on a day; none if it does not."""
        last = self._last(code, on)
        return last if last is not None and last.stands(on) else None

    def last(self, code: str, on: date) -> Organisation | None:
        """Find an organisation as it stands on a day, or as it last stood before it."""
        return self._last(code, on)

    def acts_for(self, office: str, union: str, on: date) -> bool:
        """Tell whether an office stands and is a union, or anywhere above it."""
        if self.get(office, on) is None:
            return False
        return any(above.code == office for above in self._line(union, on))

    def subordinates(self, office: str, on: date) -> frozenset[str]:
        """List whom an office acts for: itself and all below it; nobody if it is gone.

        ``union in subordinates(office, on)`` is ``acts_for(office, union, on)``.
        """
        return self._below(office, on)

    def residence(self, division: str, on: date) -> Organisation | None:
        """Find the union that takes in who lives in a place (2000 rules art. 6).

        The village or township union of the place if it has just one, else the
        county's, the city's, the province's; where a county union is unknown too, the
        first of several local ones.

        Args:
            division: GB/T 2260; twelve digits name a village, nine a township.
            on: The day: codes of places expire.
        """
        several: list[Organisation] = []
        for place in _places(division):
            for kind in _OF_RESIDENCE:
                seated = self._seated.get((place, kind), ())
                found = [each for each in seated if each.stands(on)]
                if len(found) == 1 or (found and kind not in _LOCAL):
                    return found[0]
                several += found
            if several:
                return several[0]
        return None

    def _last(self, code: str, on: date) -> Organisation | None:
        """Find the period of a day, or else the last one before it."""
        for row in reversed(self._periods.get(code, ())):
            if row.valid_from <= on:
                return row
        return None

    def _line(self, code: str, on: date) -> Iterator[Organisation]:
        """Walk from an organisation up to the top."""
        # It ends: where parents stand as long as their children, those who are gone
        # can make a ring only with one among those who stood on its last day.
        at: str | None = code
        while at is not None and (row := self._last(at, on)) is not None:
            yield row
            at = row.parent

    def _all_below(self, office: str, on: date) -> frozenset[str]:
        if self.get(office, on) is None:
            return frozenset()
        found, waiting = {office}, [office]
        while waiting:
            above = waiting.pop()
            for code in self._ever_below.get(above, ()):
                row = self._last(code, on)
                if row is not None and row.parent == above and code not in found:
                    found.add(code)
                    waiting.append(code)
        return frozenset(found)


def _places(division: str) -> Iterator[str]:
    """Name a place, then those that it lies in."""
    for length, ending in ((12, ""), (9, ""), (6, ""), (4, "00"), (2, "0000")):
        if len(division) >= length:
            yield division[:length] + ending
