"""View: what unions do in a case. Each act bears a key."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.graph.case import CaseAnswer
from schema.graph.case_acting import ACT, act
from schema.graph.case_input import (
    By,
    CaseNo,
    DocumentInput,
    FactInput,
    OnDay,
    ToUnion,
    document_of,
    facts_of,
)
from schema.graph.case_words import CaseAct, SubCaseKind
from schema.graph.moving_input import Key
from schema.graph.provenance import Info
from schema.records import case_wish


@strawberry.type
class WorkingMutation:
    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会记录一项办理行为，及由此发生的事实。 "
        "The lead records a typed act, and the facts that come of it.",
    )
    async def record_act(
        self,
        info: Info,
        *,
        no: CaseNo,
        kind: Annotated[CaseAct, strawberry.argument(description="何种行为。 Which.")],
        on: OnDay,
        idempotency_key: Key,
        document: Annotated[
            DocumentInput | None,
            strawberry.argument(description="文书。 The paper of it."),
        ] = None,
        facts: Annotated[
            list[FactInput] | None,
            strawberry.argument(description="由此发生的事实。 Facts that come of it."),
        ] = None,
        by: By = None,
    ) -> Any:
        wish = case_wish.RecordAct(
            kind=kind, on=on, document=document_of(document), facts=facts_of(facts)
        )
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会记录事实，或更正事实并说明理由；各项期限随之重算。 "
        "The lead states facts, or puts some right and says why; the clocks follow.",
    )
    async def state_facts(
        self,
        info: Info,
        *,
        no: CaseNo,
        facts: Annotated[
            list[FactInput], strawberry.argument(description="哪些事实。 Which.")
        ],
        idempotency_key: Key,
        reason: Annotated[
            str,
            strawberry.argument(
                description="更正、撤回或重新登记的理由，此时必填。 Why, of a correction; what is corrected, taken back or stated again needs one."
            ),
        ] = "",
        by: By = None,
    ) -> Any:
        wish = case_wish.StateFacts(facts=facts_of(facts), reason=reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="补充材料，以名称和散列值。 "
        "A document is added, by reference and hash.",
    )
    async def add_document(
        self,
        info: Info,
        *,
        no: CaseNo,
        document: Annotated[
            DocumentInput, strawberry.argument(description="哪份材料。 Which.")
        ],
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.AddDocument(document_of(document))
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会设立法律援助或生活救助子案，可由其他工会承办。 "
        "The lead opens legal aid or living aid, maybe at another union.",
    )
    async def open_sub_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        kind: Annotated[SubCaseKind, strawberry.argument(description="种类。 Which.")],
        to_union: ToUnion,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.OpenSubCase(kind, to_union)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="承办工会报告子案结果。 "
        "Whoever handles a sub-case reports how it ended.",
    )
    async def end_sub_case(
        self,
        info: Info,
        *,
        no: CaseNo,
        sub_case: Annotated[
            str,
            strawberry.argument(
                description="子案在案件中的编号。 Its number in the case."
            ),
        ],
        outcome: Annotated[
            str, strawberry.argument(description="结果。 How it ended.")
        ],
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.EndSubCase(sub_case, outcome)
        return await act(info, no, wish, by, idempotency_key)
