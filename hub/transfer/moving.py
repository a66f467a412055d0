"""Port: what the doors of moving memberships ask of the rest of the hub, in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.credential.issuer import Credentials, NoCredentials
    from hub.organisation.directory import Directory
    from hub.reading.ports import Links, Provinces
    from hub.transfer.coordinator import Coordinator
    from hub.transfer.duplicate_replies import Replies
    from hub.transfer.ports import Standing
    from hub.transfer.uploading import Uploads
    from schema.records.duplicate import DuplicateQuestion, DuplicateState, Found
    from schema.records.keys import WorkerId
    from schema.records.moving import (
        Batch,
        BatchRowResult,
        TransferFilter,
        TransferPage,
    )
    from schema.records.paging import Page
    from schema.records.refusal import Refusal
    from schema.records.transfer import Milestone, Transfer


class Reading(Protocol):
    """Reads transfers (``hub.store.transfer_reading``)."""

    async def some(self, ids: Sequence[str]) -> Mapping[str, Standing]:
        """Read several at once, with their history; who is not kept is not in it."""
        ...

    async def page(
        self,
        wanted: TransferFilter,
        offices: Sequence[str] | None,
        first: int,
        after: str | None,
    ) -> TransferPage | Refusal:
        """Read transfers of unions (of all, if none) in the order of opening."""
        ...

    async def arrived(
        self, unions: Sequence[str], since: datetime, first: int, after: str | None
    ) -> TransferPage | Refusal:
        """Read the transfers by which members came, in the order of coming."""
        ...

    async def timeline(self, ids: Sequence[str]) -> Mapping[str, Sequence[Milestone]]:
        """Read what happened in transfers."""
        ...

    async def workers_of(self, ids: Sequence[str]) -> Mapping[str, WorkerId]:
        """Tell whose transfers are."""
        ...

    async def of_worker(
        self, workers: Sequence[WorkerId]
    ) -> Mapping[WorkerId, Sequence[Transfer]]:
        """Read all transfers of workers, the oldest first."""
        ...


class Batches(Protocol):
    """Reads batches (``hub.store.batches``)."""

    async def one(self, batch: str) -> Batch | None:
        """Tell how far a batch is."""
        ...

    async def results(
        self, batch: str, first: int, after: int
    ) -> Sequence[BatchRowResult]:
        """Read what became of persons, in their order, after a row (-1: all)."""
        ...


class Duplicates(Protocol):
    """Questions of duplicate memberships (``hub/transfer/duplicates.py``)."""

    replies: Replies

    async def report(
        self,
        actor: Actor,
        worker: WorkerId,
        memberships: tuple[Found, Found],
        reason: str,
        key: str,
    ) -> DuplicateQuestion | Refusal:
        """Ask."""
        ...

    async def resolve(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        kept: str | None,
        reason: str,
        key: str,
    ) -> DuplicateQuestion | Refusal:
        """Resolve, or dismiss without ``kept``."""
        ...

    async def undo(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        reason: str,
        key: str,
    ) -> DuplicateQuestion | Refusal:
        """Undo."""
        ...

    async def page(
        self,
        actor: Actor,
        states: Sequence[DuplicateState],
        first: int,
        after: str | None,
    ) -> Page[DuplicateQuestion] | Refusal:
        """Read those of the caller's unions."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What the doors need; the wiring hands it over.

    Attributes:
        coordinator: Moves memberships.
        reading: Reads transfers.
        batches: Reads batches.
        uploads: Takes batches in.
        duplicates: Questions of duplicates.
        credentials: Membership credentials.
        directory: Gives the unions as they are known now.
        links: Tells whose a local key is.
        provinces: The connectors.
        clock: Tells the day.
    """

    coordinator: Coordinator
    reading: Reading
    batches: Batches
    uploads: Uploads
    duplicates: Duplicates
    credentials: Credentials | NoCredentials
    directory: Callable[[], Directory]
    links: Links
    provinces: Provinces
    clock: Clock
