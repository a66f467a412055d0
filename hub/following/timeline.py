"""Decider: the history of a case out of what provinces told, in whatever order.

Provinces are polled and push; what they tell comes late, twice, or out of order. All
of it is kept by its number (``fold``), and the timeline is read off what is kept
(``timeline``): so the same arrivals give the same history whatever their order, and
what is missing is declared as a gap instead of being passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from schema.records.change import Change, Tombstone, Watermark
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from schema.records.change import Arrival

Statement = Change | Tombstone
#: A province's numbered statements of the case.
_Place = tuple[ProvinceCode, int]


class History(msgspec.Struct, frozen=True):
    """All that was told of one case so far.

    Attributes:
        case_no: Which.
        told: Statements by province and number.
        contradicted: Places for which two different statements came.
        upto: The last number of each province, by its watermark.
    """

    case_no: str
    told: Mapping[_Place, Statement] = {}
    contradicted: frozenset[_Place] = frozenset()
    upto: Mapping[ProvinceCode, int] = {}


class Line(msgspec.Struct, frozen=True):
    """One line of a timeline.

    Attributes:
        change: What happened, as it is right.
        seq: The number under which the province first told it.
        corrected: How often it was corrected.
    """

    change: Change
    seq: int
    corrected: int


class Gap(msgspec.Struct, frozen=True, order=True):
    """Numbers that a province has given, and the hub has not got.

    Attributes:
        province: Whose.
        first: The first of them.
        last: The last of them.
    """

    province: ProvinceCode
    first: int
    last: int


class Contradiction(msgspec.Struct, frozen=True, order=True):
    """A place where a province contradicts itself; people have to ask it.

    Either it told two different things under one number (the later one is shown), or
    it corrects or buries what cannot be: itself, a later number, or a tombstone.
    """

    province: ProvinceCode
    seq: int


class Timeline(msgspec.Struct, frozen=True):
    """The history of a case, as far as it is known.

    Attributes:
        lines: In the order of their days; those of one day by province and number.
        gaps: What is missing.
        contradictions: What does not hold together.
    """

    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    contradictions: tuple[Contradiction, ...]


def fold(history: History, arrivals: Iterable[Arrival]) -> History:
    """Take in what came. What is of another case is left out.

    Whatever the order, and however it is cut into portions, the result is the same;
    what comes again changes nothing.
    """
    told, upto = dict(history.told), dict(history.upto)
    contradicted = set(history.contradicted)
    for one in arrivals:
        if one.case_no != history.case_no:
            continue
        if isinstance(one, Watermark):
            upto[one.province] = max(one.seq, upto.get(one.province, 0))
            continue
        place = (one.province, one.seq)
        known = told.setdefault(place, one)
        if known is not one and known != one:
            contradicted.add(place)
            told[place] = max(known, one, key=_later)
    return History(history.case_no, told, frozenset(contradicted), upto)


def timeline(history: History) -> Timeline:
    """Read the timeline off what was told."""
    reading = _Reading(history)
    numbers: dict[ProvinceCode, list[int]] = {p: [] for p in history.upto}
    # In the order of numbers: what is corrected or gone was told before.
    for place in sorted(history.told):
        numbers.setdefault(place[0], []).append(place[1])
        reading.take(place, history.told[place])
    gaps: list[Gap] = []
    for province, given in sorted(numbers.items()):
        gaps += _gaps(province, given, history.upto.get(province, 0))
    return Timeline(
        tuple(sorted(reading.lines(), key=_order)),
        tuple(gaps),
        tuple(sorted(Contradiction(*place) for place in reading.contradicted)),
    )


def read_upto(history: History, province: ProvinceCode) -> int:
    """Tell the number up to which nothing of a province is missing: ask from there."""
    seq = 0
    while (province, seq + 1) in history.told:
        seq += 1
    return seq


class _Reading:
    """A timeline that is being read."""

    def __init__(self, history: History) -> None:
        self._told = history.told
        self._gone = {
            (one.province, one.gone)
            for place, one in history.told.items()
            if isinstance(one, Tombstone) and self._sound(place, one.gone)
        }
        #: For each number, that under which its line was first told.
        self._root: dict[_Place, int] = {}
        #: For each line, the standing statements of it, the right one last.
        self._lines: dict[_Place, list[Change]] = {}
        self.contradicted = set(history.contradicted)

    def take(self, place: _Place, one: Statement) -> None:
        province, seq = place
        if isinstance(one, Tombstone):
            if not self._sound(place, one.gone):
                self.contradicted.add(place)
            return
        root = seq
        if one.corrects is not None:
            if self._sound(place, one.corrects):
                # What it corrects may yet be missing: then its number is the line's.
                root = self._root.get((province, one.corrects), one.corrects)
            else:
                self.contradicted.add(place)
        self._root[place] = root
        if place not in self._gone and (province, root) not in self._gone:
            self._lines.setdefault((province, root), []).append(one)

    def lines(self) -> Iterable[Line]:
        for (province, seq), some in self._lines.items():
            first = (province, seq) in self._told
            yield Line(some[-1], seq, len(some) - first)

    def _sound(self, place: _Place, about: int) -> bool:
        province, seq = place
        told = self._told.get((province, about))
        return about < seq and not isinstance(told, Tombstone)


def _gaps(province: ProvinceCode, given: list[int], upto: int) -> Iterable[Gap]:
    expected = 1
    for seq in given:
        if seq > expected:
            yield Gap(province, expected, seq - 1)
        expected = seq + 1
    if upto >= expected:
        yield Gap(province, expected, upto)


def _later(one: Statement) -> tuple[object, bytes]:
    return one.as_of, msgspec.json.encode(one)


def _order(line: Line) -> tuple[date, ProvinceCode, int]:
    return line.change.on, line.change.province, line.seq
