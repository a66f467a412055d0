"""Value: the types of the province contract, over the province's own tables.

What each field means, in both languages and with its source, stands in
``schema/province.graphql``; a test holds the two together.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NewType

import strawberry

from deploy.demo.province import tables
from deploy.demo.province.codes import (
    CaseMatter,
    CaseStatus,
    DispatchSide,
    EmploymentForm,
    HardshipStatus,
    HouseholdKind,
    JoinChannel,
    MembershipState,
    OccupationGroup,
    OrganisationKind,
    Sector,
    Sex,
    SkillLevel,
)
from deploy.demo.province.reading import Reading

if TYPE_CHECKING:
    from deploy.demo.province.reading import Row

#: An amount in yuan, as text so that no cent is lost.
Yuan = NewType("Yuan", str)

Info = strawberry.Info[Reading, None]


@strawberry.type
class Membership:
    """One membership, at one union, over one period."""

    id: strawberry.ID
    as_of: datetime
    membership_no: str | None
    union_code: str | None
    union_name: str | None
    union_division: str | None
    organisation_kind: OrganisationKind | None
    state: MembershipState | None
    join_channel: JoinChannel | None
    joined_on: date | None
    since: date | None
    until: date | None
    source_enrolled: bool | None
    dispatch_side: DispatchSide | None
    sector: Sector | None
    occupation_group: OccupationGroup | None
    seasonal: bool | None
    registered_out_on: date | None
    registered_in_on: date | None
    counterpart_province: str | None


@strawberry.type
class RightsCase:
    """One rights case."""

    id: strawberry.ID
    as_of: datetime
    case_no: str | None
    matter: CaseMatter | None
    status: CaseStatus | None
    first_touch_on: date | None
    accepted_on: date | None
    due_on: date | None
    closed_on: date | None
    result: str | None
    lead_union_code: str | None
    lead_union_name: str | None
    lead_province: str | None
    employer_code: str | None
    employer_name: str | None
    workplace_division: str | None
    workers_involved: int | None
    amount: Yuan | None
    green_channel: bool | None
    summary: str | None


@strawberry.type
class Skill:
    """One certified skill."""

    id: strawberry.ID
    as_of: datetime
    occupation_code: str | None
    occupation_name: str | None
    level: SkillLevel | None
    certificate_no: str | None
    issuer: str | None
    issued_on: date | None
    valid_until: date | None


@strawberry.type
class Training:
    """One course that the worker took."""

    id: strawberry.ID
    as_of: datetime
    course: str | None
    provider: str | None
    hours: int | None
    started_on: date | None
    finished_on: date | None
    passed: bool | None
    certificate_no: str | None
    subsidised: bool | None


@strawberry.type
class Employment:
    """One job of a worker."""

    id: strawberry.ID
    as_of: datetime
    employer_code: str | None
    employer_name: str | None
    employer_division: str | None
    workplace_division: str | None
    user_unit_code: str | None
    user_unit_name: str | None
    sector: Sector | None
    position: str | None
    form: EmploymentForm | None
    started_on: date | None
    ended_on: date | None
    contract_no: str | None


@strawberry.type
class Aid:
    """One aid that was given, from the ledger of a hardship file."""

    programme: str | None
    period: str | None
    amount: Yuan | None
    given_on: date | None
    given_by: str | None


@strawberry.type
class HardshipFile:
    """The hardship file of a household."""

    id: strawberry.ID
    as_of: datetime
    household_key: str | None
    status: HardshipStatus | None
    category: str | None
    opened_on: date | None
    opened_by: str | None
    closed_on: date | None
    income_per_head: Yuan | None
    household_size: int | None
    plan: str | None
    aids: list[Aid] | None


@strawberry.federation.type(keys=["localId"])
class Worker:
    """A worker as this province knows them, with the rows it keeps of them."""

    local_id: strawberry.ID
    as_of: datetime
    name: str | None
    sex: Sex | None
    birth_date: date | None
    education: str | None
    household_division: str | None
    household_kind: HouseholdKind | None
    residence_division: str | None
    phone: str | None

    @strawberry.field
    async def memberships(self, info: Info) -> list[Membership] | None:
        """Read the memberships."""
        rows = await info.context.rows(tables.MEMBERSHIP, self.local_id)
        return [Membership(**row) for row in rows]

    @strawberry.field
    async def rights_cases(self, info: Info) -> list[RightsCase] | None:
        """Read the rights cases."""
        rows = await info.context.rows(tables.RIGHTS_CASE, self.local_id)
        return [RightsCase(**row) for row in rows]

    @strawberry.field
    async def skills(self, info: Info) -> list[Skill] | None:
        """Read the certified skills."""
        rows = await info.context.rows(tables.SKILL, self.local_id)
        return [Skill(**row) for row in rows]

    @strawberry.field
    async def trainings(self, info: Info) -> list[Training] | None:
        """Read the courses."""
        rows = await info.context.rows(tables.TRAINING, self.local_id)
        return [Training(**row) for row in rows]

    @strawberry.field
    async def employments(self, info: Info) -> list[Employment] | None:
        """Read the employment history."""
        rows = await info.context.rows(tables.EMPLOYMENT, self.local_id)
        return [Employment(**row) for row in rows]

    @strawberry.field
    async def hardship_files(self, info: Info) -> list[HardshipFile] | None:
        """Read the hardship files, each with its ledger."""
        rows = await info.context.rows(tables.HARDSHIP_FILE, self.local_id)
        return [HardshipFile(**{**row, "aids": _ledger(row)}) for row in rows]


def _ledger(row: Row) -> list[Aid] | None:
    aids: list[dict[str, Any]] | None = row["aids"]
    if aids is None:
        return None
    return [Aid(**{**aid, "given_on": _day(aid["given_on"])}) for aid in aids]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@strawberry.type
class Contract:
    """The contract as this province serves it."""

    version: str
    province: str
    kinds: list[str]
    as_of: datetime
