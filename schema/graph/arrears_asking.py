"""View: reporting arrears, and listing the collective cases that come of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.arrears import (
    ArrearsAnswer,
    ArrearsReporter,
    CollectiveConnection,
)
from schema.graph.moving_input import Key
from schema.graph.paging import After, First, granted
from schema.graph.provenance import Info
from schema.graph.view import YuanText
from schema.records.arrears_wish import ArrearsWish
from schema.records.keys import WorkerId
from schema.records.paging import USUAL_ON_PAGE


@strawberry.input(
    description="欠薪报告（002 §5）；即为其立案。 Wages were not paid: a case is opened for it."
)
class ArrearsInput:
    by: str = strawberry.field(
        description="收到报告的工会。 The union that received the report."
    )
    on: date = strawberry.field(
        description="报告之日（中国时间）。 The day of the report, in China."
    )
    reporter: ArrearsReporter = strawberry.field(description="谁报告。 Who reports.")
    employer: str = strawberry.field(
        description="欠薪单位（统一社会信用代码，GB 32100）。 Who owes the wages."
    )
    division: str = strawberry.field(
        description="欠薪发生地（GB/T 2260）。 Where the arrears arose."
    )
    workers: int = strawberry.field(description="人数。 How many workers.")
    since: date = strawberry.field(
        description="所欠工资的首日。 First day of the wages that are owed."
    )
    until: date = strawberry.field(description="末日。 Last day of them.")
    amount: YuanText = strawberry.field(
        description="金额（元），可以估计。 How much, in yuan; an estimate will do."
    )
    signal_on: date | None = strawberry.field(
        default=None,
        description="最早征兆之日，如早于报告。 When there was a first sign of it, if before the report.",
    )
    main_contractor: str | None = strawberry.field(
        default=None, description="总承包单位的代码。 Code of the main contractor."
    )
    subcontractor: str | None = strawberry.field(
        default=None, description="分包单位的代码。 Code of the subcontractor."
    )
    project: str | None = strawberry.field(
        default=None, description="工程项目，不得含个人信息。 What is built."
    )
    listed: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="已知职工在枢纽的名称；可以不全。 The hub's names of those who are known; may be fewer.",
    )
    local_ids: list[str] = strawberry.field(
        default_factory=list,
        description="已知职工在收到报告的省的名称。 Names of workers in the register of that union's province.",
    )
    home: str | None = strawberry.field(
        default=None,
        description="职工的归属工会，如已知。 The workers' home union, if it is known.",
    )
    evidence: list[str] = strawberry.field(
        default_factory=list,
        description="证据在该省的名称；内容留在该省。 References to evidence; its content stays in the province.",
    )
    guarantee_known: bool = strawberry.field(
        default=False,
        description="已知有工资专户或保证金。 A wage account or guarantee is known of.",
    )
    safety_risk: bool = strawberry.field(
        default=False,
        description="有人身安全风险：即走绿色通道。 People may come to harm: the case is on the green channel.",
    )
    green: bool = strawberry.field(
        default=False, description="绿色通道。 On the green channel."
    )


@strawberry.type
class ArrearsMutation:
    @strawberry.mutation(
        graphql_type=ArrearsAnswer,
        directives=[*partners.REPORTING, partners.ACT],
        description="报告欠薪：即立案，商请欠薪发生地工会主办，并须取得劳动监察和上级工会的回执。 "
        "Report arrears: its case is opened, the union where they arose is asked to lead, and both receipts must come.",
    )
    async def report_arrears(
        self,
        info: Info,
        input: Annotated[
            ArrearsInput, strawberry.argument(description="报告。 The report.")
        ],
        idempotency_key: Key,
    ) -> Any:
        return await info.context.arrears.report(wish_of(input), idempotency_key)


@strawberry.type
class ArrearsQuery:
    @strawberry.field(
        graphql_type=CollectiveConnection | None,
        directives=[*partners.COUNTING, partners.PAGED],
        description="某工会及其下级收到报告或主办其中案件的集体案件，按形成先后。 "
        "Collective cases in which a union, or one below it, received a report or leads a case, in the order in which they were formed.",
    )
    async def collective_cases(
        self,
        info: Info,
        office: Annotated[
            str, strawberry.argument(description="哪个工会。 Which union.")
        ],
        first: First = USUAL_ON_PAGE,
        after: After = None,
    ) -> Any:
        return granted(await info.context.arrears.collectives(office, first, after))


def wish_of(given: ArrearsInput) -> ArrearsWish:
    """Turn the input into the value."""
    return ArrearsWish(
        by=given.by,
        on=given.on,
        reporter=given.reporter,
        employer=given.employer,
        division=given.division,
        workers=given.workers,
        since=given.since,
        until=given.until,
        amount=_amount(given.amount),
        signal_on=given.signal_on,
        main_contractor=given.main_contractor,
        subcontractor=given.subcontractor,
        project=given.project,
        listed=tuple(WorkerId(one) for one in given.listed),
        local_ids=tuple(given.local_ids),
        home=given.home,
        evidence=tuple(given.evidence),
        guarantee_known=given.guarantee_known,
        safety_risk=given.safety_risk,
        green=given.green,
    )


def _amount(written: str) -> Decimal:
    """Read an amount; what is none is refused with the rest of the report."""
    try:
        return Decimal(written)
    except InvalidOperation:
        return Decimal("NaN")
