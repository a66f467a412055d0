"""Decider: cases, certificates, courses and hardship along a life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.demo.population.shares import (
    MATTER,
    OPEN_STATUS,
    Draw,
    between,
    chance,
    one_of,
)
from schema.records.rights_case import CaseStatus

if TYPE_CHECKING:
    from random import Random

    from deploy.demo.population.stint import Stint
    from schema.records.rights_case import CaseMatter

_ENDED = Draw[CaseStatus](
    {CaseStatus.CLOSED: 60, CaseStatus.SETTLED: 32, CaseStatus.WITHDRAWN: 8}
)


@dataclass(frozen=True, slots=True)
class Case:
    """A rights case. Days are ordinals.

    Attributes:
        stint: Place of the stint whose employer it is about.
        matter: What about.
        status: How far the lead is.
        lead: Province of the LEAD, where the work is done (002 §10).
        follower: Province that follows; may be empty.
        behind: The follower has not heard the latest.
        first_touch: When any union first heard of it.
        ended: When it ended; none while it is open.
    """

    stint: int
    matter: CaseMatter
    status: CaseStatus
    lead: str
    follower: str
    behind: bool
    first_touch: int
    ended: int | None

    @property
    def told_in(self) -> tuple[str, ...]:
        """The provinces that tell it, the lead first."""
        return (self.lead, self.follower) if self.follower else (self.lead,)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certified skill: the sector it is of, when issued, and who tells it."""

    sector: str
    issued: int
    told_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course: in which sector and province, and when it began."""

    sector: str
    province: str
    started: int


@dataclass(frozen=True, slots=True)
class Household:
    """A hardship file: when opened, and the provinces that keep one."""

    opened: int
    ended: int | None
    told_in: tuple[str, ...]


def cases(
    rng: Random, home: str, stints: tuple[Stint, ...], reference: int
) -> tuple[Case, ...]:
    """Draw the rights cases of a life; most often where the work is away."""
    found = []
    for place, stint in enumerate(stints):
        share = 0.16 if stint.province != home else 0.06
        if stint.job and chance(rng, share):
            found.append(_case(rng, home, place, stints, reference=reference))
    return tuple(found)


def _case(
    rng: Random, home: str, place: int, stints: tuple[Stint, ...], *, reference: int
) -> Case:
    stint = stints[place]
    end = stint.end or reference - 3
    recent = stint.end is None and chance(rng, 0.5)
    low = max(stint.start, reference - 240) if recent else stint.start
    touched = between(rng, low, end)
    still_open = chance(rng, 0.75 if reference - touched < 240 else 0.04)  # noqa: PLR2004
    ended = None
    if not still_open:
        ended = min(reference, touched + between(rng, 6, 200))
    others = _others(stints, stint.province)
    follower = ""
    if home in others and chance(rng, 0.6):
        follower = home
    elif others and chance(rng, 0.15):
        follower = one_of(rng, others)
    return Case(
        place,
        MATTER(rng),
        OPEN_STATUS(rng) if still_open else _ENDED(rng),
        stint.province,
        follower,
        chance(rng, 0.45),
        touched,
        ended,
    )


def _others(stints: tuple[Stint, ...], province: str) -> list[str]:
    """List the other provinces of a life, in the order of meeting."""
    places = dict.fromkeys(stint.province for stint in stints)
    return [place for place in places if place != province]


def certificates(rng: Random, stints: tuple[Stint, ...]) -> tuple[Certificate, ...]:
    """Draw the certificates of a life; some are told by two provinces."""
    found = []
    for stint in stints:
        if stint.job and stint.sector != "OTHER" and chance(rng, 0.22):
            others = _others(stints, stint.province)
            told: tuple[str, ...] = (stint.province,)
            if others and chance(rng, 0.4):
                told = (stint.province, one_of(rng, others))
            found.append(Certificate(stint.sector, stint.start, told))
    return tuple(found)


def courses(
    rng: Random, stints: tuple[Stint, ...], reference: int
) -> tuple[Course, ...]:
    """Draw the courses of a life."""
    found = []
    for stint in stints:
        if chance(rng, 0.2):
            started = between(rng, stint.start, stint.end or reference - 1)
            found.append(Course(stint.sector, stint.province, started))
    return tuple(found)


def household(
    rng: Random, home: str, stints: tuple[Stint, ...], reference: int
) -> Household | None:
    """Draw whether a household is in need; two provinces may both have found out."""
    if not chance(rng, 0.05):
        return None
    known: dict[str, int] = {}
    for stint in stints:
        known.setdefault(stint.province, stint.start)
    first = home if home in known else stints[-1].province
    others = [province for province in known if province != first]
    told = (first, one_of(rng, others)) if others and chance(rng, 0.4) else (first,)
    opened = max(
        reference - between(rng, 60, 1800), *(known[province] for province in told), 0
    )
    ended = between(rng, opened + 30, reference) if chance(rng, 0.4) else reference
    return Household(opened, ended if ended < reference else None, told)
