"""View: following transfers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.provenance import Info
from schema.graph.transfer import Transfer, TransferState

_AFTER = strawberry.argument(
    description="最后收到的事件的 cursor：补发其后的事件。省略则只得到此后的事件；请先订阅，再查 transfers。 "
    "The cursor of the last event you got: what came after it is replayed. Without it you get what happens "
    "from now on: subscribe first, then ask `transfers` for what there is."
)
_OFFICES = strawberry.argument(
    description="只关注这些工会及其下级；省略为您所能看到的全部。 Only these unions and those below them; left out: all that you may see."
)


@strawberry.type(
    directives=partners.PERSONAL,
    description="转接的一次变动，或一次催办。 A change of a transfer, or a reminder that it waits.",
)
class TransferEvent:
    cursor: strawberry.ID = strawberry.field(
        description="事件的位置；断线后作为 after 续订。 The event's place; give it as `after` to resume."
    )
    at: datetime = strawberry.field(
        description="事件写入的时刻。 When it was written down."
    )
    transfer: Transfer = strawberry.field(
        description="转接当时的情况。 The transfer as it stood then."
    )
    was: TransferState | None = strawberry.field(
        description="之前的状态；空表示刚刚发起。 Its state before; null: it was opened just then."
    )
    reminder: bool = strawberry.field(
        description="没有变动，只是催办：应办日已过。 Nothing changed: the day by which the owner ought to act has passed."
    )


@strawberry.type
class MovingSubscription:
    @strawberry.subscription(
        graphql_type=TransferEvent,
        directives=[*partners.SEEING],
        description="您工会（及其下级）一侧的转接的变动，不漏不重，依次给出；可见范围按发送时的权限。 "
        "Changes of transfers on either side of your union, or of those below it: once, in order, and as you may see "
        "them when they are sent.",
    )
    async def transfer_events(
        self,
        info: Info,
        after: Annotated[strawberry.ID | None, _AFTER] = None,
        offices: Annotated[list[str] | None, _OFFICES] = None,
    ) -> Any:
        return await info.context.feeds.transfers(after, offices)
