"""View: a rights case as the caller sees it. Null is what the caller may not see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.arrears import ArrearsReport, CollectiveCase, EarlyWarning
from schema.graph.case_due import CaseFact, DueDate
from schema.graph.case_task import CaseDocument, CaseTask, UnionSeat
from schema.graph.case_timeline import CaseMilestone, CaseTimeline
from schema.graph.case_words import (
    CaseFieldName,
    CaseGround,
    CaseMatter,
    CaseOutcome,
    CaseParty,
    CaseRoleName,
    CaseState,
    SubCaseKind,
)
from schema.graph.outcomes import Refusal
from schema.graph.paging import After, First, connection, granted
from schema.graph.provenance import Info
from schema.records import case_seen
from schema.records.paging import USUAL_ON_PAGE


@strawberry.type(
    description="一个工会在案件中的一个角色。 A role that a union has in a case."
)
class CaseRole:
    role: CaseRoleName = strawberry.field(description="哪个角色。 Which.")
    seat: UnionSeat = strawberry.field(name="union", description="哪个工会。 Who.")
    since: datetime = strawberry.field(description="自何时起。 From when.")
    ground: CaseGround = strawberry.field(description="因何担任。 By what.")


@strawberry.type(
    description="您以何身份查看该案。 What you are in the case, as far as you see it."
)
class CasePart:
    party: CaseParty = strawberry.field(
        description="角色表的哪一行。 By which row of the table of roles."
    )
    seat: UnionSeat | None = strawberry.field(
        name="union",
        description="为哪个工会；空表示以个人或督查身份。 For which union; null: in person, or for inspection.",
    )


@strawberry.type(description="子案，可能由其他工会承办。 What hangs on a case.")
class SubCase:
    no: str = strawberry.field(description="在案件中的编号。 Its number in the case.")
    kind: SubCaseKind = strawberry.field(description="种类。 What it is.")
    seat: UnionSeat = strawberry.field(
        name="union", description="承办工会。 Who handles it."
    )
    opened_at: datetime = strawberry.field(description="设立时刻。 When.")

    @strawberry.field(description="结果；空表示未结。 How it ended; null: it is open.")
    def outcome(self: Any) -> str | None:
        return self.outcome or None


@strawberry.type(description="案件的结果。 The end of a case.")
class CaseResult:
    outcome: CaseOutcome = strawberry.field(description="结果。 How.")
    on: date = strawberry.field(description="哪一日。 The day, in China.")
    document: CaseDocument | None = strawberry.field(
        description="文书；空表示没有，或您不得查看材料。 The paper that says so; null: none, or documents are not for you."
    )


@strawberry.federation.type(
    keys=["no"],
    directives=[*partners.FOLLOWING, *partners.PERSONAL],
    description="一件跨省维权案件：随职工走，案号处处相同。空表示您不得查看，见 withheld。 "
    "A rights case that follows the worker, under one number everywhere. Null is what you may not see: see `withheld`.",
)
class Case:
    no: strawberry.ID = strawberry.field(
        description="案号，处处相同。 Its number, one and the same everywhere."
    )
    parts: list[CasePart] = strawberry.field(
        name="yourParts",
        description="您（及您的工会、下级工会）在案件中的身份；空表示已无身份。 What you, your unions and those below are in it; empty: nothing any more.",
        directives=[partners.sized(2)],
    )
    withheld: list[CaseFieldName] = strawberry.field(
        description="按角色表您不得查看的内容。 What you may not see, by the table of roles."
    )
    matter: CaseMatter | None = strawberry.field(description="事由。 What it is about.")
    green: bool | None = strawberry.field(
        description="绿色通道。 On the green channel."
    )
    state: CaseState | None = strawberry.field(description="状态。 Where it stands.")
    accepted: bool | None = strawberry.field(
        description="主办工会已接办；否则只是受理。 Whether the lead leads for good, or only took the request in."
    )
    overdue: bool | None = strawberry.field(
        description="答复期限已过且无上级可接手，须人工过问。 The limit of an answer passed, and nobody is above: people must look."
    )
    workers: list[strawberry.ID] | None = strawberry.field(
        description="职工在枢纽的名称；职工本人只见自己。 Whose it is, by the hub's names; a worker sees the own name only."
    )
    roles: list[CaseRole] | None = strawberry.field(
        description="各工会的角色；恰有一个主办。 Who is what in it; exactly one leads.",
        directives=[partners.sized(5)],
    )
    lead: UnionSeat | None = strawberry.field(description="主办工会。 Who leads.")
    asked: UnionSeat | None = strawberry.field(
        description="被商请主办的工会；空表示没有（或您不得查看）。 Who is asked to lead, if anybody is."
    )
    below: UnionSeat | None = strawberry.field(
        description="上级将代其主办的工会。 Whom the union above would act for."
    )
    file_province: str | None = strawberry.field(
        description="保存案卷的省。 The province that keeps the file."
    )
    first_touch_on: date | None = strawberry.field(
        description="任一工会首次接到请求之日：法律证据，移交不变。 When any union first received the request: legal evidence that no hand-over changes."
    )
    milestones: list[CaseMilestone] | None = strawberry.field(
        description="进展，依次。 What happened, in order.",
        directives=[partners.sized(20)],
    )
    due_on: date | None = strawberry.field(
        description="最近的期限日；空表示没有（或您不得查看）。 The first day by which something must happen, if there is one."
    )
    dues: list[DueDate] | None = strawberry.field(
        name="dueDates",
        description="各项期限，各有依据和计算。 All that the clocks say, each with its reasons.",
        directives=[partners.sized(8)],
    )
    facts: list[CaseFact] | None = strawberry.field(
        description="期限所依据的事实；更正时用其 id。 What the clocks run from; a correction names its id.",
        directives=[partners.sized(8)],
    )
    result: CaseResult | None = strawberry.field(
        description="结果；空表示未结（或您不得查看）。 How it ended, if it has."
    )
    sub_cases: list[SubCase] | None = strawberry.field(
        description="子案；协办工会只见自己承办的。 What hangs on it; a co-handler sees its own only.",
        directives=[partners.sized(2)],
    )
    tasks: list[CaseTask] | None = strawberry.field(
        description="协办任务；协办工会只见自己的（withheld 含 TASKS）。 Co-handling tasks; a co-handler sees its own only.",
        directives=[partners.sized(3)],
    )
    documents: list[CaseDocument] | None = strawberry.field(
        description="材料；协办工会只见自己任务的。 Documents; a co-handler sees those of its own tasks.",
        directives=[partners.sized(5)],
    )

    @strawberry.field(
        graphql_type=CaseTimeline | None,
        directives=[partners.paged("lines"), partners.JOINED],
        description="经过：枢纽所记与各省案卷合为一份；按页。 The history, joined from the hub's milestones and the files of provinces; by pages.",
    )
    async def timeline(
        self: Any, info: Info, first: First = USUAL_ON_PAGE, after: After = None
    ) -> Any:
        return granted(await info.context.cases.timeline(self, first, after))

    @strawberry.field(
        graphql_type=list[ArrearsReport] | None,
        directives=[partners.sized(1)],
        description="欠薪报告的内容；空表示您不得查看（withheld 含 CONTENT）。 What was reported of arrears; null: content is not for you.",
    )
    async def arrears(self: Any, info: Info) -> Any:
        return await info.context.arrears.of_case(self)

    @strawberry.field(
        graphql_type=CollectiveCase | None,
        directives=[partners.JOINED],
        description="所属的集体案件，如有；不含姓名。 The collective case that it is part of, if of one; without names.",
    )
    async def collective(self: Any, info: Info) -> Any:
        return await info.context.arrears.collective(self)

    @strawberry.field(
        graphql_type=EarlyWarning | None,
        description="欠薪的早发现、早介入、早报告；没有欠薪报告则为空。 How early its arrears were found; null: none are reported.",
    )
    async def early_warning(self: Any, info: Info) -> Any:
        return await info.context.arrears.early(self)

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, case_seen.SeenCase)


CaseAnswer = Annotated[
    Case | Refusal,
    strawberry.union(
        "CaseAnswer",
        description="立案、办理、查案的结果。 How opening a case, an act on one, or a look at one ends.",
    ),
]
CaseConnection: Any = connection(Case, "Case", "若干案件。 Rights cases.")
