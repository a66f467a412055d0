"""Value: counties, and resident ID numbers that are valid and never the same twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from stdnum import numdb
from stdnum.cn import ric

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The eldest who still work.
FIRST_BIRTH_YEAR = 1962

#: Years for which a union's or employer's seat must be one and the same code.
SEATS_SINCE = 1999

#: Of a period that has not ended.
_NOW = 9999

_DAYS = 365  # nobody here is born on the last day of a leap year
_NUMBERS = 99  # of the 999 sequence numbers, in each of up to five blocks
_MOST_BLOCKS = 5
#: A prime above every pool's size, so that multiplying by it reaches each number
#: of the pool exactly once.
_STRIDE = 2_654_435_761


@dataclass(frozen=True, slots=True)
class County:
    """One county-level division.

    Attributes:
        code: GB/T 2260.
        name: Its name in the period.
        first: First year of the period.
        last: Last year of it.
    """

    code: str
    name: str
    first: int
    last: int


def counties(province: str) -> list[County]:
    """List the counties of a province, past ones too, as python-stdnum knows them."""
    return [
        County(province + rest, name, first, last)
        for rest, text in _lines(province)
        if not rest.endswith("00")
        for name, first, last in _periods(text)
        if name[-1] in "县区市" and name not in {"市辖区", "县"}
    ]


def _lines(province: str) -> Iterator[tuple[str, str]]:
    for _, low, _, _, children in numdb.get("cn/loc").prefixes:
        if low == province:
            for _, rest, _, properties, _ in children:
                yield rest, properties["county"]


def _periods(text: str) -> Iterator[tuple[str, int, int]]:
    """Read ``[1983-1992]城区,[1993-]南湖区``; a name alone has always been valid."""
    for part in text.split(","):
        if part.startswith("["):
            years, name = part[1:].split("]")
            first, last = years.split("-")
            yield name, int(first or 0), int(last or _NOW)
        else:
            yield part, 0, _NOW


def city_name(division: str) -> str:
    """Tell what a city (``440100``) is called now; empty for what is no city."""
    for rest, text in _lines(division[:2]):
        if division[2:] == rest:
            for name, _, last in _periods(text):
                if last == _NOW and name[-1] in "市州区盟" and name != "市辖区":
                    return name
    return ""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a resident ID number says: who was registered where, born when."""

    resident_id: str
    division: str
    birth: date


class Identities:
    """Deals out resident ID numbers of one province: another for each index.

    A pool of all (county, year, block) in which the county's code was valid in
    the year; years of large cohorts have more blocks. The index is scattered
    over the pool by a multiplication that is one to one, so no number is dealt
    twice and no list of dealt numbers is needed.
    """

    def __init__(self, province: str, last_birth_year: int, offset: int) -> None:
        # A code that passed from one county to another may be valid twice in the
        # year of the change: a set keeps it from being dealt twice.
        valid = {
            (county.code, year)
            for county in counties(province)
            for year in range(FIRST_BIRTH_YEAR, last_birth_year + 1)
            if county.first <= year <= county.last
        }
        self._cells = [
            (code, year, (block + int(code)) % _MOST_BLOCKS)
            for code, year in sorted(valid)
            for block in range(_cohort(year))
        ]
        self._size = len(self._cells) * _DAYS * _NUMBERS
        self._offset = offset

    def deal(self, index: int, *, male: bool) -> Identity:
        """Make the identity of an index; ``male`` decides the sequence digit."""
        slot = (index * _STRIDE + self._offset) % self._size
        slot, number = divmod(slot, _NUMBERS)
        cell, day = divmod(slot, _DAYS)
        code, year, block = self._cells[cell]
        birth = date(year, 1, 1) + timedelta(days=day)
        sequence = 2 * (block * _NUMBERS + number) + (1 if male else 2)
        body = f"{code}{birth:%Y%m%d}{sequence:03d}"
        return Identity(body + ric.calc_check_digit(body + "0"), code, birth)


def _cohort(year: int) -> int:
    """How large a cohort is among those who work away, in blocks."""
    match year:
        case _ if year < 1966:  # noqa: PLR2004
            return 1
        case _ if 1968 <= year <= 1992:  # noqa: PLR2004
            return 5
        case _ if year <= 2000:  # noqa: PLR2004
            return 4
        case _:
            return 2


def seats(province: str, until: int) -> list[County]:
    """List the counties whose code held from ``SEATS_SINCE`` until a year."""
    return [
        county
        for county in counties(province)
        if county.first <= SEATS_SINCE and county.last >= until
    ]


def old_form(resident_id: str) -> str:
    """Write a number as the 15 digits that were issued until 1999."""
    return resident_id[:6] + resident_id[8:17]
