"""Port: where batches, questions of duplicates and webhook cursors are kept."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import msgspec

from hub.audit.chain import Draft
from schema.records.moving import Batch, BatchRowResult, OfferWish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from schema.records.duplicate import DuplicateQuestion
    from schema.records.keys import WorkerId


class BatchRow(msgspec.Struct, frozen=True):
    """One person of a batch.

    Attributes:
        row: Place in the batch, from 0.
        wish: What is wished; ``to_union`` is empty in a closure, where the union of
            residence takes in.
    """

    row: int
    wish: OfferWish


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """A batch as it is handed in.

    Attributes:
        batch: The batch, waiting.
        rows: Its persons that can be opened.
        refused: The results of those that cannot, by their own fault; together they
            are all rows of the batch.
        subject: Who submitted it for the office.
        province: Of the office.
        request: Id of the request.
        key: The caller's idempotency key, unique within the store.
        acting: What the batch calls itself (its nonce), unique within the store.
        act: Fingerprint of what was signed.
        audit: The entry of the audit trail.
    """

    batch: Batch
    rows: tuple[BatchRow, ...]
    refused: tuple[BatchRowResult, ...]
    subject: str
    province: str
    request: str
    key: str
    acting: str
    act: bytes
    audit: Draft


class Taken(StrEnum):
    """What another batch has had already; nothing was kept."""

    KEY = "KEY"
    NONCE = "NONCE"


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """A batch that is being opened.

    Attributes:
        batch: As it stands.
        subject: Who submitted it.
        province: Of the office.
        request: Id of the request that submitted it.
        rows: The next rows that have no result yet, in their order.
    """

    batch: Batch
    subject: str
    province: str
    request: str
    rows: tuple[BatchRow, ...]


class Batches(Protocol):
    """Batches and what became of their rows."""

    async def submit(self, given: Submitted) -> Batch | Taken:
        """Keep a batch with its job and its entry in the trail, in one transaction.

        Returns:
            It as kept, now or before, under whatever key; or what of it was another
            batch's.
        """
        ...

    async def opening(self, batch: str, most: int) -> Opening | None:
        """Read a batch and its next rows without a result; none if there is none."""
        ...

    async def settle(self, batch: str, results: Sequence[BatchRowResult]) -> None:
        """Note results (a row that has one already keeps it) and count them.

        A batch whose rows all have one is ``DONE``.
        """
        ...

    async def unfinished(self, most: int) -> Sequence[str]:
        """Name batches that are not done, the oldest first."""
        ...


class Questions(Protocol):
    """Questions of duplicate memberships."""

    async def ask(
        self, question: DuplicateQuestion, acting: str, act: bytes, audit: Draft
    ) -> DuplicateQuestion | None:
        """Keep a question, publish it, and write the trail: one transaction.

        Returns:
            It as kept, now or before; or the open question about the same two; none
            if the key was another act's.
        """
        ...

    async def one(self, id: str) -> DuplicateQuestion | None:  # noqa: A002  # as in the graph
        """Read one."""
        ...

    async def move(
        self,
        id: str,  # noqa: A002  # as in the graph
        decide: Callable[[DuplicateQuestion], tuple[DuplicateQuestion, Draft] | None],
    ) -> DuplicateQuestion | None:
        """Lock one, let it be decided, write and publish that; none if there is none.

        Args:
            id: Which.
            decide: Says what it becomes; nothing is written where it says ``None``.
        """
        ...

    async def of_unions(
        self, unions: Sequence[str], first: int, after: str | None
    ) -> Sequence[DuplicateQuestion]:
        """Read those with a membership at one of these unions, by id."""
        ...

    async def of_worker(
        self, worker: WorkerId, after: str | None
    ) -> Sequence[DuplicateQuestion]:
        """Read all about a worker, by id: few; none of a name that is nobody's."""
        ...


class Cursors(Protocol):
    """How far each webhook endpoint has been told."""

    async def all(self) -> Mapping[str, int]:
        """Tell the cursor of every endpoint that has one."""
        ...

    async def move(self, endpoint: str, cursor: int) -> None:
        """Note that an endpoint has been told everything up to a cursor; never back."""
        ...

    async def advance(self, endpoint: str, was: int, cursor: int) -> bool:
        """Go on from a cursor to a later one, if it is there still; tell whether."""
        ...

    async def forget(self, endpoint: str) -> None:
        """Forget an endpoint: it is told anew from where it is then set."""
        ...
