"""Value: one job of a worker, as one province keeps it."""

from __future__ import annotations

from datetime import date

from schema.records.membership import Sector
from schema.records.record import UNSET, Code, OpenCode, Record, Text, UnsetType


class EmploymentForm(OpenCode):
    """On what footing the work is done; a de-facto relation counts (004 三.2)."""

    CONTRACT = "CONTRACT"
    DISPATCH = "DISPATCH"
    DE_FACTO = "DE_FACTO"
    PLATFORM = "PLATFORM"
    SEASONAL = "SEASONAL"
    SELF_EMPLOYED = "SELF_EMPLOYED"
    OTHER = "OTHER"


class EmploymentRecord(Record, frozen=True, kw_only=True, rename="camel"):
    """One job.

    Attributes:
        employer_code: Unified social credit code (GB 32100) of the employer;
            for a dispatched worker, of the agency.
        employer_name: Its name.
        employer_division: Its seat (GB/T 2260).
        workplace_division: Where the work is done (GB/T 2260).
        user_unit_code: For a dispatched worker, the user unit (用工单位).
        user_unit_name: Its name.
        sector: Sector of the work.
        position: What the worker does there.
        form: On what footing.
        started_on: First day.
        ended_on: Last day; none while it lasts.
        contract_no: Filing number of the labour contract, if any.
    """

    employer_code: Code | UnsetType | None = UNSET
    employer_name: Text | UnsetType | None = UNSET
    employer_division: Code | UnsetType | None = UNSET
    workplace_division: Code | UnsetType | None = UNSET
    user_unit_code: Code | UnsetType | None = UNSET
    user_unit_name: Text | UnsetType | None = UNSET
    sector: Sector | UnsetType | None = UNSET
    position: Text | UnsetType | None = UNSET
    form: EmploymentForm | UnsetType | None = UNSET
    started_on: date | UnsetType | None = UNSET
    ended_on: date | UnsetType | None = UNSET
    contract_no: Code | UnsetType | None = UNSET
