"""Port: what moving a membership asks of the world."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from hub.audit.chain import Draft
from hub.transfer.events import Event
from hub.transfer.saga import Saga
from schema.records.command import Command
from schema.records.keys import LocalKey
from schema.records.transfer import Milestone, Transfer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from schema.records.command import Receipt
    from schema.records.keys import ProvinceCode, WorkerId


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What one event changes: written together or not at all.

    Attributes:
        transfer: As it stands after the event.
        saga: The same for the next decision.
        milestone: The line of the timeline.
        event: The journal's event.
        commands: What registers are asked to do, in order.
        dropped: Keys of commands that are not asked any more, unless their register
            said that it has them.
        link: A local key under which a register keeps the membership now: in the
            same transaction the link is registered, or one that stands gets the kind.
        audit: The entry of the audit trail.
        acting: Idempotency key of the caller's act, if a caller acted: it is unique
            within the store (the coordinator puts the office before it).
        act: Fingerprint of that act, 32 bytes: under the same key another act shows.
        credential: Id of the credential that this redeems, if any.
        due_at: When the limit of the new wait passes; none if it has none.
        target_at: When the owner is to be reminded; none if never.
    """

    transfer: Transfer
    saga: Saga
    milestone: Milestone
    event: Event
    commands: tuple[Command, ...]
    audit: Draft
    dropped: tuple[str, ...] = ()
    link: LocalKey | None = None
    acting: str = ""
    act: bytes = b""
    credential: str = ""
    due_at: datetime | None = None
    target_at: datetime | None = None


class Standing(msgspec.Struct, frozen=True):
    """A transfer that was read in the transaction.

    Attributes:
        transfer: As it stands.
        saga: The same for the next decision.
        due_at: When the limit of its wait passes.
        target_at: When its owner is to be reminded; none once that was done.
    """

    transfer: Transfer
    saga: Saga
    due_at: datetime | None = None
    target_at: datetime | None = None


class Clashed(Exception):  # it is no error: somebody else was first
    """Another transaction was first; nothing was written. Ask each again by itself."""


class Before(msgspec.Struct, frozen=True):
    """What an earlier act under a key was.

    Attributes:
        transfer: The transfer that it concerned, as it stands now.
        act: Its fingerprint.
    """

    transfer: Transfer
    act: bytes


class Passed(msgspec.Struct, frozen=True):
    """A wait whose limit passed.

    Attributes:
        transfer: Id of the transfer.
        since: ``Saga.since`` of the wait.
    """

    transfer: str
    since: int


class Unit(Protocol):
    """One transaction of the store. What it wrote is there when it is left, or nothing.

    Each method is called once at most, with all that the transaction is about, and in
    this order, so that no two transactions wait for each other: ``open_of``,
    ``lock``, ``redeem``, ``answered``, ``write``. Any may be left out. ``moved_of`` and
    ``acted`` lock nothing; ``acted``, asked after ``open_of`` or ``lock``, also knows an
    act under the same key
    that came just before.
    """

    async def lock(self, ids: Sequence[str]) -> Mapping[str, Standing]:
        """Read transfers and keep others from changing them, until the end.

        One that is not kept is not in it.
        """
        ...

    async def open_of(self, workers: Sequence[WorkerId]) -> Mapping[WorkerId, Standing]:
        """Read the open transfer of each worker, where there is one.

        The workers are locked: nobody opens another meanwhile. The transfers are not:
        ``lock`` those that are to be changed.
        """
        ...

    async def moved_of(
        self, workers: Sequence[WorkerId]
    ) -> Mapping[WorkerId, Standing]:
        """Read the last ended transfer of each worker that moved the home."""
        ...

    async def acted(self, keys: Sequence[str]) -> Mapping[str, Before]:
        """Tell what earlier acts under these keys (``Written.acting``) were.

        Where two act under one key at once, the later ``write`` fails as a whole; the
        coordinator then asks each again by itself.
        """
        ...

    async def redeem(self, credentials: Mapping[str, str]) -> Mapping[str, str]:
        """Lock credentials that are to be redeemed: ``{credential: transfer}``.

        Returns:
            Their state now: ``ACTIVE``, ``REVOKED``, or ``REDEEMED:<transfer>``; one that
            is not kept is not in it. Those that are ``ACTIVE`` become redeemed when
            ``write`` has a ``Written`` that names them.
        """
        ...

    async def answered(self, receipts: Sequence[Receipt], again_at: datetime) -> None:
        """Note what registers answered, with the journal's events or without any.

        ``DONE`` and ``REFUSED`` end a command; the first receipt stands. After
        ``PENDING`` it is asked again, not before ``again_at``; it no longer holds up
        the later commands of its transfer, for the province has it.
        """
        ...

    async def write(self, written: Sequence[Written]) -> None:
        """Write journal, transfers, commands, jobs, links, trail and feed events.

        Several may be of one transfer: they are in the order of its journal. What was
        not opened here must have been read by ``lock``. The body of a feed event is
        ``hub.feeds.transfer_change.TransferChange``.

        Raises:
            Clashed: A key was used, or the worker was put into another transfer, or a
                credential redeemed, by somebody else meanwhile.
        """
        ...


class Store(Protocol):
    """Where transfers are kept."""

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """Begin a transaction.

        Raises:
            hub.store.unavailable.StoreUnavailable: It may or may not be written;
                act again with the same key.
        """
        ...


class Waits(Protocol):
    """The waits of all transfers, by when they end."""

    async def passed(self, now: datetime, most: int) -> Sequence[Passed]:
        """Find waits whose limit (``Written.due_at``) passed, the oldest first."""
        ...

    async def remind(self, now: datetime, most: int) -> Sequence[Transfer]:
        """Find waits whose target (``Written.target_at``) passed, each once.

        A reminder is published for each (a feed event of the topic ``transfer`` with
        ``"reminder": true``), in the same transaction that notes it as reminded.
        """
        ...


class Outbox(Protocol):
    """Commands that wait for a province. Who drains it is alone with that province."""

    def draining(self, province: ProvinceCode) -> AbstractAsyncContextManager[bool]:
        """Be the only one who delivers to a province; false if somebody else does."""
        ...

    async def next(self, province: ProvinceCode, most: int) -> Sequence[Command]:
        """Read the oldest commands that wait, in the order in which they were written.

        No more than one of a transfer: the next when the province has that one. What
        is not to be asked again yet (``failed``, ``PENDING``) is left out.
        """
        ...

    async def failed(self, keys: Sequence[str], not_before: datetime) -> None:
        """Count an attempt without a receipt; ask again, but not before then."""
        ...

    async def waiting(self) -> Sequence[ProvinceCode]:
        """Tell which provinces have commands that could be delivered now."""
        ...

    async def backlog(self, province: ProvinceCode) -> tuple[int, datetime | None]:
        """Tell how many commands of a province have no receipt, and since when."""
        ...


class Receipts(Protocol):
    """Who is told of receipts."""

    async def received(
        self, answered: Sequence[tuple[Command, Receipt]]
    ) -> Sequence[str]:
        """Take receipts in: journal, transfers and commands in one transaction.

        Returns:
            Transfers of which an IN entry stands though the home is elsewhere.
        """
        ...
