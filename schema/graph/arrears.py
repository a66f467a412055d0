"""View: reports of wage arrears, collective cases, and how early arrears were found."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.case_task import UnionSeat
from schema.graph.outcomes import Refusal
from schema.graph.paging import connection
from schema.graph.view import YuanText, describe
from schema.records import arrears

ArrearsReporter: Any = describe(
    arrears.Reporter,
    "欠薪由谁报告。 Who reports arrears.",
    {
        "INFORMANT": "劳动关系信息员：只报告，不看案件。 A labour-relations informant: reports, and does not read the case.",
        "WORKER": "职工。 A worker.",
        "UNION": "工会。 A union.",
    },
    name="ArrearsReporter",
)
ArrearsAddressee: Any = describe(
    arrears.Addressee,
    "欠薪须立即报告双方（002 §5），双方均须给回执。 To whom arrears are reported at once: both give a receipt.",
    {
        "INSPECTION": "劳动监察部门；回执由主办工会登记。 Labour inspection; the lead records its receipt.",
        "SUPERIOR": "上级工会；回执由其自己登记（followUpCase）。 The superior union; it records its receipt itself.",
    },
    name="ArrearsAddressee",
)


@strawberry.type(description="须取得的一份回执。 A receipt that must come.")
class ReceiptDue:
    @strawberry.field(
        graphql_type=ArrearsAddressee, description="谁的回执。 Whose it is."
    )
    def addressee(self: Any) -> Any:
        return self.wanted.addressee

    @strawberry.field(
        description="监察地（GB/T 2260），或上级工会代码。 The place of the inspection, or the code of the union."
    )
    def to(self: Any) -> str:
        return str(self.wanted.to)

    @strawberry.field(
        description="取得回执这一事实的代码；about 填报告编号。 The kind of fact that its coming is; it is about the report."
    )
    def fact(self: Any) -> str:
        return str(self.wanted.fact)

    due_on: date | None = strawberry.field(
        description="最后一日（中国时间）。 Its last day, in China."
    )


@strawberry.type(
    description="欠薪报告的受理凭据：编号、案号、两份回执；不含案件内容。 "
    "That a report was received: its id, its case, both receipts that must come; nothing of the case."
)
class FiledReport:
    id: strawberry.ID = strawberry.field(
        description="报告编号。 The hub's name of the report."
    )
    case_no: strawberry.ID = strawberry.field(
        description="为其所立案件的案号。 Number of the case that was opened for it."
    )
    on: date = strawberry.field(description="报告之日。 The day of the report.")
    lead: UnionSeat = strawberry.field(
        description="应主办的工会。 The union that is to lead the case."
    )
    receipts: list[ReceiptDue] = strawberry.field(
        description="两份回执。 Both receipts.", directives=[partners.sized(2)]
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, arrears.FiledReport)


ArrearsAnswer = Annotated[
    FiledReport | Refusal,
    strawberry.union(
        "ArrearsAnswer", description="报告欠薪的结果。 How reporting arrears ends."
    ),
]


@strawberry.type(
    description="一份欠薪报告的内容。 What was reported: wages that were not paid."
)
class ArrearsReport:
    id: strawberry.ID = strawberry.field(
        description="报告编号。 The hub's name of the report."
    )
    on: date = strawberry.field(description="报告之日。 The day of the report.")
    reporter: ArrearsReporter = strawberry.field(description="谁报告。 Who reported.")
    office: str = strawberry.field(
        description="收到报告的工会。 The union that received it."
    )
    employer: str = strawberry.field(
        description="欠薪单位（统一社会信用代码）。 Who owes the wages: unified social credit code."
    )
    main_contractor: str | None = strawberry.field(
        description="总承包单位，连带责任。 The main contractor, liable with it."
    )
    subcontractor: str | None = strawberry.field(
        description="分包单位。 The subcontractor between them."
    )
    project: str | None = strawberry.field(
        description="工程项目。 What is built, if it is about a project."
    )
    division: str = strawberry.field(
        description="欠薪发生地（GB/T 2260）。 Where the arrears arose."
    )
    workers: int = strawberry.field(description="人数。 How many workers.")
    since: date = strawberry.field(
        description="所欠工资的首日。 First day of the wages that are owed."
    )
    until: date = strawberry.field(description="末日。 Last day of them.")
    amount: YuanText = strawberry.field(description="金额（元）。 How much, in yuan.")
    evidence: list[str] = strawberry.field(
        description="证据在该省的名称。 References to evidence in the province."
    )
    guarantee_known: bool = strawberry.field(
        description="已知有工资专户或保证金。 A wage account or guarantee is known of."
    )
    safety_risk: bool = strawberry.field(
        description="有人身安全风险。 People may come to harm."
    )


@strawberry.type(
    description="集体案件：各省对同一用人单位（集团）的欠薪报告合计达到人数。不含姓名；各工会只见本会及下级的报告编号。 "
    "Reports on one employer group, from any provinces, that are one collective case. No names; each union sees the ids of its own reports and of those below it."
)
class CollectiveCase:
    id: strawberry.ID = strawberry.field(description="枢纽的名称。 The hub's name.")
    group: str | None = strawberry.field(
        description="用人单位集团；单独的为其代码。空表示您不得查看案件内容（CONTENT）。 The employer group; alone, the employer's code. Null: content (CONTENT) is not for you."
    )
    own: list[strawberry.ID] = strawberry.field(
        name="ownReports",
        description="贵会及下级收到或主办的报告编号，至多 50 个。 Ids of the reports that your union, or one below it, received or leads: 50 at most.",
    )
    own_more: bool = strawberry.field(
        name="moreOwnReports",
        description="此外还有未列出的。 Whether there are more of them than are named.",
    )
    workers: int = strawberry.field(
        description="各省合计人数；重复列名的只计一次。 Workers in all provinces; who is listed twice counts once."
    )
    others: int = strawberry.field(
        name="otherProvinces",
        description="另有几个省。 How many other provinces there are.",
    )
    reached_on: date = strawberry.field(
        description="达到人数之日。 The day on which there were enough."
    )


CollectiveConnection: Any = connection(
    CollectiveCase, "CollectiveCase", "集体案件。 Collective cases."
)


@strawberry.type(
    description="早发现、早介入、早报告：三个日子和其间天数。 How early arrears were found, acted upon and reported."
)
class EarlyWarning:
    first_signal: date = strawberry.field(
        description="最早征兆。 The first sign of it; a report is one too."
    )
    first_act: date | None = strawberry.field(
        description="工会最早介入；空表示尚未。 When a union first acted, if one has."
    )
    first_report: date | None = strawberry.field(
        description="最早报告。 When it was first reported."
    )
    days_to_act: int | None = strawberry.field(
        description="从征兆到介入的天数。 Days from the signal to the act."
    )
    days_to_report: int | None = strawberry.field(
        description="从征兆到报告的天数。 Days from the signal to the report."
    )
