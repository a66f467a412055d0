"""View: registering links, and what came of each statement."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import strawberry

from schema.graph.outcomes import Refusal
from schema.graph.partners import PERSONAL
from schema.graph.provenance import RecordKindEnum
from schema.graph.view import describe
from schema.records import linking
from schema.records.linking import LinkRow

if TYPE_CHECKING:
    from collections.abc import Mapping

LinkOutcome: Any = describe(
    linking.Outcome,
    "一条关联登记的结果。 What came of one statement.",
    {
        "CREATED": "新登记。 A new link.",
        "UNCHANGED": "此前已如此登记。 It stood like this before.",
        "UPDATED": "已更新。 It was changed.",
        "ENDED": "已终止。 It was ended.",
        "CONFLICT": "与现有关联相矛盾，须由人工裁定，现有关联未动。 "
        "It contradicts a link that stands; people must decide, nothing was changed.",
        "REFUSED": "不能使用，未登记。 It cannot be used; nothing was registered.",
    },
    name="LinkOutcome",
)


@strawberry.input(
    description="声明：某省的某名称即某人。 The statement that a local key is a person."
)
class LinkInput:
    resident_id: str = strawberry.field(
        directives=PERSONAL,
        description="居民身份号码；只用于计算假名，不予存储。 Resident ID number: only its keyed pseudonym is kept.",
    )
    province: str = strawberry.field(description="省级代码。 Code of the province.")
    local_id: str = strawberry.field(
        description="该省系统中的名称；不得是身份号码。 The name in its system; never an ID number."
    )
    kinds: list[RecordKindEnum] = strawberry.field(
        description="该省保存哪几类行。 Which kinds of rows the province keeps."
    )
    valid_from: date = strawberry.field(description="生效日。 First day of validity.")
    valid_to: date | None = strawberry.field(
        default=None,
        description="失效日；空表示仍有效。 Last day; null while it holds.",
    )


@strawberry.type(description="一条登记的结果。 What came of one statement.")
class LinkResult:
    row: int = strawberry.field(
        description="在所提交列表中的位置，从 0 起。 Its place in the list that was sent, from 0."
    )
    outcome: LinkOutcome = strawberry.field(description="结果。 What came of it.")
    refusal: Refusal | None = strawberry.field(
        description="冲突或被拒的原因。 Why, if it is a conflict or was refused."
    )


class Registered(msgspec.Struct, frozen=True):
    """Value: what came of all statements of one call."""

    results: tuple[linking.LinkResult, ...]


@strawberry.type(
    description="各条登记的结果；部分成功属正常。 What came of each; partial success is normal."
)
class LinksRegistered:
    results: list[LinkResult] = strawberry.field(
        description="次序与所提交者一致。 In the order in which they were sent."
    )

    @strawberry.field(description="某种结果的条数。 How many ended in a given way.")
    def count(self: Any, outcome: LinkOutcome) -> int:
        return Counter(result.outcome for result in self.results)[outcome]

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, Registered)


RegisterAnswer = Annotated[
    LinksRegistered | Refusal,
    strawberry.union(
        "RegisterAnswer", description="登记的结果。 How registering ends."
    ),
]


def _row(_type: type, one: Mapping[str, Any], _context: Any) -> LinkRow:
    """Make the value of what GraphQL has checked.

    Strawberry would make a ``LinkInput`` first, field by field: of a thousand
    statements it made so in 55 ms, and nobody else had a turn meanwhile.
    """
    valid_to = one.get("validTo")
    return LinkRow(
        resident_id=one["residentId"],
        province=one["province"],
        local_key=one["localId"],
        kinds=tuple(kind.value for kind in one["kinds"]),
        valid_from=one["validFrom"].isoformat(),
        valid_to=valid_to.isoformat() if valid_to else None,
    )


LinkInput.__strawberry_definition__.from_input = _row  # type: ignore[attr-defined]  # strawberry adds it
