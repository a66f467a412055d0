"""View: who leads a case, from its opening to its end. Each act bears a key."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.graph.case import CaseAnswer
from schema.graph.case_acting import ACT, act
from schema.graph.case_input import (
    By,
    CaseNo,
    DocumentInput,
    IntakeInput,
    OnDay,
    ToUnion,
    Why,
    document_of,
    intake_of,
)
from schema.graph.case_words import CaseOutcome
from schema.graph.moving_input import Key
from schema.graph.provenance import Info
from schema.records import case_wish


@strawberry.type
class LeadingMutation:
    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="立案：受理请求，并转送有管辖权的工会。 "
        "Open a case: take a request in, and route it to the competent union.",
    )
    async def open_case(
        self,
        info: Info,
        input: Annotated[
            IntakeInput, strawberry.argument(description="请求。 The request.")
        ],
        idempotency_key: Key,
    ) -> Any:
        return await info.context.cases.open(intake_of(input), idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="被商请的工会接办。 The union that is asked takes the lead.",
    )
    async def accept_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.AcceptLead()
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="被商请的工会退回，并说明理由；由其上级决定。 "
        "The union that is asked says no, and why: the union above decides.",
    )
    async def decline_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        reason: Why,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.DeclineLead(reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="被商请的工会转送有管辖权的工会，并告知职工。 "
        "The union that is asked sends it on to the competent one.",
    )
    async def forward_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        to_union: ToUnion,
        reason: Why,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.ForwardLead(to_union, reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会上报：不能办理或遭拒绝。 "
        "The lead cannot, or meets refusal, and reports upwards.",
    )
    async def report_case_up(
        self,
        info: Info,
        *,
        no: CaseNo,
        reason: Why,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.ReportUp(reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会拟移交；对方接办之前仍由其主办。 "
        "The lead offers the lead to another union, and leads until that one accepts.",
    )
    async def offer_hand_over(
        self,
        info: Info,
        *,
        no: CaseNo,
        to_union: ToUnion,
        reason: Why,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.OfferHandOver(to_union, reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会收回移交。 The lead takes its offer back.",
    )
    async def recall_hand_over(
        self,
        info: Info,
        *,
        no: CaseNo,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.RecallHandOver()
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="上级工会接手（上代下）；须有下级推诿或逾期。 "
        "The union above takes the lead, after a refusal or a missed limit below.",
    )
    async def take_over_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.TakeOver()
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="上级工会查明后仍由下级主办，并说明理由。 "
        "The union above has looked into it and leaves the lead where it is.",
    )
    async def leave_case_below(
        self,
        info: Info,
        *,
        no: CaseNo,
        reason: Why,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.LeaveBelow(reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="上级工会跟踪并留有记录；receipt 为只确认收到欠薪报告。 "
        "A union above the lead followed the matter up; `receipt`: it only confirms that a report of arrears reached it.",
    )
    async def follow_up_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        on: OnDay,
        idempotency_key: Key,
        receipt: Annotated[
            bool,
            strawberry.argument(description="只确认收到。 It only confirms receipt."),
        ] = False,
        by: By = None,
    ) -> Any:
        wish = case_wish.FollowUp(on, receipt)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会办结案件。 The lead closes the case.",
    )
    async def close_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        outcome: Annotated[
            CaseOutcome, strawberry.argument(description="结果。 How it ended.")
        ],
        on: OnDay,
        idempotency_key: Key,
        document: Annotated[
            DocumentInput | None,
            strawberry.argument(description="文书。 The paper that says so."),
        ] = None,
        by: By = None,
    ) -> Any:
        wish = case_wish.CloseCase(
            outcome=outcome, on=on, document=document_of(document)
        )
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="职工撤回请求，主办工会记录；未办结的任务随之收回。 "
        "The worker takes the case back; the lead notes it. Open tasks are called off.",
    )
    async def withdraw_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        reason: Why,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.WithdrawCase(reason)
        return await act(info, no, wish, by, idempotency_key)
