"""Decider: what happens to one worker, before anybody registers it.

A life depends on the seed, the reference date and the worker's index, and on
nothing else: any part of the population can be made alone, in any order. Days
are ordinals (``date.toordinal``), which is quicker to reckon with.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from deploy.demo.population.facts import cases, certificates, courses, household
from deploy.demo.population.joining import joins
from deploy.demo.population.shares import (
    CORRIDOR,
    HOME,
    HOW_MANY,
    NOT_KEPT,
    SECTOR,
    between,
    chance,
    one_of,
)
from deploy.demo.population.stint import Stint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.demo.population.facts import Case, Certificate, Course, Household
    from deploy.demo.population.joining import Join
    from deploy.demo.population.places import Identities, Identity

#: Days of sixteen years, the youngest age at which one may work.
SIXTEEN_YEARS = 5844

#: Days that registers reach back.
_REACH = 9000


@dataclass(frozen=True, slots=True)
class Life:
    """What happened to one worker.

    Attributes:
        index: Which worker.
        home: Province of household registration.
        male: Sex, which is also in the number.
        identity: The number and what it says.
        stints: Where they worked or waited, in order.
        joins: Memberships, in order.
        cases: Rights cases.
        certificates: Certified skills.
        courses: Training.
        household: The hardship file of their household, if any.
    """

    index: int
    home: str
    male: bool
    identity: Identity
    stints: tuple[Stint, ...]
    joins: tuple[Join, ...]
    cases: tuple[Case, ...]
    certificates: tuple[Certificate, ...]
    courses: tuple[Course, ...]
    household: Household | None

    @property
    def provinces(self) -> tuple[str, ...]:
        """The provinces that know the worker, in the order of meeting."""
        return tuple(dict.fromkeys(stint.province for stint in self.stints))

    def kinds(self, province: str) -> frozenset[str]:
        """Which kinds of rows a province keeps of the worker."""
        found = {"WORKER"}
        found.update(
            kind
            for kind, places in (
                ("MEMBERSHIP", [join.province for join in self.joins]),
                ("EMPLOYMENT", [p for s in self.stints for p in s.told_in]),
                ("RIGHTS_CASE", [p for case in self.cases for p in case.told_in]),
                ("SKILL", [p for each in self.certificates for p in each.told_in]),
                ("TRAINING", [course.province for course in self.courses]),
                ("HARDSHIP_FILE", self.household.told_in if self.household else ()),
            )
            if province in places
        )
        return frozenset(found - NOT_KEPT[province])


def live(
    seed: int, index: int, reference: int, identities: Mapping[str, Identities]
) -> Life:
    """Make one life.

    Args:
        seed: Of the population.
        index: Which worker.
        reference: The day that is today, as an ordinal.
        identities: Where ID numbers come from, by province.
    """
    rng = Random((seed << 40) + (index << 1))
    home = HOME(rng)
    male = chance(rng, 0.62)
    identity = identities[home].deal(index, male=male)
    adult = identity.birth.toordinal() + SIXTEEN_YEARS
    begun = max(
        adult + between(rng, 0, 2900), reference - between(rng, _REACH - 2500, _REACH)
    )
    begun = max(adult, min(begun, reference - 400))
    stints = _stints(rng, home, _route(rng, home), begun, reference)
    return Life(
        index,
        home,
        male,
        identity,
        stints,
        joins(rng, home, stints, reference),
        cases(rng, home, stints, reference),
        certificates(rng, stints),
        courses(rng, stints, reference),
        household(rng, home, stints, reference),
    )


def _route(rng: Random, home: str) -> list[str]:
    """Draw the provinces of a life, in order."""
    number = HOW_MANY(rng)
    # Who stays in one province mostly stays at home; who moves was mostly
    # registered at home first, but some left without any union knowing.
    route = [home] if chance(rng, 0.7) else [CORRIDOR[home](rng)]
    while len(set(route)) < number:
        onward = CORRIDOR[route[-1]](rng)
        if onward not in route or chance(rng, 0.1):
            route.append(onward)
    if route[-1] != home and home in route and chance(rng, 0.2):
        route.append(home)  # the return leg (004 二.5)
    return route


def _stints(
    rng: Random, home: str, route: list[str], begun: int, reference: int
) -> tuple[Stint, ...]:
    """Spread the provinces of a life over its years."""
    span = reference - begun
    route = route[: max(1, span // 130)]
    shares = [0.4 + rng.random() for _ in route]
    whole = sum(shares)
    starts = [begun + int(span * sum(shares[:n]) / whole) for n in range(len(route))]
    stints: list[Stint] = []
    for number, (province, start) in enumerate(zip(route, starts, strict=True)):
        last = number == len(route) - 1
        until = reference if last else starts[number + 1] - 1
        end = until - between(rng, 0, min(60, (until - start) // 3))
        seasonal = province != home and chance(rng, 0.07)
        begins = start
        if seasonal and last:
            begins = max(start, reference - between(rng, 30, 120))
        elif seasonal:
            end = min(end, start + between(rng, 60, 150))
        waits = number == 0 and province == home and chance(rng, 0.4)
        first_seen = {each.province for each in stints}
        aside = [p for p in first_seen if p != province]
        stints.append(
            Stint(
                province,
                begins,
                None if last and (seasonal or not chance(rng, 0.08)) else end,
                seasonal=seasonal,
                job=not waits,
                sector=SECTOR(rng),
                dispatched=not waits and chance(rng, 0.12),
                # The province that was left sometimes hears of the contract too.
                also=one_of(rng, sorted(aside)) if aside and chance(rng, 0.15) else "",
            )
        )
    return tuple(stints)
