"""View: following rights cases and co-handling tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.case import Case
from schema.graph.case_task import CaseTask, TaskState, UnionSeat
from schema.graph.case_timeline import CaseMilestone
from schema.graph.case_words import CaseFieldName, CaseMatter, CaseState
from schema.graph.provenance import Info
from schema.graph.view import describe
from schema.records import case_notice
from schema.records.refusal import Refusal

_AFTER = strawberry.argument(
    description="最后收到的事件的 cursor：补发其后的事件。省略则只得到此后的事件；请先订阅，再查现状。 "
    "The cursor of the last event you got: what came after it is replayed. Without it you get what happens "
    "from now on: subscribe first, then ask for what there is."
)
_OFFICES = strawberry.argument(
    description="只关注这些工会及其下级；省略为您所能看到的全部。 Only these unions and those below them; left out: all that you may see."
)

CaseNoticeKind: Any = describe(
    case_notice.NoticeKind,
    "工会得到的通知。 What a union is told, or asked to do.",
    {
        "ASKED_TO_LEAD": "商请主办。 Say yes or no to leading the case.",
        "ASKED_TO_TAKE_OVER": "商请接手（上代下）。 Take the lead from below, or leave it there.",
        "ROLE_GIVEN": "担任角色。 It has a role.",
        "LEAD_CHANGED": "主办工会变更。 Another union leads.",
        "LEAD_NOT_TAKEN": "移交未被接受。 Offered, and not taken: the lead stays.",
        "HAND_FILE_OVER": "请将案卷交新主办省。 Give the file to the new lead's province.",
        "TELL_WORKER": "请告知职工。 Tell the worker.",
        "CLOCK_MISSED": "期限已过而未办理。 A limit passed.",
        "SUB_CASE_GIVEN": "承办子案。 It was given a sub-case.",
        "SUB_CASE_ENDED": "子案结束。 A sub-case ended.",
        "TASK_GIVEN": "交办任务。 It was given a task.",
        "TASK_ANSWERED": "任务已答复。 A task was answered.",
        "TASK_REFUSED": "任务不能办理。 A task was refused.",
        "TASK_EXTENDED": "任务延期。 A task was extended.",
        "TASK_CLOSED": "任务办结。 A task was closed.",
        "TASK_LATE": "任务逾期。 A task is late.",
        "ANSWER_DUE_SOON": "答复期限临近。 An answer is due soon.",
        "TASK_DUE_SOON": "任务期限临近。 A task is due soon.",
        "CLOCK_DUE_SOON": "期限临近。 A clock is due soon.",
        "AID_FIRST": "临近届满：先行提供法律援助。 Few days are left: legal aid is given first.",
        "CLOCK_OPENED": "期限已满，可以办理。 Days have passed: an act has become possible.",
        "COLLECTIVE_FOUND": "与其他报告合为集体案件。 With other reports it is one collective case.",
        "COLLECTIVE_ENDED": "不再是集体案件。 It is no collective case any more.",
        "CASE_ENDED": "案件结束。 The case ended.",
    },
    name="CaseNoticeKind",
)


@strawberry.type(description="发给您工会的通知。 What a union of yours is told.")
class CaseNotice:
    kind: CaseNoticeKind = strawberry.field(description="何事。 What.")
    to: UnionSeat = strawberry.field(description="哪个工会。 To whom.")
    about: str = strawberry.field(description="关于什么。 What it is about.")


@strawberry.type(
    directives=partners.PERSONAL,
    description="案件的一次变动，或一次提醒；按发送时的权限显示。 A change of a case, or a reminder, as you may see it when it is sent.",
)
class CaseEvent:
    cursor: strawberry.ID = strawberry.field(
        description="事件的位置；断线后作为 after 续订。 The event's place; give it as `after` to resume."
    )
    at: datetime = strawberry.field(
        description="事件写入的时刻。 When it was written down."
    )
    no: strawberry.ID = strawberry.field(description="案号。 Number of the case.")
    seq: int = strawberry.field(
        description="案件至此的事件数。 How many events the case had seen."
    )
    reminder: bool = strawberry.field(
        description="没有变动，只是提醒，或省案卷告知了新情况。 Nothing changed: a reminder, or a province's file told more."
    )
    matter: CaseMatter | None = strawberry.field(description="事由。 What it is about.")
    state: CaseState | None = strawberry.field(
        description="当时的状态。 Where it stood then."
    )
    was: CaseState | None = strawberry.field(
        description="之前的状态；空表示刚刚立案（或您不得查看）。 Its state before; null: it was opened just then."
    )
    milestone: CaseMilestone | None = strawberry.field(
        description="发生了什么。 What happened."
    )
    due_on: date | None = strawberry.field(
        description="最近的期限日。 The first day by which something must happen."
    )
    notices: list[CaseNotice] = strawberry.field(
        description="发给您工会的通知。 What unions of yours are told by it.",
        directives=[partners.sized(2)],
    )
    withheld: list[CaseFieldName] = strawberry.field(
        description="您不得查看的内容。 What you may not see."
    )

    @strawberry.field(
        graphql_type=Case | None,
        description="案件此刻的情况；空表示您已不得查看。 The case as it stands now; null: you may not see it any more.",
    )
    async def case(self: Any, info: Info) -> Any:
        found = await info.context.cases.now(self.no)
        return None if isinstance(found, Refusal) else found


@strawberry.type(
    directives=partners.PERSONAL,
    description="任务的一次变动。 A change of a co-handling task.",
)
class CaseTaskEvent:
    cursor: strawberry.ID = strawberry.field(
        description="事件的位置；断线后作为 after 续订。 The event's place; give it as `after` to resume."
    )
    at: datetime = strawberry.field(
        description="事件写入的时刻。 When it was written down."
    )
    task: CaseTask = strawberry.field(
        description="任务当时的情况。 The task as it stood then."
    )
    was: TaskState | None = strawberry.field(
        description="之前的状态；空表示刚刚交办。 Its state before; null: it was given just then."
    )


@strawberry.type
class CaseSubscription:
    @strawberry.subscription(
        graphql_type=CaseEvent,
        directives=[*partners.FOLLOWING],
        description="您可见的案件的变动和提醒，不漏不重，依次给出；可见范围按发送时的权限。 "
        "Changes of cases that you may see, and reminders: once, in order, masked as they are sent.",
    )
    async def case_events(
        self,
        info: Info,
        after: Annotated[strawberry.ID | None, _AFTER] = None,
        offices: Annotated[list[str] | None, _OFFICES] = None,
    ) -> Any:
        return await info.context.feeds.cases(after, offices)

    @strawberry.subscription(
        graphql_type=CaseTaskEvent,
        directives=[*partners.FOLLOWING],
        description="您的工会（及其下级）被交办或交办的任务的变动，不漏不重，依次给出。 "
        "Changes of tasks that your union, or one below it, was given or gave: once, and in order.",
    )
    async def task_events(
        self,
        info: Info,
        after: Annotated[strawberry.ID | None, _AFTER] = None,
        offices: Annotated[list[str] | None, _OFFICES] = None,
    ) -> Any:
        return await info.context.feeds.tasks(after, offices)
