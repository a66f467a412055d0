"""View: a membership credential, and what it is worth."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
import strawberry

from schema.graph import partners
from schema.graph.outcomes import Refusal
from schema.graph.provenance import Info
from schema.graph.view import describe
from schema.records import moving

CredentialState: Any = describe(
    moving.CredentialState,
    "会员证是否有效。 What a credential is worth.",
    {
        "VALID": "有效，可接转一次。 It may serve one transfer.",
        "EXPIRED": "已过期；请原工会另签一份。 It has expired; the home union issues another.",
        "REVOKED": "已吊销，或已被新证取代。 It was revoked, or another took its place.",
        "REDEEMED": "已用于一次接转。 It has served its one transfer.",
        "FORGED": "签名不符，或内容有误。 Its signature does not hold, or it says what no hub would.",
        "FOREIGN": "不是本枢纽所签。 It was issued by somebody whom this hub does not know.",
    },
)


@strawberry.type(
    name="Credential",
    directives=partners.PERSONAL,
    description="会员证所载；只有假名，没有身份号码与姓名。 What a credential says: a pseudonym, never an ID number or a name.",
)
class Credential:
    id: strawberry.ID = strawberry.field(description="证号。 Its own name.")
    worker: strawberry.ID = strawberry.field(
        description="枢纽对持证人的名称。 The hub's name of the holder."
    )
    membership_no: str = strawberry.field(
        description="会员证号。 Number of the membership card."
    )
    union: str = strawberry.field(
        description="签发的工会，即归属工会。 The home union that issued it."
    )
    province: str = strawberry.field(description="其省。 Its province.")
    issued_at: datetime = strawberry.field(description="签发时刻。 When.")
    expires_at: datetime = strawberry.field(
        description="可用至何时。 Until when it may be redeemed."
    )
    status_list: str = strawberry.field(
        description="状态列表的地址，可离线缓存。 Address of the status list; it may be cached."
    )
    status_index: int = strawberry.field(
        description="在状态列表中的位置。 Its place in the status list."
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, moving.CredentialClaims)


@strawberry.type(
    directives=partners.PERSONAL,
    description="新签的会员证；交给持证人，只此一次。 A credential as it is handed to the holder, once.",
)
class IssuedCredential:
    claims: Credential = strawberry.field(description="所载内容。 What it says.")
    compact: str = strawberry.field(
        description="会员证本身（紧凑 JWS）。 The credential itself: a compact JWS."
    )
    code: str = strawberry.field(
        description="持证人确认码：只在此显示一次，枢纽只存其密钥哈希。 The holder's confirmation code: shown this once."
    )

    @strawberry.field(
        description="会员证的二维码（SVG）。 The credential as a QR image (SVG)."
    )
    async def qr_svg(self: Any, info: Info) -> str:
        drawn: str = await info.context.credentials.image(self.compact)
        return drawn

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, moving.IssuedCredential)


class Presented(msgspec.Struct, frozen=True):
    """Value: a presentation that was made."""

    compact: str


@strawberry.type(
    directives=partners.PERSONAL,
    description="出示凭据：短时有效，只对一个工会。 A presentation: short-lived, and for one union only.",
)
class Presentation:
    compact: str = strawberry.field(
        description="代替会员证交给新工会，无须确认码。 Hand it to the new union instead of credential and code."
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, Presented)


@strawberry.type(
    directives=partners.PERSONAL,
    description="所验的是出示凭据：它本身与会员证各自的状态。 It was a presentation: its own state, and its credential's.",
)
class VerifiedPresentation:
    to_union: str = strawberry.field(
        description="只对哪个工会有效。 The only union that may use it."
    )
    expires_at: datetime = strawberry.field(
        description="可用至何时。 Until when it may be used."
    )
    state: CredentialState = strawberry.field(
        description="出示凭据本身：VALID；EXPIRED；REDEEMED 即已使用。 Its own: VALID, EXPIRED, or REDEEMED if it was used."
    )
    credential: CredentialState = strawberry.field(
        description="会员证是否有效。 What the credential is worth."
    )


@strawberry.type(
    directives=partners.PERSONAL,
    description="验证会员证或出示凭据的结果。 What verifying a credential, or a presentation of it, found.",
)
class VerifiedCredential:
    state: CredentialState = strawberry.field(
        description="是否有效；出示凭据过期或已用的为其本身，否则为会员证的状态。 What it is worth; of a presentation that expired or was used its own, else its credential's."
    )
    claims: Credential | None = strawberry.field(
        description="会员证所载；签名不符，或出示凭据是给别的工会的，则为空。 What the credential says; null where the signature does not hold, or where a presentation is for another union than yours."
    )
    checked_at: datetime = strawberry.field(description="何时验证。 When.")
    presentation: VerifiedPresentation | None = strawberry.field(
        description="所验的是出示凭据时。 Where it was a presentation."
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, moving.Verified)


IssueAnswer = Annotated[
    IssuedCredential | Refusal,
    strawberry.union("IssueAnswer", description="签发的结果。 How issuing ends."),
]
RevokeAnswer = Annotated[
    Credential | Refusal,
    strawberry.union("RevokeAnswer", description="吊销的结果。 How revoking ends."),
]
PresentAnswer = Annotated[
    Presentation | Refusal,
    strawberry.union("PresentAnswer", description="出示的结果。 How presenting ends."),
]
VerifyAnswer = Annotated[
    VerifiedCredential | Refusal,
    strawberry.union("VerifyAnswer", description="验证的结果。 How verifying ends."),
]
