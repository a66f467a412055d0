"""View: what an office wishes to do about a membership."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.outcomes import Refusal
from schema.graph.transfer import Transfer
from schema.records import moving
from schema.records.issuing import IssueWish
from schema.records.keys import WorkerId

Key = Annotated[
    str,
    strawberry.argument(
        description="幂等键，1 至 128 个可见字符：重复提交同一键，得同一结果，不会办两次。 "
        "1 to 128 printable characters: the same act under the same key is done once, and answered alike."
    ),
]
TransferId = Annotated[
    strawberry.ID, strawberry.argument(description="哪件转接。 Which transfer.")
]
Reason = Annotated[
    str,
    strawberry.argument(
        description="理由，1 至 200 字，不得含个人信息；双方工会可见。 "
        "Why, 1 to 200 characters, without personal data; both unions see it."
    ),
]


@strawberry.type(
    description="该职工已有一件接转在办：见此件；未作任何更改。 "
    "The worker is in a transfer already: here it is. Nothing was changed."
)
class AlreadyOpen:
    transfer: Transfer = strawberry.field(
        description="在办的那一件。 The one that is open."
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, moving.AlreadyOpen)


OpenAnswer = Annotated[
    Transfer | AlreadyOpen | Refusal,
    strawberry.union(
        "OpenAnswer", description="发起接转的结果。 How opening a transfer ends."
    ),
]
ActAnswer = Annotated[
    Transfer | Refusal,
    strawberry.union(
        "ActAnswer", description="办理的结果。 How an act on a transfer ends."
    ),
]


@strawberry.input(
    description="新工会凭会员证申请。 The new union asks, with the credential."
)
class RequestTransferInput:
    credential: str = strawberry.field(
        directives=partners.PERSONAL,
        description="会员证或出示凭据。 The credential, or a presentation of it.",
    )
    to_union: str = strawberry.field(
        description="新工会（统一社会信用代码）。 The new union."
    )
    code: str | None = strawberry.field(
        default=None,
        description="持证人确认码；有出示凭据则不需要。 The holder's confirmation code; not needed with a presentation.",
    )
    local_id: str | None = strawberry.field(
        default=None,
        description="职工在新省系统中的名称，若已有。 The worker's name in the new register, if there is one.",
    )


@strawberry.input(
    description="原工会转出：worker 与 localId 恰给其一。 The old union offers a member: give exactly one of worker and localId."
)
class OfferTransferInput:
    membership_no: str = strawberry.field(
        directives=partners.PERSONAL,
        description="会员证号。 Number of the membership card.",
    )
    from_union: str = strawberry.field(description="原工会。 The old union.")
    to_union: str = strawberry.field(description="新工会。 The new union.")
    worker: strawberry.ID | None = strawberry.field(
        default=None,
        description="枢纽对该职工的名称。 The hub's name of the worker.",
    )
    local_id: str | None = strawberry.field(
        default=None,
        description="职工在原省系统中的名称。 The worker's name in the old province.",
    )
    residence: str | None = strawberry.field(
        default=None,
        description="居住地区划代码（GB/T 2260），逾期时落到该地工会。 Where the worker lives: there they land when the limit passes.",
    )


@strawberry.input(
    description="归属工会签发会员证：worker 与 localId 恰给其一。 The home union issues a credential: give exactly one of worker and localId."
)
class IssueCredentialInput:
    union: str = strawberry.field(description="归属工会。 The home union.")
    membership_no: str = strawberry.field(
        directives=partners.PERSONAL,
        description="会员证号。 Number of the membership card.",
    )
    worker: strawberry.ID | None = strawberry.field(
        default=None,
        description="枢纽对该职工的名称。 The hub's name of the worker.",
    )
    local_id: str | None = strawberry.field(
        default=None,
        description="职工在该省系统中的名称。 The worker's name in the union's province.",
    )


def request_of(given: RequestTransferInput) -> moving.RequestWish:
    """Turn the input into the value."""
    return moving.RequestWish(
        credential=given.credential,
        to_union=given.to_union,
        code=given.code,
        local_id=given.local_id,
    )


def offer_of(given: OfferTransferInput) -> moving.OfferWish:
    """Turn the input into the value."""
    worker: Any = given.worker
    return moving.OfferWish(
        membership_no=given.membership_no,
        from_union=given.from_union,
        to_union=given.to_union,
        worker=None if worker is None else WorkerId(worker),
        local_id=given.local_id,
        residence=given.residence,
    )


def issue_of(given: IssueCredentialInput) -> IssueWish:
    """Turn the input into the value."""
    worker: Any = given.worker
    return IssueWish(
        union=given.union,
        membership_no=given.membership_no,
        worker=None if worker is None else WorkerId(worker),
        local_id=given.local_id,
    )
