"""View: where a membership was at home, and who says so."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.provenance import Info
from schema.graph.stays import StaySource, stays
from schema.graph.view import describe, enum
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipState

#: The name of the field, and what of a membership it needs to be known.
FIELD = "membershipHistory"
NEEDED = frozenset(
    {
        *("membership_no", "union_code", "union_name", "state", "since", "until"),
        "registered_out_on",
    }
)

_State: Any = enum(MembershipState)
_Source: Any = describe(
    StaySource,
    "由谁告知。 Who tells of a stay.",
    {
        "REGISTER": "省级登记。 A register.",
        "HUB": "枢纽办理的接转；登记尚未告知。 A transfer by the hub; no register has told it yet.",
        "BOTH": "两者。 Both.",
    },
)


@strawberry.type(
    directives=partners.PERSONAL,
    description="在某工会的一段会籍。每一日恰有一个归属；与之矛盾的说法也列出（home 为 false）。 "
    "A membership at one union. Each day has exactly one home; what contradicts it is listed too, with `home: false`.",
)
class MembershipStay:
    province: str = strawberry.field(description="其省。 Its province.")
    union_name: str | None = strawberry.field(
        description="工会名称，若登记告知。 Its name, where a register told it."
    )
    since: date | None = strawberry.field(
        description="首日；空表示登记未告知。 First day; null: no register knows it."
    )
    until: date | None = strawberry.field(
        description="末日；空表示仍在。 Last day; null while it lasts."
    )
    state: _State | None = strawberry.field(
        description="会籍状态，依登记；给出 asOf 而此后才结束者为空。 "
        "As the register has it; null where it ended only after `asOf`."
    )
    membership_no: str | None = strawberry.field(
        description="会员证号。 Number of the membership card."
    )
    source: _Source = strawberry.field(description="由谁告知。 Who tells of it.")
    rows: list[strawberry.ID] = strawberry.field(
        description="告知此段的会籍行（memberships 的 id）。 Ids of the `memberships` that tell of it."
    )
    transfer: strawberry.ID | None = strawberry.field(
        description="由哪件接转而来，若经枢纽。 The transfer that brought the member, if the hub did."
    )
    home: bool = strawberry.field(
        description="这些日子的归属。 It was the home on these days."
    )

    @strawberry.field(
        description="统一社会信用代码，若登记告知。 Code of the union, where it was told."
    )
    def union(self: Any) -> str | None:
        return self.union or None

    @strawberry.field(
        description="不作归属的原因：history.journal 枢纽的接转记录另有归属；history.later 较晚开始者为准。 "
        "Why it is not the home. history.journal: the hub's transfers say otherwise; history.later: the later stay counts."
    )
    def rule(self: Any) -> str | None:
        return self.rule or None


_AS_OF = strawberry.argument(
    description="至某日为止：此后开始的不列，此后结束的视为仍在。不得晚于今天（北京时间）。省略则为全部。 "
    "As it was on that day: what began later is left out, what ended later lasts. No day to come. Left out: all."
)


async def history(
    root: Any, info: Info, as_of: Annotated[date | None, _AS_OF] = None
) -> Any:
    """Put together what registers tell and where the hub moved the home.

    Null where the policy withholds memberships; a day to come is refused.
    """
    rows = root.rows.get(RecordKind.MEMBERSHIP)
    if rows is None:
        return None
    moved = await info.context.transfers.of_worker(root.worker, as_of)
    return stays(rows, moved, as_of)
