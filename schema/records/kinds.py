"""Value: the registry of kinds. A new kind of federated record is one line here.

Each line says which record holds the kind, under which field of a worker its
rows stand, by which field two provinces' rows are known to be the same row,
and to which field class each field belongs (the policy judges classes).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from schema.records.employment import EmploymentRecord
from schema.records.hardship import HardshipFileRecord
from schema.records.membership import MembershipRecord
from schema.records.rights_case import RightsCaseRecord
from schema.records.skill import SkillRecord, TrainingRecord
from schema.records.worker import WorkerRecord

if TYPE_CHECKING:
    from collections.abc import Mapping


class RecordKind(StrEnum):
    """Which kind of row."""

    WORKER = "WORKER"
    MEMBERSHIP = "MEMBERSHIP"
    RIGHTS_CASE = "RIGHTS_CASE"
    SKILL = "SKILL"
    TRAINING = "TRAINING"
    EMPLOYMENT = "EMPLOYMENT"
    HARDSHIP_FILE = "HARDSHIP_FILE"


class FieldClass(StrEnum):
    """What the policy judges: fields of one class are seen or withheld alike."""

    #: That the worker exists and which provinces know them.
    EXISTENCE = "EXISTENCE"
    IDENTITY = "IDENTITY"
    CONTACT = "CONTACT"
    MEMBERSHIP = "MEMBERSHIP"
    EMPLOYMENT = "EMPLOYMENT"
    SKILL = "SKILL"
    #: Milestones, dates and the result of a rights case: what a FOLLOWER sees.
    CASE_MILESTONE = "CASE_MILESTONE"
    #: What happened, who is accused, how much: for LEAD and CO_HANDLER.
    CASE_CONTENT = "CASE_CONTENT"
    HARDSHIP = "HARDSHIP"
    #: Sensitive (PIPL 28): income and plan of a household, its aid.
    HARDSHIP_DETAIL = "HARDSHIP_DETAIL"


class Kind(msgspec.Struct, frozen=True):
    """One line of the registry.

    Attributes:
        kind: Its name.
        record: The record that holds a row of it.
        rows: Name of the field of ``WorkerRecord`` where its rows stand; empty
            for the worker's own fields.
        same_by: The field by which rows of two provinces are the same row;
            empty where every row is a row of its own.
        field_class: Class of its fields but for the exceptions.
        exceptions: Class of the fields that differ, by field name.
    """

    kind: RecordKind
    record: type[msgspec.Struct]
    rows: str
    same_by: str
    field_class: FieldClass
    exceptions: Mapping[str, FieldClass]

    def class_of(self, field: str) -> FieldClass:
        """Tell the class of a field of this kind."""
        return self.exceptions.get(field, self.field_class)

    @property
    def fields(self) -> frozenset[str]:
        """The fields a caller can select, by their Python names."""
        return frozenset(self.record.__struct_fields__) - _ALWAYS - _ROWS


def _all(field_class: FieldClass, *fields: str) -> dict[str, FieldClass]:
    return dict.fromkeys(fields, field_class)


#: Told with every row, asked for or not: a row without a name or a date is
#: not a row.
_ALWAYS = frozenset({"id", "as_of", "local_id"})

KINDS: Mapping[RecordKind, Kind] = {
    line.kind: line
    for line in (
        Kind(RecordKind.WORKER, WorkerRecord, "", "", FieldClass.IDENTITY,
             _all(FieldClass.CONTACT, "phone", "residence_division")),
        Kind(RecordKind.MEMBERSHIP, MembershipRecord, "memberships", "",
             FieldClass.MEMBERSHIP, _all(FieldClass.IDENTITY, "membership_no")),
        Kind(RecordKind.RIGHTS_CASE, RightsCaseRecord, "rights_cases", "case_no",
             FieldClass.CASE_MILESTONE,
             _all(FieldClass.CASE_CONTENT, "summary", "amount", "employer_code",
                  "employer_name", "workers_involved")),
        Kind(RecordKind.SKILL, SkillRecord, "skills", "certificate_no",
             FieldClass.SKILL, {}),
        Kind(RecordKind.TRAINING, TrainingRecord, "trainings", "",
             FieldClass.SKILL, {}),
        Kind(RecordKind.EMPLOYMENT, EmploymentRecord, "employments", "contract_no",
             FieldClass.EMPLOYMENT, {}),
        Kind(RecordKind.HARDSHIP_FILE, HardshipFileRecord, "hardship_files",
             "household_key", FieldClass.HARDSHIP,
             _all(FieldClass.HARDSHIP_DETAIL, "income_per_head", "plan", "aids")),
    )
}  # fmt: skip

_ROWS = frozenset(line.rows for line in KINDS.values() if line.rows)

#: The kinds that have rows of their own, in the order of the registry.
ROW_KINDS = tuple(line for line in KINDS.values() if line.rows)
