"""Value: what is at hand while the provinces tell one life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from deploy.demo.population.shares import POSITIONS, between, chance, one_of

if TYPE_CHECKING:
    from random import Random

    from deploy.demo.population.life import Life
    from deploy.demo.population.organisations import Organisation
    from deploy.demo.population.stint import Stint
    from deploy.demo.population.world import World

#: Beijing time.
_ZONE = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Work:
    """Whom a worker worked for during a stint.

    Attributes:
        employer: For a dispatched worker, the agency.
        user_unit: For a dispatched worker, where the work is done.
        position: What they do.
        group: One of the eight groups; empty if none.
    """

    employer: Organisation
    user_unit: Organisation | None
    position: str
    group: str


@dataclass(frozen=True, slots=True)
class Teller:
    """One life, about to be told.

    Attributes:
        world: What everything is drawn from.
        life: What happened.
        rng: For what only the registers add; the life itself is fixed.
        works: Whom the worker worked for, by stint.
    """

    world: World
    life: Life
    rng: Random
    works: tuple[Work, ...]

    def as_of(self, event: int, *, living: bool) -> datetime:
        """Draw when a province last knew a row to be true.

        Args:
            event: The last day of which the row tells.
            living: Whether the row still changes, so that it was looked at lately.
        """
        reference = self.world.reference
        if living:
            day = max(event, reference - between(self.rng, 0, 75))
        else:
            day = between(self.rng, event, min(reference, event + 700))
        return self.as_of_day(day)

    def as_of_day(self, day: int) -> datetime:
        """Draw a moment in the working hours of a day."""
        moment = time(between(self.rng, 8, 17), between(self.rng, 0, 59), tzinfo=_ZONE)
        return datetime.combine(date.fromordinal(day), moment)

    def row_id(self, province: str, letter: str, number: int) -> str:
        """Name a row in a province."""
        return f"{self.world.local_id(province, self.life.index)}/{letter}{number}"


def day(ordinal: int | None) -> date | None:
    """Make a date of an ordinal."""
    return None if ordinal is None else date.fromordinal(ordinal)


def work(world: World, stint: Stint, rng: Random) -> Work:
    """Draw whom a worker worked for."""
    province = world.provinces[stint.province]
    firm = one_of(rng, province.employers[stint.sector])
    position, group = one_of(rng, POSITIONS[stint.sector])
    if not stint.dispatched:
        return Work(firm, None, position, group)
    if chance(rng, 0.3):
        position, group = one_of(rng, POSITIONS["LABOUR_DISPATCH"])
    return Work(one_of(rng, province.agencies), firm, position, group)
