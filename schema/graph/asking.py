"""View: how a question names a worker, and why it is asked."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.graph.partners import PERSONAL
from schema.graph.view import describe
from schema.records import purpose
from schema.records.keys import LocalKey, ProvinceCode, WorkerId
from schema.records.wanted import ById, ByLocalKey, ByNumber, WorkerBy

PurposeOfUse: Any = describe(
    purpose.PurposeOfUse,
    "查询目的；每次必填，并记入审计。 Why somebody asks; required, and recorded.",
    {
        "MEMBERSHIP_SERVICE": "会籍接转与会员服务。 Joining, transferring and keeping a membership.",
        "RIGHTS_PROTECTION": "维权。 Taking in, routing and handling a rights case.",
        "HARDSHIP_AID": "困难帮扶。 Opening and serving a hardship file.",
        "SKILLS_EMPLOYMENT": "技能培训与就业服务。 Training, certificates, finding work.",
        "SUPERVISION": "督查审计。 Inspection and audit.",
        "OWN_FILE": "本人查阅。 The worker's own file (PIPL 45).",
    },
)


@strawberry.input(description="职工在某省的名称。 A worker's name in one province.")
class LocalKeyInput:
    province: str = strawberry.field(
        description="省级代码（GB/T 2260 前两位）。 Code of the province."
    )
    local_id: str = strawberry.field(
        description="该省系统中的名称。 The name in its system."
    )


@strawberry.input(
    name="WorkerBy",
    one_of=True,
    description="以何查找：恰好给出一项。 By what a worker is sought: give exactly one.",
)
class WorkerByInput:
    resident_id: strawberry.Maybe[str] = strawberry.field(
        directives=PERSONAL,
        description="居民身份号码，18 位或 15 位；不予存储。 The resident ID number, 18 or 15 digits; it is not stored.",
    )
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="枢纽中的名称。 The hub's name of the person."
    )
    local: strawberry.Maybe[LocalKeyInput] = strawberry.field(
        description="某省中的名称。 The name in one province."
    )


def sought(by: WorkerByInput) -> WorkerBy:
    """Turn the input into the value; GraphQL has made sure that one is given."""
    if by.resident_id is not None:
        return ByNumber(by.resident_id.value)
    if by.id is not None:
        return ById(WorkerId(by.id.value))
    if by.local is None:
        raise AssertionError("@oneOf lets exactly one through")
    local = by.local.value
    return ByLocalKey(LocalKey(ProvinceCode(local.province), local.local_id))
