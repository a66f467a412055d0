"""View: where a case would go, and why."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.case_words import Forum
from schema.graph.outcomes import Refusal
from schema.graph.provenance import Info
from schema.records import venue


@strawberry.type(description="一条依据。 One reason why a case goes where it goes.")
class RoutingReason:
    rule: str = strawberry.field(
        description="规则编号。 The rule that says so, by its id."
    )

    @strawberry.field(description="文字（按 Accept-Language）。 In words.")
    def text(self: Any, info: Info) -> str:
        return info.context.say(self.text)


@strawberry.type(
    description="协议约定的期限。 A limit that an agreement between provinces sets."
)
class AgreedLimit:
    clock: str = strawberry.field(description="期限的代码。 Name of the clock.")
    days: int = strawberry.field(
        description="天数，按该期限的算法。 Its length, in the days that the clock counts."
    )
    agreement: str = strawberry.field(description="协议。 Id of the agreement.")


@strawberry.type(description="案件转送到哪里，及其依据。 Where a case goes, and why.")
class CaseRouting:
    forum: Forum = strawberry.field(description="由谁裁处。 Who is to decide.")
    venue: str | None = strawberry.field(
        description="管辖地（GB/T 2260）；空表示尚不知任何地点。 The competent place; null while no place is known."
    )
    alternatives: list[str] = strawberry.field(
        description="同样有管辖权、可由职工选择的地点。 Other places that are competent too, as the worker chooses."
    )
    lead: str = strawberry.field(description="主办工会。 The union that leads.")
    lead_province: str = strawberry.field(description="其省。 Its province.")
    co_handler: str | None = strawberry.field(
        description="他省的协办工会。 The union of the other province that helps."
    )
    represented_by: str | None = strawberry.field(
        description="代为受理的省外工作站。 The out-of-province station that took it in."
    )
    provisional: bool = strawberry.field(
        description="尚缺一项事实：查明后再行转送。 A fact is missing: ask, and route again."
    )
    agreement: str | None = strawberry.field(
        description="两省之间的协议。 Id of the agreement between both provinces."
    )
    limits: list[AgreedLimit] = strawberry.field(
        description="协议约定的期限。 Internal limits that it sets.",
        directives=[partners.sized(3)],
    )
    reasons: list[RoutingReason] = strawberry.field(
        description="依据，依次。 Why, in order.", directives=[partners.sized(6)]
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, venue.Routing)


RouteAnswer = Annotated[
    CaseRouting | Refusal,
    strawberry.union(
        "RouteAnswer", description="预览转送的结果。 How previewing a route ends."
    ),
]
