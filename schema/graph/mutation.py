"""View: what can be changed."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.graph.arrears_asking import ArrearsMutation
from schema.graph.case_leading import LeadingMutation
from schema.graph.case_tasking import TaskingMutation
from schema.graph.case_working import WorkingMutation
from schema.graph.linking import LinkInput, RegisterAnswer, Registered
from schema.graph.moving_mutation import MovingMutation
from schema.graph.partners import LOOK_UP, REGISTERING
from schema.graph.provenance import Info
from schema.records.refusal import Refusal


@strawberry.type(description="可以更改什么。 What can be changed.")
class Mutation(
    MovingMutation, LeadingMutation, WorkingMutation, TaskingMutation, ArrearsMutation
):
    @strawberry.mutation(
        graphql_type=RegisterAnswer,
        description="登记本省的关联；可重复提交，逐条给出结果，一次至多 1000 条。 "
        "Register links of the caller's own province: repeatable, each with its own "
        "result, at most 1000 in one call.",
        directives=[*REGISTERING, LOOK_UP],
    )
    async def register_links(
        self,
        info: Info,
        links: Annotated[
            list[LinkInput],
            strawberry.argument(description="要登记的关联。 The statements."),
        ],
    ) -> Any:
        rows: Any = links  # what ``LinkInput`` is made into
        results = await info.context.linking.register(rows)
        return results if isinstance(results, Refusal) else Registered(tuple(results))
