"""View: what can be followed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.graph.case_subscription import CaseSubscription
from schema.graph.moving_subscription import MovingSubscription
from schema.graph.provenance import Info
from schema.graph.province import Province, ProvinceStateEnum

_AFTER = strawberry.argument(
    description="最后收到的事件的 cursor：补发其后的事件。省略则先得到各省现状。 "
    "The cursor of the last event you got: what came after it is replayed. "
    "Without it you get first how every province does."
)
_CODES = strawberry.argument(
    description="只关注这些省（省级代码）；省略表示全部。 Only these provinces, by code; all if left out."
)


@strawberry.type(
    description="某省状态或契约的变化。 A province began to answer, failed, or serves something else than before."
)
class ProvinceEvent:
    cursor: strawberry.ID = strawberry.field(
        description="事件的位置；断线后作为 after 续订。 The event's place; give it as `after` to resume."
    )
    at: datetime = strawberry.field(
        description="事件写入的时刻。 When it was written down."
    )
    province: Province = strawberry.field(
        description="该省当时的情况。 How the province did then."
    )
    was: ProvinceStateEnum | None = strawberry.field(
        description="之前的状态；空表示此前无人报告。 Its state before; null: nobody had said."
    )
    state: ProvinceStateEnum = strawberry.field(
        description="此后的状态。 Its state since."
    )
    seen_by: str = strawberry.field(
        description="观察到此变化的枢纽进程（启动时随机取名）。各进程所见可以不同。 "
        "The hub process that saw it, by a name made up at its start. Processes may see a province differently."
    )


@strawberry.type(description="可以订阅什么。 What can be followed.")
class Subscription(MovingSubscription, CaseSubscription):
    @strawberry.subscription(
        graphql_type=ProvinceEvent,
        description="各省状态的变化；先是每省最近一次变化，然后是新的变化。 "
        "How provinces do: first the last change of each, then every further change, once and in order.",
    )
    async def province_status(
        self,
        info: Info,
        after: Annotated[strawberry.ID | None, _AFTER] = None,
        codes: Annotated[list[str] | None, _CODES] = None,
    ) -> Any:
        return await info.context.feeds.provinces(after, codes)
