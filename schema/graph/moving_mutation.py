"""View: what offices do about memberships that move. Each act bears a key."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.batch import BatchAnswer
from schema.graph.credential import (
    IssueAnswer,
    PresentAnswer,
    Presented,
    RevokeAnswer,
)
from schema.graph.duplicate import (
    DuplicateAnswer,
    DuplicateMembershipInput,
    found,
)
from schema.graph.moving_input import (
    ActAnswer,
    IssueCredentialInput,
    Key,
    OfferTransferInput,
    OpenAnswer,
    Reason,
    RequestTransferInput,
    TransferId,
    issue_of,
    offer_of,
    request_of,
)
from schema.graph.provenance import Info
from schema.records.keys import WorkerId

_ACT = [*partners.MOVING, partners.ACT]
_QUESTION = strawberry.argument(description="哪个问题。 Which question.")


@strawberry.type
class MovingMutation:
    @strawberry.mutation(
        graphql_type=OpenAnswer,
        directives=_ACT,
        description="新工会凭会员证申请接转（凭证接转）；申请即接收。 "
        "The worker's new union asks with the credential; asking is accepting.",
    )
    async def request_transfer(
        self,
        info: Info,
        input: Annotated[
            RequestTransferInput, strawberry.argument(description="申请。 The wish.")
        ],
        idempotency_key: Key,
    ) -> Any:
        return await info.context.transfers.request(request_of(input), idempotency_key)

    @strawberry.mutation(
        graphql_type=OpenAnswer,
        directives=_ACT,
        description="原工会转出，待新工会接收。 The old union offers a member to the new one.",
    )
    async def offer_transfer(
        self,
        info: Info,
        input: Annotated[
            OfferTransferInput, strawberry.argument(description="转出。 The wish.")
        ],
        idempotency_key: Key,
    ) -> Any:
        return await info.context.transfers.offer(offer_of(input), idempotency_key)

    @strawberry.mutation(
        graphql_type=ActAnswer,
        directives=_ACT,
        description="转入工会接收。 The new union accepts.",
    )
    async def accept_transfer(
        self,
        info: Info,
        id: TransferId,
        idempotency_key: Key,
        local_id: Annotated[
            str | None,
            strawberry.argument(
                description="职工在本省系统中的名称，若已有。 The worker's name in your register, if there is one."
            ),
        ] = None,
    ) -> Any:
        return await info.context.transfers.accept(id, local_id, idempotency_key)

    @strawberry.mutation(
        graphql_type=ActAnswer,
        directives=_ACT,
        description="转入工会拒绝；会籍仍在原工会。 The new union says no: the member stays at home at the old one.",
    )
    async def reject_transfer(
        self, info: Info, id: TransferId, reason: Reason, idempotency_key: Key
    ) -> Any:
        return await info.context.transfers.reject(id, reason, idempotency_key)

    @strawberry.mutation(
        graphql_type=ActAnswer,
        directives=_ACT,
        description="发起的工会在接收之前撤回；凭证申请在原省登记答复之前，所用会员证不再有效，由原工会另签。 Whoever opened it takes it back before it is accepted; a request before the old register has answered: its credential is spent, and the old union issues another.",
    )
    async def withdraw_transfer(
        self, info: Info, id: TransferId, reason: Reason, idempotency_key: Key
    ) -> Any:
        return await info.context.transfers.withdraw(id, reason, idempotency_key)

    @strawberry.mutation(
        graphql_type=BatchAnswer,
        directives=_ACT,
        description="提交一批签名的接转（至多 10000 人）；逐人办理，一人有误不影响他人。 "
        "Submit a signed batch, up to 10,000 persons: a bad row harms no other.",
    )
    async def bulk_transfer(
        self,
        info: Info,
        batch: Annotated[
            str,
            strawberry.argument(
                description="批次（紧凑 JWS），或先经 POST /transfers/batches 上传所得的编号。 "
                "The batch (compact JWS), or the id of one uploaded by POST /transfers/batches."
            ),
        ],
        idempotency_key: Key,
    ) -> Any:
        return await info.context.transfers.submit(batch, idempotency_key)

    @strawberry.mutation(
        graphql_type=IssueAnswer,
        directives=_ACT,
        description="归属工会签发会员证；须本省确认会籍。 "
        "The home union issues a credential; its province must confirm the membership.",
    )
    async def issue_credential(
        self,
        info: Info,
        input: Annotated[
            IssueCredentialInput, strawberry.argument(description="为谁。 For whom.")
        ],
        idempotency_key: Key,
    ) -> Any:
        return await info.context.credentials.issue(issue_of(input), idempotency_key)

    @strawberry.mutation(
        graphql_type=RevokeAnswer,
        directives=_ACT,
        description="归属工会吊销会员证；可重复。 The home union revokes a credential; repeatable.",
    )
    async def revoke_credential(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID, strawberry.argument(description="证号。 Which credential.")
        ],
        reason: Reason,
    ) -> Any:
        return await info.context.credentials.revoke(id, reason)

    @strawberry.mutation(
        graphql_type=PresentAnswer,
        directives=[*partners.HOLDING, partners.ACT],
        description="持证人以确认码，向一个工会出示会员证。 "
        "The holder presents the credential to one union, with the confirmation code.",
    )
    async def present_credential(
        self,
        info: Info,
        credential: Annotated[
            str, strawberry.argument(description="会员证。 The credential.")
        ],
        code: Annotated[
            str, strawberry.argument(description="确认码。 The confirmation code.")
        ],
        to_union: Annotated[
            str, strawberry.argument(description="向哪个工会。 To which union.")
        ],
    ) -> Any:
        made = await info.context.credentials.present(credential, code, to_union)
        return Presented(made) if isinstance(made, str) else made

    @strawberry.mutation(
        graphql_type=DuplicateAnswer,
        directives=_ACT,
        description="提出疑似重复会籍；双方工会获通知，到期由人裁定。 "
        "Ask whether two memberships are one worker's. Both unions get notice; people resolve it.",
    )
    async def report_duplicate(
        self,
        info: Info,
        *,
        worker: Annotated[
            strawberry.ID,
            strawberry.argument(
                description="枢纽对该职工的名称。 The hub's name of the worker."
            ),
        ],
        first: Annotated[
            DuplicateMembershipInput, strawberry.argument(description="其一。 One.")
        ],
        second: Annotated[
            DuplicateMembershipInput,
            strawberry.argument(description="其二。 The other."),
        ],
        reason: Reason,
        idempotency_key: Key,
    ) -> Any:
        return await info.context.duplicates.report(
            WorkerId(worker), found(first), found(second), reason, idempotency_key
        )

    @strawberry.mutation(
        graphql_type=DuplicateAnswer,
        directives=_ACT,
        description="裁定：保留一处会籍，另一处终止；kept 为空表示不是重复。 "
        "Resolve: one membership goes on, the other ends. Without `kept`: it is no duplicate.",
    )
    async def resolve_duplicate(
        self,
        info: Info,
        id: Annotated[strawberry.ID, _QUESTION],
        reason: Reason,
        idempotency_key: Key,
        kept: Annotated[
            str | None,
            strawberry.argument(
                description="保留会籍的工会。 The union whose membership goes on."
            ),
        ] = None,
    ) -> Any:
        return await info.context.duplicates.resolve(id, kept, reason, idempotency_key)

    @strawberry.mutation(
        graphql_type=DuplicateAnswer,
        directives=[*partners.HOLDING, partners.ACT],
        description="职工本人答复疑似重复会籍（须 self:read）；记录并告知双方工会，由人裁定。未有结论前可改答，以最后一次为准。 "
        "The worker answers (self:read). It is kept and both unions are told; people decide. Until then it may be changed: the last answer counts.",
    )
    async def answer_duplicate(  # noqa: PLR0917  # arguments of the graph have names
        self,
        info: Info,
        id: Annotated[strawberry.ID, _QUESTION],
        same_worker: Annotated[
            bool,
            strawberry.argument(
                description="两份是否都是本人的。 Whether both are yours."
            ),
        ],
        reason: Reason,
        idempotency_key: Key,
        kept: Annotated[
            str | None,
            strawberry.argument(
                description="希望保留会籍的工会，两者之一；仅在都是本人的时填写。 Where you wish to stay a member: one of the two, if both are yours."
            ),
        ] = None,
    ) -> Any:
        return await info.context.duplicates.answer(
            id, kept, reason, idempotency_key, same_worker=same_worker
        )

    @strawberry.mutation(
        graphql_type=DuplicateAnswer,
        directives=_ACT,
        description="撤销裁定。 Undo what was resolved.",
    )
    async def undo_duplicate(
        self,
        info: Info,
        id: Annotated[strawberry.ID, _QUESTION],
        reason: Reason,
        idempotency_key: Key,
    ) -> Any:
        return await info.context.duplicates.undo(id, reason, idempotency_key)
