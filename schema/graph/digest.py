"""View: what an office has to do, counted on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.outcomes import Refusal
from schema.graph.provenance import Info
from schema.graph.view import describe
from schema.records import digest

DigestPart: Any = describe(
    digest.DigestPart,
    "每日摘要中的一项。 What a digest counts.",
    {
        "DUE_TODAY": "今日到期的案件。 Cases in which something must happen on the day.",
        "DUE_THIS_WEEK": "此后六日到期的案件。 The same in the six days after it.",
        "MISSED": "有期限已过的案件。 Cases in which a limit has passed.",
        "ASKED_TO_LEAD": "被商请主办或接手的案件。 Cases which a union is asked to lead or take over.",
        "NEW_CASES": "昨日以来的新案件。 Cases that began the day before, or on the day.",
        "TASKS_OVERDUE": "逾期的协办任务。 Tasks a limit of which has passed.",
        "TASKS_DUE_TODAY": "今日到期的协办任务。 Tasks to be acknowledged or answered on the day.",
        "OFFERS_WAITING": "待接收的会籍。 Members who are offered and wait for an answer.",
        "MEMBERS_LANDED": "昨日以来兜底落地的会员。 Members who landed since the day before.",
    },
)


@strawberry.type(description="摘要中的一件。 One of those that are counted.")
class DigestItem:
    id: strawberry.ID = strawberry.field(
        description="案号或转接编号。 Number of the case, or id of the transfer."
    )
    union: str = strawberry.field(description="哪个工会的。 The union that it is for.")
    due_on: date | None = strawberry.field(
        description="期限，如有。 By when, if there is such a day."
    )

    @strawberry.field(
        description="任务编号，如是任务。 Number of the task, if it is one."
    )
    def task(self: Any) -> str | None:
        return self.task or None


@strawberry.type(
    description="摘要中的一项：件数和前几件。 How many there are, and the first of them."
)
class DigestCount:
    part: DigestPart = strawberry.field(description="哪一项。 Of what.")
    count: int = strawberry.field(description="件数。 How many.")
    items: list[DigestItem] = strawberry.field(
        description="前十件，先到期的在前。 The first ten, what is due first before.",
        directives=[partners.sized(10)],
    )


@strawberry.type(
    description="某工会及其下级今日要办的。 What a union and those below it have to do."
)
class Digest:
    office: str = strawberry.field(description="哪个工会。 Which union.")
    on: date = strawberry.field(description="哪一日。 The day, in China.")
    parts: list[DigestCount] = strawberry.field(
        description="各项，每项一次。 Each part once.", directives=[partners.sized(9)]
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, digest.Digest)


DigestAnswer = Annotated[
    Digest | Refusal,
    strawberry.union(
        "DigestAnswer", description="查询摘要的结果。 How asking for it ends."
    ),
]


@strawberry.type
class DigestQuery:
    @strawberry.field(
        graphql_type=DigestAnswer,
        directives=[*partners.COUNTING, partners.LOOK_UP],
        description="每日摘要：今日、本周到期，逾期任务，待答复，新案件，落地会员。 "
        "The digest of a day: what is due today and this week, overdue tasks, what waits for an answer, what is new, who landed.",
    )
    async def digest(
        self,
        info: Info,
        office: Annotated[
            str,
            strawberry.argument(
                description="哪个工会，含下级。 Which union, with those below it."
            ),
        ],
        on: Annotated[
            date | None,
            strawberry.argument(
                description="哪一日；省略为今日。 Which day; left out: today."
            ),
        ] = None,
    ) -> Any:
        return await info.context.digests.digest(office, on)
