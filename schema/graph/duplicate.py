"""View: a question whether one worker has two memberships."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.outcomes import Refusal
from schema.graph.paging import connection
from schema.graph.view import describe
from schema.records import duplicate
from schema.records.keys import ProvinceCode

DuplicateState: Any = describe(
    duplicate.DuplicateState,
    "重复会籍问题的进度；从不自动处理。 How far a question is; nothing follows by itself.",
    {
        "OPEN": "双方工会已获通知；任一工会可随时查明不是重复（不填 kept）。写错会员证号的，也先如此终止，再重新提出。 Both unions have notice; either may end it at any time as no duplicate (without kept). So is a report with a wrong card number, before it is made anew.",
        "RESOLVED": "已裁定：其一保留，其一终止。 Resolved: one membership goes on, the other ends.",
        "DISMISSED": "不是重复。 Dismissed: it is no duplicate.",
        "UNDONE": "裁定已撤销。 It was resolved, and that was undone.",
    },
)


@strawberry.type(
    directives=partners.PERSONAL,
    description="两份会籍之一。 One of the two memberships.",
)
class DuplicateMembership:
    union: str = strawberry.field(description="所在工会。 Where it is.")
    province: str = strawberry.field(description="其省。 Its province.")
    membership_no: str = strawberry.field(
        description="该处的会员证号。 Number of the membership card there."
    )


@strawberry.type(
    directives=partners.PERSONAL,
    description="职工本人的答复；由人裁定，不自动办理。 What the worker says; people decide, and nothing follows by itself.",
)
class DuplicateReply:
    same_worker: bool = strawberry.field(
        description="两份是否都是本人的。 Whether both are theirs."
    )
    wished: str | None = strawberry.field(
        description="希望保留会籍的工会。 The union where they wish to stay a member."
    )
    reason: str = strawberry.field(description="本人的话。 In their own words.")
    at: datetime = strawberry.field(description="何时。 When.")


@strawberry.type(
    directives=[*partners.HOLDING, *partners.PERSONAL],
    description="疑似重复会籍：由人提出、由人裁定，有通知、期限、理由，可撤销。 "
    "A possible duplicate membership: asked and resolved by people, with notice, a term and reasons; it can be undone.",
)
class DuplicateQuestion:
    id: strawberry.ID = strawberry.field(description="枢纽的名称。 The hub's name.")
    worker: strawberry.ID = strawberry.field(
        description="枢纽对该职工的名称。 The hub's name of the worker."
    )
    first: DuplicateMembership = strawberry.field(description="其一。 One of them.")
    second: DuplicateMembership = strawberry.field(description="其二。 The other.")
    reason: str = strawberry.field(description="为何提出。 Why it was asked.")
    office: str = strawberry.field(description="谁提出。 Who asked.")
    asked_at: datetime = strawberry.field(description="何时提出。 When.")
    answer_by: date = strawberry.field(
        description="期限的最后一日；此前不得归并。 The last day of the term: no membership is ended before."
    )
    rule: str = strawberry.field(
        description="定出期限的规则编号。 Id of the rule that set the term."
    )
    state: DuplicateState = strawberry.field(description="进度。 How far it is.")
    kept: str | None = strawberry.field(
        description="保留会籍的工会。 The union whose membership goes on, once resolved."
    )
    transfer: strawberry.ID | None = strawberry.field(
        description="终止另一份会籍的转接。 The transfer that ends the other."
    )
    reply: DuplicateReply | None = strawberry.field(
        description="职工本人最近的答复（answerDuplicate）；空表示尚未答复。 What the worker said last (answerDuplicate); null: nothing yet."
    )
    decided_at: datetime | None = strawberry.field(
        description="裁定、驳回或撤销的时刻。 When it was resolved, dismissed or undone."
    )

    @strawberry.field(description="由谁裁定。 Which office decided last.")
    def decided_by(self: Any) -> str | None:
        return self.decided_by or None

    @strawberry.field(description="裁定的理由。 Its reason.")
    def because(self: Any) -> str | None:
        return self.because or None

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, duplicate.DuplicateQuestion)


DuplicateAnswer = Annotated[
    DuplicateQuestion | Refusal,
    strawberry.union(
        "DuplicateAnswer",
        description="处理重复会籍问题的结果。 How asking or deciding ends.",
    ),
]

DuplicateConnection: Any = connection(
    DuplicateQuestion,
    "Duplicate",
    "疑似重复会籍的问题。 Questions of duplicate memberships.",
)


@strawberry.input(description="两份会籍之一。 One of the two memberships.")
class DuplicateMembershipInput:
    union: str = strawberry.field(
        description="所在工会（统一社会信用代码）。 Where it is: unified social credit code."
    )
    province: str = strawberry.field(description="省级代码。 Code of its province.")
    local_id: str = strawberry.field(
        description="职工在该省系统中的名称。 The worker's name in its system."
    )
    membership_no: str = strawberry.field(
        directives=partners.PERSONAL,
        description="该处的会员证号。 Number of the membership card there.",
    )


def found(given: DuplicateMembershipInput) -> duplicate.Found:
    """Turn the input into the value."""
    return duplicate.Found(
        union=given.union,
        province=ProvinceCode(given.province),
        local_id=given.local_id,
        membership_no=given.membership_no,
    )
