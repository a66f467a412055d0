"""View: the members who came to a union, each with the federated file."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.graph import partners
from schema.graph.paging import connection
from schema.graph.provenance import Info
from schema.graph.selecting import select
from schema.graph.transfer import Transfer
from schema.graph.worker import WorkerAnswer, shown
from schema.records.keys import WorkerId
from schema.records.wanted import ById


@strawberry.type(
    directives=partners.PERSONAL,
    description="一名转来的会员。 A member who came.",
)
class TransferredMember:
    transfer: Transfer = strawberry.field(description="如何转来。 How they came.")

    @strawberry.field(
        graphql_type=WorkerAnswer,
        directives=[partners.LOOK_UP],
        description="该职工的档案，连同是否完整；一页之内每省只问一次。 "
        "The worker's file, with its completeness: one call to each province for the whole page.",
    )
    async def worker(self: Any, info: Info) -> Any:
        selection = select(info._raw_info)  # noqa: SLF001  # strawberry has no public door to it
        by = ById(WorkerId(self.transfer.worker))
        return shown(await info.context.loaders.worker(by, self.purpose, selection))


TransferredMemberConnection: Any = connection(
    TransferredMember,
    "TransferredMember",
    "转来的会员，按归属移转的先后。 Members who came, in the order in which they did.",
)
