"""View: what an office wishes to do about a rights case."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry

from schema.graph.case_words import CaseMatter, Forum
from schema.records import case_wish
from schema.records.keys import WorkerId

CaseNo = Annotated[
    strawberry.ID, strawberry.argument(description="案号。 Number of the case.")
]
By = Annotated[
    str | None,
    strawberry.argument(
        description="以哪个工会的名义；省略为您所代表的、能办理此事的唯一工会，有几个时须写明。 "
        "For which union; left out: the only one of yours that can do it. Where there are several, name one."
    ),
]
Why = Annotated[
    str,
    strawberry.argument(
        description="理由，1 至 200 字，不得含个人信息；案中各工会可见。 "
        "Why, 1 to 200 characters, without personal data; the unions of the case see it."
    ),
]
TaskNo = Annotated[
    str,
    strawberry.argument(
        description="任务在案件中的编号。 Number of the task in the case."
    ),
]
ToUnion = Annotated[
    str,
    strawberry.argument(
        description="哪个工会（统一社会信用代码）。 Which union, by its unified social credit code."
    ),
]
OnDay = Annotated[
    date,
    strawberry.argument(
        description="哪一日（中国时间），不得在将来。 The day, in China; never one to come."
    ),
]


@strawberry.input(
    name="CaseFactInput",
    description="期限所依据的一件事实，或其更正。 Something that happened, from which clocks run; or a correction of it.",
)
class FactInput:
    kind: str = strawberry.field(
        description="发生了什么：规则文件 clocks.toml 中的代码。 What: a code of hub/rules/clocks.toml."
    )
    on: date = strawberry.field(
        description="哪一日，不得在将来。 The day, in China; never one to come."
    )
    about: str = strawberry.field(
        default="",
        description="所关任务、材料或报告；空为整个案件。 The task, document or report that it is about; empty: the case.",
    )
    names: date | None = strawberry.field(
        default=None,
        description="其所定的日期，例如开庭日。 The day that it names, such as that of a hearing.",
    )
    days: int | None = strawberry.field(
        default=None,
        description="所准延长的天数。 Of an extension: how many days were granted.",
    )
    corrects: str | None = strawberry.field(
        default=None,
        description="所更正事实的 id；省略为新的事实。 Id of the fact that it puts right; left out: a new fact.",
    )
    withdrawn: bool = strawberry.field(
        default=False,
        description="所更正的事实并未发生。 What it corrects did not happen.",
    )


@strawberry.input(
    name="CaseDocumentInput",
    description="材料：只给名称和散列值，内容留在您省。 A document by reference and hash; its content stays in your province.",
)
class DocumentInput:
    reference: str = strawberry.field(
        description="在您省的名称。 Its name in your province."
    )
    sha256: str = strawberry.field(
        description="内容的散列值，64 位十六进制。 Hash of its content, 64 hexadecimal digits."
    )
    task: str = strawberry.field(
        default="",
        description="所属任务的编号；空为案件。 Number of its task; empty: it is the case's.",
    )


@strawberry.input(
    name="OpenCaseInput",
    description="工会或工作站接到一件请求。workers 与 localIds 合计至少一名。 "
    "A union or station received a request. Name a worker at least, by workers or localIds.",
)
class IntakeInput:
    by: str = strawberry.field(
        description="受理的工会或工作站。 The union or station that received it."
    )
    matter: CaseMatter = strawberry.field(description="事由。 What it is about.")
    received_on: date = strawberry.field(
        description="工会首次接到请求之日。 The day on which a union first received the request."
    )
    no: str | None = strawberry.field(
        default=None,
        description="省案卷已有的案号，枢纽在前加省级代码（44-…）；省略则由枢纽编号。 The number that the province's file has; the hub puts the province's code in front (44-…). Left out: the hub makes one.",
    )
    workers: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="职工在枢纽的名称。 The hub's names of the workers.",
    )
    local_ids: list[str] | None = strawberry.field(
        default=None,
        description="职工在受理省系统中的名称。 Names of workers in the register of the province that took it in.",
    )
    home: str | None = strawberry.field(
        default=None,
        description="会籍所在工会，如已知。 The workers' home union, as far as it is known.",
    )
    forum: Forum | None = strawberry.field(
        default=None,
        description="由谁裁处；省略则按事由。 Who is to decide; left out: as the matter says.",
    )
    workplace: str | None = strawberry.field(
        default=None,
        description="用工地区划代码（GB/T 2260）。 Where the work is done (GB/T 2260).",
    )
    employer_seat: str | None = strawberry.field(
        default=None,
        description="用人单位所在地。 Where the employer has its seat.",
    )
    insurance_place: str | None = strawberry.field(
        default=None, description="参保地。 Where the employer is insured."
    )
    body_place: str | None = strawberry.field(
        default=None,
        description="争议处理机构所在地。 Where the body that deals with it sits.",
    )
    employer_union: str | None = strawberry.field(
        default=None, description="企业工会。 The union in the enterprise."
    )
    green: bool = strawberry.field(
        default=False, description="绿色通道。 On the green channel."
    )
    facts: list[FactInput] | None = strawberry.field(
        default=None,
        description="已知的其他事实。 What else is known to have happened.",
    )


def intake_of(given: IntakeInput) -> case_wish.IntakeWish:
    """Turn the input into the value."""
    return case_wish.IntakeWish(
        by=given.by,
        matter=given.matter,
        received_on=given.received_on,
        no=given.no,
        workers=tuple(WorkerId(one) for one in given.workers or ()),
        local_ids=tuple(given.local_ids or ()),
        home=given.home,
        forum=given.forum,
        workplace=given.workplace,
        employer_seat=given.employer_seat,
        insurance_place=given.insurance_place,
        body_place=given.body_place,
        employer_union=given.employer_union,
        green=given.green,
        facts=facts_of(given.facts),
    )


def facts_of(given: list[FactInput] | None) -> tuple[case_wish.FactWish, ...]:
    """Turn facts into values."""
    return tuple(
        case_wish.FactWish(
            kind=one.kind,
            on=one.on,
            about=one.about,
            names=one.names,
            days=one.days,
            corrects=one.corrects,
            withdrawn=one.withdrawn,
        )
        for one in given or ()
    )


def document_of(given: Any) -> Any:
    """Turn a document into the value; none if there is none."""
    if given is None:
        return None
    return case_wish.DocumentWish(
        reference=given.reference, sha256=given.sha256, task=given.task
    )
