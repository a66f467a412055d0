"""View: what can be asked about rights cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.case import CaseAnswer, CaseConnection
from schema.graph.case_input import CaseNo, IntakeInput, intake_of
from schema.graph.case_routing import RouteAnswer
from schema.graph.case_task import (
    ListOrder,
    TaskConnection,
    TaskFilterInput,
    wanted_tasks,
)
from schema.graph.case_words import CaseMatter, CaseRoleName, CaseState
from schema.graph.paging import After, First, granted
from schema.graph.provenance import Info
from schema.records import case_list
from schema.records.keys import ProvinceCode
from schema.records.paging import USUAL_ON_PAGE


@strawberry.input(
    name="CaseFilter",
    description="哪些案件；各项须同时成立。按您在某案中不得查看的内容筛选或者排序（如期限），该案不在其列。 "
    "Which cases: all of it must hold. A case is not listed by what you may not see of it, nor in an order by it (as by due dates).",
)
class CaseFilterInput:
    office: str | None = strawberry.field(
        default=None,
        description="某工会及其下级；省略为您自己的工会。 A union and those below it; left out: your own.",
    )
    roles: list[CaseRoleName] | None = strawberry.field(
        default=None,
        description="其担任其中一种角色；被商请主办不是角色（见 asked）。 It has one of these roles; to be asked to lead is none (see asked).",
    )
    asked: bool = strawberry.field(
        default=False,
        description="只要被商请主办或接手的。 Only where it is asked to lead or to take over.",
    )
    matters: list[CaseMatter] | None = strawberry.field(
        default=None, description="其中一种事由。 About one of these."
    )
    states: list[CaseState] | None = strawberry.field(
        default=None, description="处于其中一种状态。 In one of these states."
    )
    lead_province: str | None = strawberry.field(
        default=None,
        description="由该省的工会主办。 Led by a union of this province.",
    )
    due_by: date | None = strawberry.field(
        default=None,
        description="期限在此日或之前。 Something must happen on or before this day.",
    )
    missed: bool = strawberry.field(
        default=False,
        description="只要有期限已过而未办理的。 Only where a limit passed and what it waited for was not done.",
    )
    opened_since: datetime | None = strawberry.field(
        default=None, description="此刻起立案。 Taken in at or after this moment."
    )
    changed_since: datetime | None = strawberry.field(
        default=None,
        description="此刻起有变动。 Something happened at or after this moment.",
    )
    green: bool = strawberry.field(
        default=False, description="只要绿色通道的。 Only those on the green channel."
    )


Order = Annotated[ListOrder, strawberry.argument(description="次序。 In which order.")]


@strawberry.type
class CaseQuery:
    @strawberry.field(
        graphql_type=CaseAnswer,
        directives=[*partners.FOLLOWING],
        description="查一件维权案件；按角色表显示您可见的内容。 "
        "Look one case up; of it you see what the table of roles lets you see.",
    )
    async def case(self, info: Info, no: CaseNo) -> Any:
        return await info.context.cases.one(no)

    @strawberry.field(
        graphql_type=CaseConnection | None,
        directives=[*partners.FOLLOWING, partners.PAGED],
        description="您的工会（及其下级）有角色的案件；翻页期间有变动，也不漏不重。 "
        "Cases in which your union, or one below it, has a part. None is lost or shown twice while they change.",
    )
    async def cases(
        self,
        info: Info,
        filter: Annotated[
            CaseFilterInput | None,
            strawberry.argument(description="哪些案件。 Which of them."),
        ] = None,
        first: First = USUAL_ON_PAGE,
        after: After = None,
        order_by: Order = case_list.ListOrder.OPENED,
    ) -> Any:
        wanted = wanted_cases(filter, order_by)
        return granted(await info.context.cases.page(wanted, first, after))

    @strawberry.field(
        graphql_type=TaskConnection | None,
        directives=[*partners.FOLLOWING, partners.PAGED],
        description="您的工会（及其下级）被交办或交办的协办任务：待办清单。 "
        "Co-handling tasks that your union, or one below it, was given or gave: the to-do list.",
    )
    async def tasks(
        self,
        info: Info,
        filter: Annotated[
            TaskFilterInput | None,
            strawberry.argument(description="哪些任务。 Which of them."),
        ] = None,
        first: First = USUAL_ON_PAGE,
        after: After = None,
        order_by: Order = case_list.ListOrder.DUE,
    ) -> Any:
        wanted = wanted_tasks(filter, order_by)
        return granted(await info.context.cases.tasks(wanted, first, after))

    @strawberry.field(
        graphql_type=RouteAnswer,
        directives=[*partners.WORKING],
        description="预览：若立案，由何地管辖、何工会主办，及其依据；不立案。 "
        "Preview: which place would be competent and which union would lead, and why. Nothing is opened.",
    )
    async def route_case(
        self,
        info: Info,
        input: Annotated[
            IntakeInput, strawberry.argument(description="请求。 The request.")
        ],
    ) -> Any:
        return await info.context.cases.route(intake_of(input))


def wanted_cases(given: CaseFilterInput | None, order: Any) -> case_list.CaseFilter:
    """Turn the input into the value."""
    if given is None:
        return case_list.CaseFilter(order=order)
    province = given.lead_province
    return case_list.CaseFilter(
        office=given.office,
        roles=tuple(given.roles or ()),
        asked=given.asked,
        matters=tuple(given.matters or ()),
        states=tuple(given.states or ()),
        lead_province=None if province is None else ProvinceCode(province),
        due_by=given.due_by,
        missed=given.missed,
        opened_since=given.opened_since,
        changed_since=given.changed_since,
        green=given.green,
        order=order,
    )
