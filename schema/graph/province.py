"""View: how the provinces do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from schema.graph.provenance import FaultCode, Info, RecordKindEnum
from schema.graph.view import describe
from schema.records.province import ProvinceState

ProvinceStateEnum: Any = describe(
    ProvinceState,
    "省级系统的状态。 How a province's system does.",
    {
        "ANSWERING": "最近一次有答复。 It answered when last asked.",
        "FAILING": "最近一次未能答复。 It failed when last asked.",
        "SUSPENDED": "连续失败，暂停查询（熔断）。 Not asked just now: it failed too often.",
        "PAUSED": "由枢纽管理员暂停。 Paused by the hub's operator.",
        "UNKNOWN": "尚未查询过。 Not asked yet.",
    },
)


@strawberry.type(description="一个接入的省。 A province that is connected to the hub.")
class Province:
    code: str = strawberry.field(
        description="省级代码（GB/T 2260 前两位）。 Code of the province (GB/T 2260)."
    )
    state: ProvinceStateEnum = strawberry.field(description="现状。 How it does now.")
    contract_version: str | None = strawberry.field(
        description="所提供的契约版本；空表示尚未问到。 Contract version that it serves; null: not known yet."
    )
    kinds: list[RecordKindEnum] = strawberry.field(
        description="所提供的行的种类。 Which kinds of rows it serves."
    )
    last_answer_at: datetime | None = strawberry.field(
        description="最近一次答复的时刻。 When it last answered."
    )
    last_fault: FaultCode | None = strawberry.field(
        description="最近一次失败的原因。 Why it last failed."
    )
    last_fault_at: datetime | None = strawberry.field(
        description="最近一次失败的时刻。 When it last failed."
    )
    median_latency_ms: float | None = strawberry.field(
        description="近期答复时间的中位数，毫秒。 Median time of its recent answers, in milliseconds."
    )

    @strawberry.field(description="名称（按 Accept-Language）。 Its name.")
    def name(self: Any, info: Info) -> str:
        return info.context.say(self.name)
