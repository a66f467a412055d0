"""Decider: the certificates and courses of a life, as the provinces tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from deploy.demo.population.shares import (
    NAMES_ZH,
    OCCUPATIONS,
    Draw,
    between,
    chance,
    one_of,
)
from deploy.demo.population.teller import day
from schema.records.skill import SkillLevel, SkillRecord, TrainingRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.demo.population.facts import Certificate, Course
    from deploy.demo.population.teller import Teller

_LEVEL = Draw[SkillLevel](
    {
        SkillLevel.PRIMARY: 40,
        SkillLevel.INTERMEDIATE: 36,
        SkillLevel.ADVANCED: 18,
        SkillLevel.TECHNICIAN: 5,
        SkillLevel.SENIOR_TECHNICIAN: 1,
    }
)
_COURSES = ("岗前安全培训", "技能提升班", "职业资格考前班", "劳动法律知识班")


def skills(teller: Teller) -> Iterator[tuple[str, SkillRecord]]:
    """Tell every certificate, in each province that registered it."""
    for number, certificate in enumerate(teller.life.certificates):
        row = _skill(teller, number, certificate)
        yield certificate.told_in[0], row
        for other in certificate.told_in[1:]:
            yield other, _copied(teller, number, other, certificate, row)


def _skill(teller: Teller, number: int, certificate: Certificate) -> SkillRecord:
    rng, province = teller.rng, certificate.told_in[0]
    code, name = one_of(rng, OCCUPATIONS[certificate.sector])
    lasts = chance(rng, 0.2)
    return SkillRecord(
        id=teller.row_id(province, "S", number),
        as_of=teller.as_of(certificate.issued, living=False),
        occupation_code=code,
        occupation_name=name,
        level=_LEVEL(rng),
        certificate_no=_certificate_no(teller, number, certificate),
        issuer=f"{NAMES_ZH[province]}省职业技能鉴定中心",
        issued_on=day(certificate.issued),
        valid_until=day(certificate.issued + 2190) if lasts else None,
    )


def _copied(
    teller: Teller, number: int, other: str, certificate: Certificate, row: SkillRecord
) -> SkillRecord:
    """Tell a certificate as copied from paper: sometimes with another level."""
    level = _LEVEL(teller.rng) if chance(teller.rng, 0.15) else row.level
    return msgspec.structs.replace(
        row,
        id=teller.row_id(other, "S", number),
        as_of=teller.as_of(certificate.issued, living=False),
        level=level,
        issuer=None if chance(teller.rng, 0.3) else row.issuer,
    )


def trainings(teller: Teller) -> Iterator[tuple[str, TrainingRecord]]:
    """Tell every course."""
    for number, course in enumerate(teller.life.courses):
        yield course.province, _training(teller, number, course)


def _training(teller: Teller, number: int, course: Course) -> TrainingRecord:
    rng, reference = teller.rng, teller.world.reference
    finished = course.started + between(rng, 1, 60)
    runs = finished > reference
    passed = None if runs else chance(rng, 0.9)
    return TrainingRecord(
        id=teller.row_id(course.province, "T", number),
        as_of=teller.as_of(course.started if runs else finished, living=runs),
        course=one_of(rng, _COURSES),
        provider=f"{NAMES_ZH[course.province]}省职工技能培训学校",
        hours=8 * between(rng, 1, 20),
        started_on=day(course.started),
        finished_on=None if runs else day(finished),
        passed=passed,
        certificate_no=_led_to(teller, course) if passed else None,
        subsidised=chance(rng, 0.6),
    )


def _led_to(teller: Teller, course: Course) -> str | None:
    """Tell which certificate a course led to: one of the same trade and place."""
    for number, certificate in enumerate(teller.life.certificates):
        if (certificate.sector, certificate.told_in[0]) == (
            course.sector,
            course.province,
        ):
            return _certificate_no(teller, number, certificate)
    return None


def _certificate_no(teller: Teller, number: int, certificate: Certificate) -> str:
    return f"ZS{certificate.told_in[0]}-{teller.life.index:08d}-{number}"
