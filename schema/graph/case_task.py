"""View: a co-handling task between two unions, and documents by reference."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.paging import connection
from schema.graph.provenance import Info
from schema.graph.view import describe
from schema.records import case_list, case_task
from schema.records.refusal import Refusal as Refused

if TYPE_CHECKING:
    from schema.graph.case import Case

TaskKind: Any = describe(
    case_task.TaskKind,
    "协办任务的种类。 What a co-handler is asked to do.",
    {
        "VISIT_FAMILY": "走访家属。 Visit the worker's family.",
        "COLLECT_EVIDENCE": "收集证据。 Collect evidence.",
        "SERVE_PAPERS": "送达文书。 Serve papers.",
        "LEGAL_AID": "提供法律援助。 Give legal aid, or go on with it.",
        "LIVING_AID": "提供生活救助。 Give living aid.",
        "OTHER": "双方商定的其他事项。 Anything else that the two agreed on.",
    },
)
TaskState: Any = describe(
    case_task.TaskState,
    "任务所处的状态。 Where a task stands.",
    {
        "ASSIGNED": "已交办，待签收。 Given; not yet acknowledged.",
        "ACKNOWLEDGED": "已签收。 Seen and taken.",
        "ANSWERED": "已答复，待主办工会办结。 Answered; the lead closes it or asks again.",
        "REFUSED": "不能办理。 The co-handler cannot; the lead closes it or asks again.",
        "CLOSED": "已办结。 Ended.",
    },
)
TaskLimit: Any = describe(
    case_task.TaskLimit,
    "任务的期限。 What a task waits for.",
    {
        "ACKNOWLEDGE": "签收。 The acknowledgement.",
        "ANSWER": "答复。 The answer.",
    },
)
TaskSide: Any = describe(
    case_list.TaskSide,
    "在任务的哪一侧。 Which side of a task.",
    {
        "ASKED": "被交办：待办清单。 It was asked: its own to-do list.",
        "ASKING": "主办并交办。 It leads the case, and gave the task.",
    },
)
ListOrder: Any = describe(
    case_list.ListOrder,
    "次序；相同者按编号。 In which order a list is; what is equal goes by its number.",
    {
        "OPENED": "按立案或交办先后。 The oldest first.",
        "DUE": "按期限先后，没有期限的在后。 What is due first; what is never due, last.",
    },
)


@strawberry.type(
    name="UnionSeat",
    description="一个工会及其所在省。 A labour union, and the province whose register has it.",
)
class UnionSeat:
    union: str = strawberry.field(
        description="统一社会信用代码。 Its unified social credit code."
    )
    province: str = strawberry.field(description="其省。 Its province.")


@strawberry.type(
    description="材料：只有名称和散列值，内容留在省里。 A document by reference and hash; its content stays in its province."
)
class CaseDocument:
    reference: str = strawberry.field(
        description="在该省的名称；枢纽不解读。 Its name in that province."
    )
    sha256: str = strawberry.field(
        description="内容的散列值（十六进制）。 Hash of its content, hexadecimal."
    )
    province: str = strawberry.field(description="由谁保存。 Who keeps it.")

    @strawberry.field(
        description="所属任务的编号；空表示属于案件。 Number of its task; null: it is the case's."
    )
    def task(self: Any) -> str | None:
        return self.task or None


@strawberry.type(
    directives=partners.FOLLOWING,
    description="一项协办任务：主办工会交办，协办工会签收、答复。 A task that the lead gave and a co-handler acknowledges and answers.",
)
class CaseTask:
    case_no: strawberry.ID = strawberry.field(description="案号。 Number of the case.")
    no: str = strawberry.field(description="在案件中的编号。 Its number in the case.")
    kind: TaskKind = strawberry.field(description="要办什么。 What is asked.")
    lead: UnionSeat = strawberry.field(
        description="交办的主办工会。 Who leads the case, and gave it."
    )
    to: UnionSeat = strawberry.field(description="协办工会。 Who is asked.")
    state: TaskState = strawberry.field(description="状态。 Where it stands.")
    acknowledge_by: date = strawberry.field(
        description="签收期限的最后一日。 Last day to acknowledge it."
    )
    answer_by: date = strawberry.field(
        description="答复期限的最后一日。 Last day to answer."
    )
    round: int = strawberry.field(
        description="第几次交办，从 1 起。 How often it was asked, from 1."
    )
    extended: bool = strawberry.field(
        description="本轮已延期（一轮至多一次）。 This round was extended; it may be once."
    )
    assigned_at: datetime | None = strawberry.field(
        description="首次交办时刻；只在 tasks 列表中给出。 When it was given first; in lists of tasks only."
    )
    answer: list[CaseDocument] = strawberry.field(
        description="答复的材料。 The answer, by reference and hash.",
        directives=[partners.sized(3)],
    )

    @strawberry.field(
        graphql_type=list[TaskLimit],
        description="本轮已过的期限。 The limits that passed in this round.",
    )
    def late(self: Any) -> Any:
        return sorted(self.late)

    @strawberry.field(
        description="延期、不能办理或办结的理由。 Why it was extended, refused or closed."
    )
    def reason(self: Any) -> str | None:
        return self.reason or None

    @strawberry.field(
        graphql_type=Annotated["Case", strawberry.lazy("schema.graph.case")] | None,
        description="所属案件，按您所能看到的；一次请求一并读取。 The case, as you may see it; those of one request are read together.",
    )
    async def case(self: Any, info: Info) -> Any:
        found = await info.context.cases.one(self.case_no)
        return None if isinstance(found, Refused) else found


TaskConnection: Any = connection(
    CaseTask, "CaseTask", "若干协办任务。 Co-handling tasks."
)


@strawberry.input(
    name="CaseTaskFilter",
    description="哪些任务；各项须同时成立。 Which tasks: all of it must hold.",
)
class TaskFilterInput:
    office: str | None = strawberry.field(
        default=None,
        description="某工会及其下级；省略为您自己的工会。 A union and those below it; left out: your own.",
    )
    side: TaskSide | None = strawberry.field(
        default=None, description="其在哪一侧。 Which side it is on; both if left out."
    )
    kinds: list[TaskKind] | None = strawberry.field(
        default=None, description="其中一种。 One of these."
    )
    states: list[TaskState] | None = strawberry.field(
        default=None, description="处于其中一种状态。 In one of these states."
    )
    due_by: date | None = strawberry.field(
        default=None,
        description="应在此日或之前签收或答复。 To be acknowledged or answered on or before this day.",
    )
    late: bool = strawberry.field(
        default=False, description="只要本轮已逾期的。 Only where a limit passed."
    )


def wanted_tasks(given: TaskFilterInput | None, order: Any) -> case_list.TaskFilter:
    """Turn the input into the value."""
    if given is None:
        return case_list.TaskFilter(order=order)
    return case_list.TaskFilter(
        office=given.office,
        side=given.side,
        kinds=tuple(given.kinds or ()),
        states=tuple(given.states or ()),
        due_by=given.due_by,
        late=given.late,
        order=order,
    )
