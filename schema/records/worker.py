"""Value: a worker as one province knows them, with all rows it keeps of them."""

from __future__ import annotations

from datetime import date

import msgspec

from schema.records.employment import EmploymentRecord
from schema.records.hardship import HardshipFileRecord
from schema.records.keys import Moment
from schema.records.membership import MembershipRecord
from schema.records.record import UNSET, Code, OpenCode, Text, UnsetType
from schema.records.rights_case import RightsCaseRecord
from schema.records.skill import SkillRecord, TrainingRecord


class Sex(OpenCode):
    """Sex as registered (GB/T 2261.1)."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    OTHER = "OTHER"


class HouseholdKind(OpenCode):
    """Household registration, a fact that the definitions of 004 三.1 use."""

    RURAL = "RURAL"
    CONVERTED = "CONVERTED"
    URBAN = "URBAN"
    OTHER = "OTHER"


class WorkerRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One worker in one province, and the rows that were asked for.

    Attributes:
        local_id: The worker's name in the province.
        as_of: When the province last knew the person's own fields to be true.
        name: Name as registered there.
        sex: Sex as registered there.
        birth_date: Date of birth.
        education: Highest education, as text.
        household_division: Place of household registration (GB/T 2260).
        household_kind: Kind of household registration.
        residence_division: Where the worker lives now (GB/T 2260).
        phone: Telephone number.
        memberships: Rows of that kind; likewise the following. ``None`` means
            that the province could not tell them this time.
    """

    local_id: Code
    as_of: Moment
    name: Text | UnsetType | None = UNSET
    sex: Sex | UnsetType | None = UNSET
    birth_date: date | UnsetType | None = UNSET
    education: Text | UnsetType | None = UNSET
    household_division: Code | UnsetType | None = UNSET
    household_kind: HouseholdKind | UnsetType | None = UNSET
    residence_division: Code | UnsetType | None = UNSET
    phone: Code | UnsetType | None = UNSET
    memberships: tuple[MembershipRecord, ...] | UnsetType | None = UNSET
    rights_cases: tuple[RightsCaseRecord, ...] | UnsetType | None = UNSET
    skills: tuple[SkillRecord, ...] | UnsetType | None = UNSET
    trainings: tuple[TrainingRecord, ...] | UnsetType | None = UNSET
    employments: tuple[EmploymentRecord, ...] | UnsetType | None = UNSET
    hardship_files: tuple[HardshipFileRecord, ...] | UnsetType | None = UNSET

    def __repr__(self) -> str:
        """Show the key only: records hold personal data, and logs show reprs."""
        return f"WorkerRecord(local_id={self.local_id!r})"
