"""View: what unions do about co-handling tasks. Each act bears a key."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.graph.case import CaseAnswer
from schema.graph.case_acting import ACT, act
from schema.graph.case_input import (
    By,
    CaseNo,
    DocumentInput,
    TaskNo,
    ToUnion,
    Why,
    document_of,
)
from schema.graph.case_task import TaskKind
from schema.graph.moving_input import Key
from schema.graph.provenance import Info
from schema.records import case_wish


@strawberry.type
class TaskingMutation:
    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会交办一项任务。 The lead gives a task to a union.",
    )
    async def assign_task(
        self,
        info: Info,
        *,
        no: CaseNo,
        kind: Annotated[
            TaskKind, strawberry.argument(description="要办什么。 What is asked.")
        ],
        to_union: ToUnion,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.AssignTask(kind, to_union)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="协办工会签收任务。 The co-handler has seen the task and takes it.",
    )
    async def acknowledge_task(
        self,
        info: Info,
        *,
        no: CaseNo,
        task: TaskNo,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.AcknowledgeTask(task)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="协办工会答复任务。 The co-handler answers.",
    )
    async def answer_task(
        self,
        info: Info,
        *,
        no: CaseNo,
        task: TaskNo,
        idempotency_key: Key,
        documents: Annotated[
            list[DocumentInput] | None,
            strawberry.argument(
                description="答复的材料。 The answer, by reference and hash."
            ),
        ] = None,
        by: By = None,
    ) -> Any:
        wish = case_wish.AnswerTask(
            task, tuple(document_of(one) for one in documents or ())
        )
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="协办工会延期，一轮至多一次，并说明理由。 "
        "The co-handler needs more time, once in a round, and says why.",
    )
    async def extend_task(
        self,
        info: Info,
        *,
        no: CaseNo,
        task: TaskNo,
        reason: Why,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.ExtendTask(task, reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="协办工会不能办理，并说明理由。 "
        "The co-handler cannot, and says why.",
    )
    async def refuse_task(
        self,
        info: Info,
        *,
        no: CaseNo,
        task: TaskNo,
        reason: Why,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.RefuseTask(task, reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会再次交办：新的一轮。 The lead asks again: a new round.",
    )
    async def ask_task_again(
        self,
        info: Info,
        *,
        no: CaseNo,
        task: TaskNo,
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.AskTaskAgain(task)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会办结任务；答复之前则为收回。 "
        "The lead closes a task; before an answer, it calls it off.",
    )
    async def close_task(
        self,
        info: Info,
        *,
        no: CaseNo,
        task: TaskNo,
        idempotency_key: Key,
        reason: Annotated[
            str,
            strawberry.argument(description="收回的理由。 Why, if it is called off."),
        ] = "",
        by: By = None,
    ) -> Any:
        wish = case_wish.CloseTask(task, reason)
        return await act(info, no, wish, by, idempotency_key)

    @strawberry.mutation(
        graphql_type=CaseAnswer,
        directives=ACT,
        description="主办工会评价已答复或退回的任务，各 1 至 5 分；不得评价自己的任务。 "
        "The lead judges how a task was done, each from 1 to 5; never its own, and only what was answered or refused.",
    )
    async def rate_task(
        self,
        info: Info,
        *,
        no: CaseNo,
        task: TaskNo,
        timeliness: Annotated[
            int, strawberry.argument(description="及时，1 至 5。 How timely.")
        ],
        effort: Annotated[
            int, strawberry.argument(description="尽力，1 至 5。 How much effort.")
        ],
        idempotency_key: Key,
        by: By = None,
    ) -> Any:
        wish = case_wish.RateTask(task, timeliness, effort)
        return await act(info, no, wish, by, idempotency_key)
