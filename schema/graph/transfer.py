"""View: a transfer of membership, and what happened in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
import strawberry.federation

from schema.graph import partners
from schema.graph.asking import PurposeOfUse
from schema.graph.outcomes import Refusal
from schema.graph.paging import connection
from schema.graph.provenance import Info
from schema.graph.selecting import select
from schema.graph.view import describe
from schema.graph.worker import WorkerAnswer, shown
from schema.records import transfer
from schema.records.keys import WorkerId
from schema.records.wanted import ById

TransferState: Any = describe(
    transfer.TransferState,
    "转接所处的状态；职工始终恰有一个会籍归属（home）。 "
    "Where a transfer stands. The member has exactly one home in each.",
    {
        "OUT_PENDING": "等原省办出登记；归属：原工会。 The old register is asked for the OUT entry; home: the old union.",
        "IN_TRANSIT": "已出登记，等转入工会接收；归属：原工会。 OUT stands, the new union is to accept; home: the old union.",
        "IN_PENDING": "已接收，等新省办进登记；归属：原工会。 Accepted, the new register is asked for the IN entry; home: the old union.",
        "LANDING": "逾期或工会撤并，正落到居住地工会；归属：原工会。 It lands at the union of residence; home: still the old union.",
        "IN_CANCELLING": "新省久未答复，请其撤销可能已写的进登记；归属：原工会。 The new register was silent for too long and is asked to take back what it may have written; home: the old union.",
        "CLOSING": "已进登记，原省销出登记；归属：新工会。 IN stands, the old register closes its entry; home: the new union.",
        "RETURNING": "不再转接，原省撤销出登记；归属：原工会。 It will not be, the OUT entry is taken back; home: the old union.",
        "COMPLETED": "完成；归属：新工会。 Ended; home: the new union.",
        "LANDED": "已落到居住地工会；归属：该工会。 Ended; home: the union of residence.",
        "REJECTED": "转入工会拒绝；归属：原工会。 The new union said no; home: the old union.",
        "WITHDRAWN": "发起者撤回；归属：原工会。 Whoever opened it took it back; home: the old union.",
        "REFUSED": "省级登记拒绝；归属：原工会。 A register said no; home: the old union.",
        "EXPIRED": "逾期且无处可落；归属：原工会。 A limit passed and nobody could take the member in; home: the old union.",
    },
)
TransferBasis: Any = describe(
    transfer.Basis,
    "因何发起。 By what a transfer was opened.",
    {
        "REQUEST": "新工会凭会员证申请（凭证接转），即已接收。 The new union, with the credential: its acceptance is in it.",
        "OFFER": "原工会转出，待新工会接收。 The old union offers, the new one is to accept.",
        "CLOSURE": "工会撤并，会员落到居住地工会。 The union closes; its members land at the union of residence.",
        "DUPLICATE": "重复会籍经人工裁定，其一终止。 A duplicate membership, resolved by people: one of the two ends.",
    },
    name="TransferBasis",
)
TransferStep: Any = describe(
    transfer.Step,
    "转接中发生的事。 What can happen in a transfer.",
    {
        "OPENED": "发起。 It was opened.",
        "OUT_REGISTERED": "出登记完成。 The OUT entry stands.",
        "OUT_REFUSED": "原省拒绝出登记。 The old register refused.",
        "ACCEPTED": "转入工会接收。 The new union accepted.",
        "REJECTED": "转入工会拒绝。 The new union rejected.",
        "WITHDRAWN": "撤回。 It was taken back.",
        "IN_REGISTERED": "进登记完成，归属移转。 The IN entry stands: the home moved.",
        "IN_REFUSED": "新省拒绝进登记。 The new register refused.",
        "IN_CANCELLED": "进登记已撤销，或从未写入。 The IN entry was taken back, or never was.",
        "OUT_CANCELLED": "出登记已撤销。 The OUT entry was taken back.",
        "OUT_COMPLETED": "出登记与进登记配对。 OUT and IN are paired.",
        "LIMIT_PASSED": "期限已过。 A limit passed.",
    },
    name="TransferStep",
)


@strawberry.type(
    description="转接中的一步；每步之后都写明归属。 One step of a transfer; each says who was the home after it."
)
class TransferMilestone:
    seq: int = strawberry.field(description="第几步，从 1 起。 Its place, from 1.")
    at: datetime = strawberry.field(
        description="枢纽记下的时刻。 When the hub wrote it down."
    )
    step: TransferStep = strawberry.field(description="发生了什么。 What happened.")
    state: TransferState = strawberry.field(
        description="此后的状态。 Where the transfer stood after it."
    )
    home: str = strawberry.field(
        description="此后的归属工会。 The union that was the home after it."
    )
    reason: str = strawberry.field(
        description="理由；空表示无须理由。 Why; empty where none is needed."
    )

    @strawberry.field(
        description="经办工会；空表示不是由工会所为。 Which office did it; null: a register or a clock."
    )
    def office(self: Any) -> str | None:
        return self.office or None

    @strawberry.field(
        description="哪个省的登记答复；空表示不是登记。 Whose register answered; null: no register."
    )
    def province(self: Any) -> str | None:
        return self.province or None

    @strawberry.field(
        description="出、进登记号。 The register's number of the OUT or IN entry."
    )
    def entry(self: Any) -> str | None:
        return self.entry or None


@strawberry.federation.type(
    keys=["id"],
    directives=[*partners.SEEING, *partners.PERSONAL],
    description="一次会籍接转，在两个工会之间。 A transfer of membership between two unions.",
)
class Transfer:
    id: strawberry.ID = strawberry.field(
        description="枢纽对它的名称；随机。 The hub's name of it: random."
    )
    basis: TransferBasis = strawberry.field(description="因何发起。 By what it opened.")
    state: TransferState = strawberry.field(description="状态。 Where it stands.")
    home: str = strawberry.field(
        description="现在的归属工会：任何时刻恰有一个。 The union that is the home now: exactly one, always."
    )
    home_confirmed: bool = strawberry.field(
        description="原省登记已以出登记确认该归属；此前只是发起者所说，登记拒绝（REFUSED）后则不能据此认为职工在该工会。 "
        "The old register has confirmed it by the OUT entry. Before, it is what whoever opened the transfer said; where that register refused, nothing says that the member was there."
    )
    home_province: str = strawberry.field(description="其省。 Its province.")
    owner: str = strawberry.field(
        description="现在由哪个工会负责。 The union that has to act now."
    )
    from_union: str = strawberry.field(
        description="原工会（统一社会信用代码）。 The old union, by its unified social credit code."
    )
    from_province: str = strawberry.field(description="其省。 Its province.")
    to_union: str = strawberry.field(
        description="新工会；落地时为居住地工会。 The new union; of a landing, the union of residence."
    )
    to_province: str = strawberry.field(description="其省。 Its province.")
    opened_at: datetime = strawberry.field(description="发起时刻。 When it opened.")
    changed_at: datetime = strawberry.field(
        description="最近变动时刻。 When it last moved."
    )
    respond_by: date | None = strawberry.field(
        description="应办日；空表示不在等待。 The day by which the owner ought to act; null: it does not wait."
    )
    due_on: date | None = strawberry.field(
        description="期限日；空表示不在等待。 The day on which the limit passes; null: it does not wait."
    )
    overdue: bool = strawberry.field(
        description="登记机关久未答复，须人工过问；已结束的，表示仍有登记待该省补办（归属不变）。 A register has not answered for too long: people must look. Of an ended transfer: a register is still to write its part; the home stays as it is."
    )
    ended_at: datetime | None = strawberry.field(
        description="结束时刻；空表示仍在办。 When it ended; null: it has not."
    )

    @strawberry.field(
        description="枢纽对该职工的名称；空表示您不得知晓。 The hub's name of the worker; null: not for you.",
    )
    def worker_id(self: Any) -> strawberry.ID | None:
        return self.worker or None

    @strawberry.field(
        description="会员证号；空表示您不得知晓。 Number of the membership card; null: not for you."
    )
    def membership_no(self: Any) -> str | None:
        return self.membership_no or None

    @strawberry.field(
        description="定出两个日期的规则编号。 Id of the rule that set both days."
    )
    def due_rule(self: Any) -> str | None:
        return self.rule or None

    @strawberry.field(description="所属批次。 The batch that it belongs to.")
    def batch(self: Any) -> strawberry.ID | None:
        return self.batch or None

    @strawberry.field(
        graphql_type=list[TransferMilestone],
        directives=[partners.STEPS],
        description="经过，自发起起。 What happened, from the opening on.",
    )
    async def timeline(self: Any, info: Info) -> Any:
        return await info.context.transfers.timeline(self)

    @strawberry.field(
        graphql_type=WorkerAnswer,
        directives=[partners.LOOK_UP],
        description="该职工的档案，须写明目的；可见什么由策略判定，与 Query.worker 相同。 "
        "The worker's file. It needs a purpose, and the policy judges as for `Query.worker`.",
    )
    async def worker(
        self: Any,
        info: Info,
        purpose: Annotated[
            PurposeOfUse,
            strawberry.argument(
                description="查询目的，记入审计。 Why; it is recorded."
            ),
        ],
    ) -> Any:
        selection = select(info._raw_info)  # noqa: SLF001  # strawberry has no public door to it
        by = ById(WorkerId(self.worker))
        return shown(await info.context.loaders.worker(by, purpose, selection))

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, transfer.Transfer)


TransferAnswer = Annotated[
    Transfer | Refusal,
    strawberry.union(
        "TransferAnswer", description="按编号查转接的结果。 How looking one up ends."
    ),
]

TransferConnection: Any = connection(
    Transfer,
    "Transfer",
    "若干转接，按发起先后。 Transfers, in the order of opening.",
)
