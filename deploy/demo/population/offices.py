"""Itinerary: the file of organisations that the hub imports: who is above whom.

The employers' unions and the local ones are the population's; above them stand made-up
offices of county, city and province, ``<division>-01`` each: the officers of the demo
are of the provinces' (``440000-01``, ``510000-01`` …).
"""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING, TextIO

import msgspec

from deploy.demo.population.places import SEATS_SINCE, city_name
from deploy.demo.population.shares import NAMES_ZH
from schema.records.membership import OrganisationKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy.demo.population.organisations import Organisation, Province

HEADER = (
    "code", "name", "province", "division", "kind", "parent", "valid_from",
    "valid_to", "planned_end", "landing",
)  # fmt: skip
_SINCE = date(SEATS_SINCE, 1, 1)
#: Every building site is to be finished in this year.
_SITES_END_IN = 2028
_MONTHS = 12


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the file; its fields are the columns of ``HEADER``."""

    code: str
    name: str
    province: str
    division: str
    kind: str
    parent: str = ""
    valid_from: date = _SINCE
    valid_to: date | None = None
    planned_end: date | None = None
    landing: str = ""


def office(division: str) -> str:
    """Name the office of a division."""
    return f"{division}-01"


def lines(province: Province) -> Iterator[Line]:
    """List all unions of a province, the top first."""
    code, name = province.code, NAMES_ZH[province.code]
    top = f"{code}0000"
    yield _office(code, top, f"{name}省总工会", Kind.PROVINCE, "")
    cities = {
        city: called
        for place in province.places
        if (called := city_name(city := f"{place.code[:4]}00"))
    }
    for city, called in cities.items():
        yield _office(code, city, f"{called}总工会", Kind.CITY, office(top))
    for place in province.places:
        city = f"{place.code[:4]}00"
        above = office(city if city in cities else top)
        yield _office(code, place.code, f"{place.name}总工会", Kind.COUNTY, above)
    yield from _local(province)
    yield from _of_employers(province)


def _office(province: str, division: str, name: str, kind: Kind, parent: str) -> Line:
    return Line(
        code=office(division),
        name=name,
        province=province,
        division=division,
        kind=kind,
        parent=parent,
    )


def _union(union: Organisation, province: str, parent: str) -> Line:
    return Line(
        code=union.code,
        name=union.name,
        province=province,
        division=union.division,
        kind=union.kind,
        parent=parent,
    )


def _townships(province: Province) -> dict[str, str]:
    return {
        union.division: union.code
        for union in province.local_unions
        if union.kind is Kind.TOWNSHIP
    }


def _local(province: Province) -> Iterator[Line]:
    townships = _townships(province)
    for union in province.local_unions:
        village = union.kind is Kind.VILLAGE
        above = townships[union.division] if village else office(union.division)
        yield _union(union, province.code, above)


def _of_employers(province: Province) -> Iterator[Line]:
    townships = _townships(province)
    for number, union in enumerate(province.own_union.values()):
        line = _union(union, province.code, office(union.division))
        if union.kind is Kind.PROJECT_UNION:
            line = msgspec.structs.replace(
                line,
                planned_end=date(_SITES_END_IN, 1 + number % _MONTHS, 28),
                landing=townships[union.division],
            )
        yield line


def write_organisations(file: TextIO, provinces: Iterable[Province]) -> int:
    """Write the file of organisations, and tell how many it holds."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    number = 0
    for province in provinces:
        for line in lines(province):
            number += 1
            writer.writerow(getattr(line, name) for name in HEADER)
    return number
