"""View: what can be asked."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.graph.arrears_asking import ArrearsQuery
from schema.graph.asking import PurposeOfUse, WorkerByInput, sought
from schema.graph.case_query import CaseQuery
from schema.graph.cooperation import CooperationQuery
from schema.graph.digest import DigestQuery
from schema.graph.moving_query import MovingQuery
from schema.graph.outcomes import Refusal
from schema.graph.partners import KNOWN, LOOK_UP, PROVINCES, READING
from schema.graph.provenance import Info
from schema.graph.province import Province
from schema.graph.selecting import select
from schema.graph.worker import Files, WorkerAnswer, Workers, shown
from schema.records import refusal

WorkersAnswer = Annotated[
    Workers | Refusal,
    strawberry.union(
        "WorkersAnswer",
        description="多人查询的结果。 How a question about several ends.",
    ),
]

_BY = strawberry.argument(description="以何查找。 By what the worker is sought.")
_PURPOSE = strawberry.argument(description="查询目的，记入审计。 Why; it is recorded.")


@strawberry.type(description="可以查询什么。 What can be asked.")
class Query(MovingQuery, CaseQuery, ArrearsQuery, CooperationQuery, DigestQuery):
    @strawberry.field(
        graphql_type=WorkerAnswer,
        description="查一名职工：从所有知道该职工的省汇成一份档案。 "
        "Look one worker up: one file, joined from every province that knows them.",
        directives=[*READING, LOOK_UP],
    )
    async def worker(
        self,
        info: Info,
        by: Annotated[WorkerByInput, _BY],
        purpose: Annotated[PurposeOfUse, _PURPOSE],
    ) -> Any:
        selection = select(info._raw_info)  # noqa: SLF001  # strawberry has no public door to it
        return shown(await info.context.loaders.worker(sought(by), purpose, selection))

    @strawberry.field(
        graphql_type=WorkersAnswer,
        description="一次查多名职工，每次请求合计至多 100 人。 "
        "Look several workers up, at most 100 in one request.",
        directives=[*READING, LOOK_UP],
    )
    async def workers(
        self,
        info: Info,
        by: Annotated[list[WorkerByInput], _BY],
        purpose: Annotated[PurposeOfUse, _PURPOSE],
    ) -> Any:
        selection = select(info._raw_info, "items")  # noqa: SLF001  # as above
        found = await info.context.loaders.workers(
            [sought(one) for one in by], purpose, selection
        )
        if isinstance(found, refusal.Refusal):
            return found
        return Files(tuple(map(shown, found)))

    @strawberry.field(
        graphql_type=list[Province],
        description="已接入的各省及其状态。 The provinces that are connected, and how they do.",
        directives=[*KNOWN, PROVINCES],
    )
    def provinces(self, info: Info) -> Any:
        return info.context.provinces.status()
