"""Value: skills and training of a worker, as one province keeps them."""

from __future__ import annotations

from datetime import date

from schema.records.record import UNSET, Code, Count, OpenCode, Record, Text, UnsetType


class SkillLevel(OpenCode):
    """Levels of the national vocational qualification, highest first."""

    SENIOR_TECHNICIAN = "SENIOR_TECHNICIAN"
    TECHNICIAN = "TECHNICIAN"
    ADVANCED = "ADVANCED"
    INTERMEDIATE = "INTERMEDIATE"
    PRIMARY = "PRIMARY"
    OTHER = "OTHER"


class SkillRecord(Record, frozen=True, kw_only=True, rename="camel"):
    """One certified skill.

    Attributes:
        occupation_code: Code of the national occupation list.
        occupation_name: Its name.
        level: Level of the certificate.
        certificate_no: Number of the certificate; the same everywhere.
        issuer: Who issued it.
        issued_on: When.
        valid_until: Until when it holds; none if it does not end.
    """

    occupation_code: Code | UnsetType | None = UNSET
    occupation_name: Text | UnsetType | None = UNSET
    level: SkillLevel | UnsetType | None = UNSET
    certificate_no: Code | UnsetType | None = UNSET
    issuer: Text | UnsetType | None = UNSET
    issued_on: date | UnsetType | None = UNSET
    valid_until: date | UnsetType | None = UNSET


class TrainingRecord(Record, frozen=True, kw_only=True, rename="camel"):
    """One course that the worker took.

    Attributes:
        course: Name of the course.
        provider: Who held it.
        hours: Hours of teaching.
        started_on: First day.
        finished_on: Last day; none while it runs.
        passed: Whether the worker passed; none while it runs.
        certificate_no: The certificate that it led to, if any.
        subsidised: Whether public money paid for it.
    """

    course: Text | UnsetType | None = UNSET
    provider: Text | UnsetType | None = UNSET
    hours: Count | UnsetType | None = UNSET
    started_on: date | UnsetType | None = UNSET
    finished_on: date | UnsetType | None = UNSET
    passed: bool | UnsetType | None = UNSET
    certificate_no: Code | UnsetType | None = UNSET
    subsidised: bool | UnsetType | None = UNSET
