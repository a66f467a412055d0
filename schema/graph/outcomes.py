"""View: how a question can end other than with an answer."""

from __future__ import annotations

from typing import Any

import msgspec
import strawberry

from schema.graph.partners import SHARED
from schema.graph.provenance import Info
from schema.records import refusal
from schema.records.refusal import Bilingual


class Nobody(msgspec.Struct, frozen=True):
    """Value: a look-up that found no worker."""


_NOBODY = Bilingual(
    "没有省份登记过该职工。请核对号码；如职工确曾入会，请其原籍工会先登记关联。",
    "No province has registered this worker. Check the number; if they did join, "
    "have the union of their home place register the link.",
)


@strawberry.type(
    directives=SHARED,
    description="规则不允许，或输入不能使用；说明原因与补救办法。 "
    "A rule said no, or an input cannot be used; with the way to mend it.",
)
class Refusal:
    code: str = strawberry.field(
        description="稳定的原因代码。 Stable name of the reason."
    )
    rule: str = strawberry.field(
        description="作出拒绝的规则或策略。 The rule or policy that refused."
    )

    @strawberry.field(description="问题所在（按 Accept-Language）。 What was wrong.")
    def message(self: Any, info: Info) -> str:
        return info.context.say(self.message)

    @strawberry.field(description="如何改正。 How to put it right.")
    def remedy(self: Any, info: Info) -> str:
        return info.context.say(self.remedy)

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell refusals from the other members of a union."""
        return isinstance(value, refusal.Refusal)


@strawberry.type(
    directives=SHARED,
    description="没有省份登记过所查职工。 No province has registered the worker who is sought.",
)
class UnknownWorker:
    @strawberry.field(description="说明与建议。 What that means, and what to do.")
    def message(self: Any, info: Info) -> str:
        return info.context.say(_NOBODY)

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, Nobody)
