"""View: what can be asked about memberships that move."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.asking import PurposeOfUse
from schema.graph.batch import BatchAnswer
from schema.graph.credential import VerifyAnswer
from schema.graph.duplicate import DuplicateConnection, DuplicateState
from schema.graph.members import TransferredMemberConnection
from schema.graph.paging import After, First, granted
from schema.graph.provenance import Info
from schema.graph.transfer import TransferAnswer, TransferConnection
from schema.graph.transfer_filter import TransferFilterInput, wanted
from schema.records.paging import USUAL_ON_PAGE

_PURPOSE = strawberry.argument(description="查询目的，记入审计。 Why; it is recorded.")


@strawberry.type
class MovingQuery:
    @strawberry.field(
        graphql_type=TransferAnswer,
        directives=[*partners.SEEING],
        description="查一件转接；只有转出、转入工会及其上级可见。 "
        "Look one transfer up: the unions on both sides, and those above them, see it.",
    )
    async def transfer(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="编号。 Its id.")],
    ) -> Any:
        return await info.context.transfers.one(id)

    @strawberry.field(
        graphql_type=TransferConnection | None,
        directives=[*partners.SEEING, partners.PAGED],
        description="查若干转接，按发起先后；翻页期间转接有变动，也不漏不重。 "
        "Transfers in the order of opening. None is lost or shown twice while they move.",
    )
    async def transfers(
        self,
        info: Info,
        filter: Annotated[
            TransferFilterInput | None,
            strawberry.argument(description="哪些转接。 Which of them."),
        ] = None,
        first: First = USUAL_ON_PAGE,
        after: After = None,
    ) -> Any:
        return granted(await info.context.transfers.page(wanted(filter), first, after))

    @strawberry.field(
        graphql_type=TransferredMemberConnection | None,
        directives=[*partners.TAKING_IN, partners.PAGED, partners.LOOK_UP],
        description="转入某工会（及其下级）的会员，各附一份联邦档案。 "
        "The members who came to a union, or to those below it, each with the federated file.",
    )
    async def transferred_members(
        self,
        info: Info,
        *,
        purpose: Annotated[PurposeOfUse, _PURPOSE],
        office: Annotated[
            str | None,
            strawberry.argument(
                description="哪个工会；省略为您自己的。 Which union; left out: your own."
            ),
        ] = None,
        since: Annotated[
            datetime | None,
            strawberry.argument(
                description="自何时起；省略则从头。 From when on; left out: from the beginning."
            ),
        ] = None,
        first: First = USUAL_ON_PAGE,
        after: After = None,
    ) -> Any:
        return granted(
            await info.context.transfers.arrived(office, since, purpose, first, after)
        )

    @strawberry.field(
        graphql_type=BatchAnswer,
        directives=[*partners.MOVING],
        description="查一批集体接转的进度。 How far a batch is.",
    )
    async def transfer_batch(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="编号。 Its id.")],
    ) -> Any:
        return await info.context.transfers.batch(id)

    @strawberry.field(
        graphql_type=DuplicateConnection | None,
        directives=[*partners.HOLDING, partners.PAGED],
        description="涉及您工会（及其下级）的重复会籍问题；职工本人（self:read）则为涉及本人的。 "
        "Questions of duplicate memberships at your union, or at those below it; for a worker (self:read), those of their own.",
    )
    async def duplicates(
        self,
        info: Info,
        states: Annotated[
            list[DuplicateState] | None,
            strawberry.argument(
                description="处于其中一种进度。 In one of these states; all if left out."
            ),
        ] = None,
        first: First = USUAL_ON_PAGE,
        after: After = None,
    ) -> Any:
        return granted(
            await info.context.duplicates.page(tuple(states or ()), first, after)
        )

    @strawberry.field(
        graphql_type=VerifyAnswer,
        directives=[*partners.KNOWN, partners.LOOK_UP],
        description="验证会员证此刻是否有效；也可凭公开密钥与状态列表离线验证。 "
        "What a credential is worth now. It can be checked offline too, by the public keys and the status list.",
    )
    async def verify_credential(
        self,
        info: Info,
        credential: Annotated[
            str,
            strawberry.argument(
                description="会员证或出示凭据（紧凑 JWS）。 The credential, or a presentation of it: a compact JWS."
            ),
        ],
    ) -> Any:
        return await info.context.credentials.verify(credential)
