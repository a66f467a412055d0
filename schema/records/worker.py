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
    name: Text | None | UnsetType = UNSET
    sex: Sex | None | UnsetType = UNSET
    birth_date: date | None | UnsetType = UNSET
    education: Text | None | UnsetType = UNSET
    household_division: Code | None | UnsetType = UNSET
    household_kind: HouseholdKind | None | UnsetType = UNSET
    residence_division: Code | None | UnsetType = UNSET
    phone: Code | None | UnsetType = UNSET
    memberships: tuple[MembershipRecord, ...] | None | UnsetType = UNSET
    rights_cases: tuple[RightsCaseRecord, ...] | None | UnsetType = UNSET
    skills: tuple[SkillRecord, ...] | None | UnsetType = UNSET
    trainings: tuple[TrainingRecord, ...] | None | UnsetType = UNSET
    employments: tuple[EmploymentRecord, ...] | None | UnsetType = UNSET
    hardship_files: tuple[HardshipFileRecord, ...] | None | UnsetType = UNSET

    def __repr__(self) -> str:
        """Show the key only: records hold personal data, and logs show reprs."""
        return f"WorkerRecord(local_id={self.local_id!r})"
