"""Value: a rights case as one province keeps it (RULEBOOK §3 to §6)."""

from __future__ import annotations

from datetime import date

from schema.records.record import (
    UNSET,
    Code,
    Count,
    OpenCode,
    Record,
    Text,
    UnsetType,
    Yuan,
)


class CaseMatter(OpenCode):
    """What a rights case is about (RULEBOOK §6)."""

    WAGE_ARREARS = "WAGE_ARREARS"
    LABOUR_CONTRACT = "LABOUR_CONTRACT"
    DISMISSAL = "DISMISSAL"
    WORK_INJURY = "WORK_INJURY"
    OCCUPATIONAL_DISEASE = "OCCUPATIONAL_DISEASE"
    SOCIAL_INSURANCE = "SOCIAL_INSURANCE"
    SAFETY = "SAFETY"
    WOMEN_WORKERS = "WOMEN_WORKERS"
    MEDIATION = "MEDIATION"
    LEGAL_AID = "LEGAL_AID"
    HARDSHIP_AID = "HARDSHIP_AID"
    CONSULTATION = "CONSULTATION"
    OTHER = "OTHER"


class CaseStatus(OpenCode):
    """How far a rights case is."""

    INTAKE = "INTAKE"
    ACCEPTED = "ACCEPTED"
    IN_MEDIATION = "IN_MEDIATION"
    IN_ARBITRATION = "IN_ARBITRATION"
    IN_INSPECTION = "IN_INSPECTION"
    IN_COURT = "IN_COURT"
    SETTLED = "SETTLED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    OTHER = "OTHER"


#: A case in one of these states needs nobody's attention any more.
ENDED = frozenset({CaseStatus.SETTLED, CaseStatus.CLOSED, CaseStatus.WITHDRAWN})


class RightsCaseRecord(Record, frozen=True, kw_only=True, rename="camel"):
    """One rights case.

    Attributes:
        case_no: The case number, one and the same everywhere (000: 一站式).
        matter: What it is about.
        status: How far it is.
        first_touch_on: When *any* union first received the request; kept
            through every hand-over, it is legal evidence (RULEBOOK §5).
        accepted_on: When it was accepted.
        due_on: The next date by which something must happen.
        closed_on: When it ended.
        result: How it ended, in a sentence.
        lead_union_code: The union in the LEAD role (主办), by credit code.
        lead_union_name: Its name.
        lead_province: Its province.
        employer_code: Unified social credit code of the employer.
        employer_name: Its name.
        workplace_division: Where the work is done (GB/T 2260).
        workers_involved: How many workers have the same claim.
        amount: What is claimed, in yuan.
        green_channel: On the green channel (绿色通道, 002 §10).
        summary: What happened. Content, so not for a FOLLOWER.
    """

    case_no: Code | UnsetType | None = UNSET
    matter: CaseMatter | UnsetType | None = UNSET
    status: CaseStatus | UnsetType | None = UNSET
    first_touch_on: date | UnsetType | None = UNSET
    accepted_on: date | UnsetType | None = UNSET
    due_on: date | UnsetType | None = UNSET
    closed_on: date | UnsetType | None = UNSET
    result: Text | UnsetType | None = UNSET
    lead_union_code: Code | UnsetType | None = UNSET
    lead_union_name: Text | UnsetType | None = UNSET
    lead_province: Code | UnsetType | None = UNSET
    employer_code: Code | UnsetType | None = UNSET
    employer_name: Text | UnsetType | None = UNSET
    workplace_division: Code | UnsetType | None = UNSET
    workers_involved: Count | UnsetType | None = UNSET
    amount: Yuan | UnsetType | None = UNSET
    green_channel: bool | UnsetType | None = UNSET
    summary: Text | UnsetType | None = UNSET
