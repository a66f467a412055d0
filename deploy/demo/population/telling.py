"""Itinerary: what each province tells of one life: the worker and the rows."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from deploy.demo.population.names import former, misheard
from deploy.demo.population.shares import NOT_KEPT, Draw, between, chance, one_of
from deploy.demo.population.tell_case import rights_cases
from deploy.demo.population.tell_employment import employments
from deploy.demo.population.tell_hardship import hardship_files
from deploy.demo.population.tell_membership import memberships
from deploy.demo.population.tell_skill import skills, trainings
from deploy.demo.population.teller import Teller, work
from schema.records.worker import HouseholdKind, Sex, WorkerRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from deploy.demo.population.life import Life
    from deploy.demo.population.world import World

#: Each kind that has rows: its field of a worker, and who tells the rows.
_KINDS: tuple[tuple[str, str, Callable[[Teller], Iterator[tuple[str, Any]]]], ...] = (
    ("MEMBERSHIP", "memberships", memberships),
    ("RIGHTS_CASE", "rights_cases", rights_cases),
    ("SKILL", "skills", skills),
    ("TRAINING", "trainings", trainings),
    ("EMPLOYMENT", "employments", employments),
    ("HARDSHIP_FILE", "hardship_files", hardship_files),
)

_SCHOOLS = ("小学", "初中", "高中", "中专", "大专", "本科")
_SCHOOL = Draw[int]({0: 14, 1: 46, 2: 18, 3: 12, 4: 8, 5: 2})
_HOUSEHOLD = Draw[HouseholdKind](
    {HouseholdKind.RURAL: 82, HouseholdKind.CONVERTED: 10, HouseholdKind.URBAN: 8}
)


def tell(world: World, life: Life) -> dict[str, WorkerRecord]:
    """Tell one life.

    Returns:
        What each province that knows the worker would answer if it were asked
        for everything. Kinds that a province does not keep are empty.
    """
    rng = Random((world.seed << 40) + (life.index << 1) + 1)
    works = tuple(work(world, stint, rng) for stint in life.stints)
    teller = Teller(world, life, rng, works)
    rows: dict[str, dict[str, list[Any]]] = {
        province: {field: [] for _, field, _ in _KINDS} for province in life.provinces
    }
    for kind, field, told in _KINDS:
        for province, row in told(teller):
            if kind not in NOT_KEPT[province]:
                rows[province][field].append(row)
    persons = _persons(teller)
    return {
        province: msgspec.structs.replace(
            persons[province], **{field: tuple(some) for field, some in of.items()}
        )
        for province, of in rows.items()
    }


def _persons(teller: Teller) -> dict[str, WorkerRecord]:
    """Tell the person as each province registered them: not always alike."""
    rng, life, world = teller.rng, teller.life, teller.world
    name = world.names.person(rng, male=life.male)
    school = _SCHOOL(rng)
    household = _HOUSEHOLD(rng)
    phone = _phone(rng)
    persons = {}
    for province in reversed(life.provinces):
        stint = next(s for s in reversed(life.stints) if s.province == province)
        here = stint is life.stints[-1]
        place = one_of(rng, world.provinces[province].places).code
        persons[province] = WorkerRecord(
            local_id=world.local_id(province, life.index),
            as_of=teller.as_of(stint.end or stint.start, living=here),
            name=name if here else _registered(teller, name),
            sex=Sex.MALE if life.male else Sex.FEMALE,
            birth_date=life.identity.birth
            if here
            else _misread(rng, life.identity.birth),
            # An older register may know less schooling, another telephone.
            education=_SCHOOLS[max(0, school - (not here and chance(rng, 0.15)))],
            household_division=life.identity.division,
            household_kind=household if here or chance(rng, 0.95) else _HOUSEHOLD(rng),
            residence_division=place,
            phone=phone if here or chance(rng, 0.5) else _phone(rng),
        )
    return persons


def _registered(teller: Teller, name: str) -> str:
    """Write a name as an earlier register did: nearly always the same."""
    rng = teller.rng
    draw = rng.random()
    if draw < 0.08:  # noqa: PLR2004
        return misheard(rng, name)
    if draw < 0.085:  # noqa: PLR2004
        return former(rng, teller.world.names, name, male=teller.life.male)
    return name


def _misread(rng: Random, birth: date) -> date:
    """Get a digit of the day of birth wrong, once in a while."""
    if not chance(rng, 0.008):
        return birth
    return birth.replace(day=birth.day + 1 if birth.day < 28 else birth.day - 1)  # noqa: PLR2004


def _phone(rng: Random) -> str:
    return f"1{one_of(rng, ('38', '50', '59', '77', '86', '99'))}{between(rng, 0, 99_999_999):08d}"
