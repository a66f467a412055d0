"""Itinerary: the links file that the hub imports: who is known where, by which name.

It is the one place where made-up ID numbers meet local ids, because it is what
a province would send. It stays in the demo's own directory.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, TextIO

from deploy.demo.population.places import old_form
from deploy.demo.population.world import World
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy.demo.population.life import Life

#: The day that is today for the demo.
REFERENCE = date(2026, 11, 1)

HEADER = ("resident_id", "province", "local_key", "kinds", "valid_from", "valid_to")

#: Born after this year, nobody was given fifteen digits.
_LAST_OLD_FORM = 1979

#: Days after which a register may strike off who left.
_STRUCK_OFF = 5000


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the file.

    Attributes:
        resident_id: The number as that province wrote it down: mostly 18
            characters, sometimes the old 15, sometimes with a small x.
        province: Which province.
        local_key: How it names the worker.
        kinds: Which kinds of rows it keeps of them.
        valid_from: First day that it knew them.
        valid_to: Last day, where it struck them off; mostly none.
    """

    resident_id: str
    province: str
    local_key: str
    kinds: tuple[RecordKind, ...]
    valid_from: date
    valid_to: date | None

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text, in the order of ``HEADER``."""
        until = self.valid_to.isoformat() if self.valid_to else ""
        return (
            self.resident_id,
            self.province,
            self.local_key,
            "|".join(self.kinds),
            self.valid_from.isoformat(),
            until,
        )


def links(
    size: int, seed: int, reference: date = REFERENCE, limit: int | None = None
) -> Iterator[Link]:
    """Make the links of a population alone, without any database.

    Args:
        size: How many workers; on average each has a little over two links.
        seed: Of the population.
        reference: The day that is today.
        limit: How many links at most.
    """
    world = World(seed, reference)
    found = (
        link for index in range(size) for link in links_of(world, world.life(index))
    )
    return islice(found, limit)


def links_of(world: World, life: Life) -> Iterator[Link]:
    """Make the links of one worker, in the order of meeting."""
    last = life.stints[-1].province
    for province in life.provinces:
        stints = [stint for stint in life.stints if stint.province == province]
        # Oddities come from the index itself: the life has no say in how a
        # clerk wrote the number down.
        odd = (life.index * 7919 + int(province) * 31) % 100
        end = stints[-1].end
        gone = end is not None and end < world.reference - _STRUCK_OFF
        kinds = life.kinds(province)
        yield Link(
            _written(life, odd) if province != last else life.identity.resident_id,
            province,
            world.local_id(province, life.index),
            tuple(kind for kind in RecordKind if kind in kinds),
            date.fromordinal(stints[0].start),
            date.fromordinal(end + 30)
            if end and gone and odd % 20 == 0 and province != last
            else None,
        )


def _written(life: Life, odd: int) -> str:
    number = life.identity.resident_id
    if life.identity.birth.year <= _LAST_OLD_FORM and odd < 6:  # noqa: PLR2004
        return old_form(number)
    return number.lower() if odd % 10 == 7 else number  # noqa: PLR2004


def write_links(file: TextIO, found: Iterable[Link]) -> int:
    """Write a links file, line by line, and tell how many links it holds."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    number = 0
    for number, link in enumerate(found, start=1):  # noqa: B007
        writer.writerow(link.cells)
    return number
