"""Itinerary: the fixed part of the population, made once: names, firms, unions."""

from __future__ import annotations

from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from deploy.demo.population.life import live
from deploy.demo.population.local_ids import LocalIds
from deploy.demo.population.names import Names
from deploy.demo.population.organisations import Province
from deploy.demo.population.places import Identities
from deploy.demo.population.shares import PROVINCES

if TYPE_CHECKING:
    from datetime import date

    from deploy.demo.population.life import Life

#: A worker is of age when registered.
_OF_AGE = 18


class World:
    """Everything that lives are drawn from.

    Attributes:
        seed: The same seed makes the same population.
        reference: The day that is today for it, as an ordinal.
        identities: Where ID numbers come from, by province.
        local_ids: How each province names its workers.
    """

    def __init__(self, seed: int, reference: date) -> None:
        self.seed = seed
        self.reference = reference.toordinal()
        self._year = reference.year
        rng = Random(f"{seed}/identities")
        self.identities = {
            code: Identities(code, reference.year - _OF_AGE - 1, rng.randrange(10**9))
            for code in PROVINCES
        }
        self.local_ids = {
            code: LocalIds(code, rng.randrange(10**8)) for code in PROVINCES
        }

    @cached_property
    def names(self) -> Names:
        """Pools of names."""
        return Names(self.seed)

    @cached_property
    def provinces(self) -> dict[str, Province]:
        """Employers and unions of each province."""
        return {
            code: Province(code, self.seed, self.names, self._year)
            for code in PROVINCES
        }

    def life(self, index: int) -> Life:
        """Tell the life of a worker."""
        return live(self.seed, index, self.reference, self.identities)

    def local_id(self, province: str, index: int) -> str:
        """Tell how a province names a worker."""
        return self.local_ids[province].of(index)
