"""View: a signed batch of transfers, and what became of each person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.outcomes import Refusal
from schema.graph.paging import After, First, connection, granted
from schema.graph.provenance import Info
from schema.graph.transfer import TransferBasis
from schema.graph.view import describe
from schema.records import moving

BatchState: Any = describe(
    moving.BatchState,
    "批次的进度。 How far a batch is.",
    {
        "WAITING": "已收下，待办。 Taken in; not begun.",
        "RUNNING": "正逐人发起。 Its transfers are being opened.",
        "DONE": "每人都有结果。 Every person has a result.",
    },
)


@strawberry.type(description="批次中一人的结果。 What became of one person of a batch.")
class TransferBatchResult:
    row: int = strawberry.field(
        description="在批次中的位置，从 0 起。 Its place in the batch, from 0."
    )
    transfer: strawberry.ID | None = strawberry.field(
        description="所发起的转接，或已在办的那一件。 The transfer that was opened, or that was open already."
    )
    already_open: bool = strawberry.field(
        description="此前已在办。 It was open already."
    )
    refusal: Refusal | None = strawberry.field(
        description="被拒的原因。 Why it was refused, if it was."
    )


TransferBatchResultConnection: Any = connection(
    TransferBatchResult,
    "TransferBatchResult",
    "批次中各人的结果，按所提交的次序。 What became of each, in the order of the batch.",
)


@strawberry.type(
    directives=partners.MOVING,
    description="一批签名的集体接转；每人各有结果。 A signed batch of transfers: each person has a result of their own.",
)
class TransferBatch:
    id: strawberry.ID = strawberry.field(description="枢纽的名称。 The hub's name.")
    basis: TransferBasis = strawberry.field(
        description="转出或撤并。 An offer, or a closure."
    )
    office: str = strawberry.field(description="提交者。 Who submitted it.")
    union: str = strawberry.field(
        description="是谁的会员。 The union whose members they are."
    )
    state: BatchState = strawberry.field(description="进度。 How far it is.")
    rows: int = strawberry.field(description="人数。 How many persons.")
    opened: int = strawberry.field(description="已发起几件。 How many were opened.")
    already_open: int = strawberry.field(
        description="此前已在办几件。 How many were open already."
    )
    refused: int = strawberry.field(description="被拒几人。 How many were refused.")
    submitted_at: datetime = strawberry.field(description="何时提交。 When.")
    digest: str = strawberry.field(
        description="所签内容的 SHA-256，十六进制。 SHA-256 of what was signed, hexadecimal."
    )

    @strawberry.field(
        graphql_type=TransferBatchResultConnection,
        directives=[partners.PAGED],
        description="各人的结果；尚无结果者不列。 What became of each; who has no result yet is not listed.",
    )
    async def results(self: Any, info: Info, first: First, after: After = None) -> Any:
        return granted(
            await info.context.transfers.batch_results(self.id, first, after)
        )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, moving.Batch)


BatchAnswer = Annotated[
    TransferBatch | Refusal,
    strawberry.union(
        "TransferBatchAnswer",
        description="提交或查询批次的结果。 How submitting a batch, or asking for one, ends.",
    ),
]
