"""View: what happened in a case: milestones of the hub, and what provinces tell."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry

from schema.graph.case_task import UnionSeat
from schema.graph.case_words import CaseAct, CaseStep
from schema.graph.paging import PageInfo, page_info


@strawberry.type(
    description="进展节点：发生了什么，而不是说了什么。 A milestone: that something happened, not what it said."
)
class CaseMilestone:
    seq: int = strawberry.field(
        description="在经过中的位置。 Its place in the journal."
    )
    at: datetime = strawberry.field(
        description="枢纽记下的时刻。 When the hub wrote it down."
    )
    step: CaseStep = strawberry.field(description="发生了什么。 What happened.")
    on: date | None = strawberry.field(
        description="事情发生之日，如与记下之日不同。 The day of what happened, where it is another one."
    )
    seat: UnionSeat | None = strawberry.field(
        name="union", description="何工会所为；空表示期限。 Who did it; null: a clock."
    )

    @strawberry.field(
        description="关于什么：行为、事实、任务或子案的编号。 Act, fact, or number of task or sub-case."
    )
    def about(self: Any) -> str | None:
        return self.about or None

    @strawberry.field(description="理由。 Why.")
    def reason(self: Any) -> str | None:
        return self.reason or None


@strawberry.type(
    description="省案卷中的一条变更。 What a province says happened in its file."
)
class FileChange:
    province: str = strawberry.field(description="哪个省。 Whose file.")
    act: CaseAct = strawberry.field(description="发生了什么。 What happened.")
    union: str = strawberry.field(description="何工会所为。 Who did it.")
    as_of: datetime = strawberry.field(
        description="该省记下的时刻。 When the province wrote it down."
    )


@strawberry.type(
    description="经过中的一行：枢纽的节点，或省案卷的变更。 One line: a milestone of the hub, or a change in a province's file."
)
class CaseTimelineLine:
    on: date = strawberry.field(description="哪一日。 The day, in China.")
    milestone: CaseMilestone | None = strawberry.field(
        description="枢纽所记；空表示出自省案卷。 Of the hub; null: it is of a province."
    )
    change: FileChange | None = strawberry.field(
        description="省案卷所记；空表示出自枢纽。 Of a province; null: it is of the hub."
    )
    seq: int = strawberry.field(
        description="该省首次告知时的编号；枢纽所记为 0。 The number under which the province first told it; 0: the hub's."
    )
    corrected: int = strawberry.field(
        description="更正次数。 How often the province corrected it."
    )


@strawberry.type(
    description="缺失的编号：该省已有，枢纽尚未收到。 Numbers that a province has given, and the hub has not got."
)
class CaseTimelineGap:
    province: str = strawberry.field(description="哪个省。 Whose.")
    first: int = strawberry.field(description="第一个。 The first of them.")
    last: int = strawberry.field(description="最后一个。 The last of them.")


@strawberry.type(
    description="该省自相矛盾之处，须由人询问。 A number by which a province contradicts itself; people have to ask it."
)
class CaseTimelineContradiction:
    province: str = strawberry.field(description="哪个省。 Whose.")
    seq: int = strawberry.field(description="编号。 The number.")


@strawberry.type(
    description="案件的经过：枢纽所记与各省案卷合为一份；缺失和矛盾一并列出。 The history of a case: the hub's milestones and the files of provinces, joined; with what is missing and what contradicts itself."
)
class CaseTimeline:
    lines: list[CaseTimelineLine] = strawberry.field(
        description="各行，按日；一页。 In the order of their days: a page of them."
    )
    gaps: list[CaseTimelineGap] = strawberry.field(
        description="缺失之处，至多 100 处。 What is missing: the first 100."
    )
    contradictions: list[CaseTimelineContradiction] = strawberry.field(
        description="矛盾之处，至多 100 处。 What does not hold together: the first 100."
    )

    page_info: PageInfo = strawberry.field(
        resolver=page_info,
        description="此页在全部中的位置。 Where these lines stand in the whole.",
    )
