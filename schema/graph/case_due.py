"""View: by when something must happen in a case, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry

from schema.graph.case_words import ClockPhase, ClockStanding
from schema.graph.provenance import Info


@strawberry.type(
    description="一项期限，说明依据、事实与计算。 By when something must happen, with rule, facts and arithmetic."
)
class DueDate:
    clock: str = strawberry.field(description="期限的代码。 Name of the clock.")
    rule: str = strawberry.field(
        description="定出长度的规则编号；空文表示没有期限。 Id of the rule that set its length; empty: there is no limit."
    )
    source: str = strawberry.field(
        description="规则的出处。 Where that rule comes from."
    )
    due_on: date | None = strawberry.field(
        description="最后一日（中国时间）；空表示中止或没有期限。 Its last day, in China; null: suspended, or no limit."
    )
    phase: ClockPhase = strawberry.field(description="计算情况。 What the clock does.")
    standing: ClockStanding = strawberry.field(
        description="今日的情况。 How it stands today."
    )
    missed: bool = strawberry.field(
        description="已过而未办理。 That day passed, and what it waited for was not done."
    )
    aid_first: bool = strawberry.field(
        description="临近届满：先行提供法律援助，后补材料（法律援助法 44）。 Legal aid is given first, and papers come later."
    )
    remind_on: date | None = strawberry.field(
        description="提醒日。 The day on which who must act is reminded."
    )

    @strawberry.field(
        description="期限的名称（按 Accept-Language）。 The clock in words."
    )
    def name(self: Any, info: Info) -> str:
        return info.context.say(self.name)

    @strawberry.field(
        description="所关任务、材料或报告；空表示整个案件。 The task, document or report that it is about; null: the case."
    )
    def about(self: Any) -> str | None:
        return self.about or None

    @strawberry.field(
        description="为何是这一日：规则、事实与计算（按 Accept-Language）。 Why it is that day: the rule, what each fact did, and how the days were counted."
    )
    def why(self: Any, info: Info) -> str:
        return info.context.say(self.why)


@strawberry.type(
    description="期限所依据的一件事实。 Something that happened, from which clocks run."
)
class CaseFact:
    id: str = strawberry.field(
        description="在案件中的名称；更正时沿用。 Its name in the case; a correction names it."
    )
    kind: str = strawberry.field(
        description="发生了什么（代码）。 What happened, as a code."
    )
    on: date = strawberry.field(description="哪一日。 The day, in China.")
    names: date | None = strawberry.field(
        description="其所定的日期，例如开庭日。 The day that it names, such as that of a hearing."
    )
    days: int | None = strawberry.field(
        description="所准延长的天数。 Of an extension: how many days were granted."
    )
    revision: int = strawberry.field(
        description="更正次数。 How often it was corrected."
    )

    @strawberry.field(
        description="发生了什么（按 Accept-Language）。 The same in words."
    )
    def name(self: Any, info: Info) -> str:
        return info.context.say(self.name)

    @strawberry.field(
        description="所关任务、材料或报告；空表示整个案件。 What it is about; null: the case."
    )
    def about(self: Any) -> str | None:
        return self.about or None
