"""Itinerary: the door to moving memberships, for one request.

Who may is asked here (the scope) and in the rooms behind (the union). What is read is
shown as the caller may see it (``hub.transfer.sight``), and stands in the trail before
it is shown; what several fields of a request ask for goes to the store as one statement.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from strawberry.dataloader import DataLoader

from hub.access.caller import Scope
from hub.acting.actor import actor_of
from hub.acting.reach import reaches
from hub.clock import today_in_china
from hub.transfer import acting_refusals
from hub.transfer.acting import may_look, may_move
from hub.transfer.showing import moved, showings
from hub.transfer.sight import NOBODY, offices_of, parties, shown, sight, sight_of
from hub.web import moving_refusals as no
from hub.web.row_cursor import read_row, write_row
from schema.records.arriving import Arrived
from schema.records.moving import AlreadyOpen
from schema.records.paging import MOST_ON_PAGE, Page
from schema.records.refusal import Refusal, Refused
from schema.records.showing import Shown
from schema.records.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.transfer.moving import Moving
    from hub.transfer.ports import Standing
    from schema.records.arriving import Moved
    from schema.records.keys import WorkerId
    from schema.records.moving import (
        ActAnswer,
        Batch,
        BatchRowResult,
        OfferWish,
        OpenAnswer,
        RequestWish,
        TransferFilter,
        TransferPage,
    )
    from schema.records.purpose import PurposeOfUse
    from schema.records.transfer import Milestone

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

#: With one of these a caller reads transfers.
SEEING = frozenset(
    {Scope.TRANSFERS_WRITE.value, Scope.WORKER_READ.value, Scope.AUDIT_READ.value}
)


class Transfers:
    """Moves memberships for one caller, and reads what the caller may see."""

    def __init__(
        self, moving: Moving, trail: Trail, caller: Caller, request: str
    ) -> None:
        """Open the door.

        Args:
            moving: What is behind it.
            trail: Where what is shown is written down.
            caller: Who asks.
            request: Id of the request.
        """
        self._moving = moving
        self._trail = trail
        self._actor = actor_of(caller, request)
        self._today = today_in_china(moving.clock)
        self._ones: DataLoader[str, Transfer | Refusal] = DataLoader(self._load_ones)
        self._timelines: DataLoader[Transfer, Sequence[Milestone]] = DataLoader(
            self._load_timelines
        )
        self._workers: DataLoader[WorkerId, Sequence[Moved]] = DataLoader(
            self._load_workers
        )

    async def request(self, wish: RequestWish, key: str) -> OpenAnswer:
        """Open a transfer as the worker's new union, with the credential."""
        return await self._opened(
            await self._moving.coordinator.request(self._actor, wish, key)
        )

    async def offer(self, wish: OfferWish, key: str) -> OpenAnswer:
        """Open a transfer as the old union."""
        return await self._opened(
            await self._moving.coordinator.offer(self._actor, wish, key)
        )

    async def accept(self, id: str, local_id: str | None, key: str) -> ActAnswer:  # noqa: A002  # as in the graph
        """Accept as the new union."""
        return await self._moving.coordinator.accept(self._actor, id, local_id, key)

    async def reject(self, id: str, reason: str, key: str) -> ActAnswer:  # noqa: A002  # as above
        """Say no as the new union."""
        return await self._moving.coordinator.reject(self._actor, id, reason, key)

    async def withdraw(self, id: str, reason: str, key: str) -> ActAnswer:  # noqa: A002  # as above
        """Take it back as the union that opened it."""
        return await self._moving.coordinator.withdraw(self._actor, id, reason, key)

    async def one(self, id: str) -> Transfer | Refusal:  # noqa: A002  # as above
        """Read one; refused if there is none that the caller may see."""
        if not self._actor.scopes & SEEING:
            return no.NO_SCOPE
        return await self._ones.load(id)

    async def page(
        self, wanted: TransferFilter, first: int, after: str | None
    ) -> Page[Transfer] | Refusal:
        """Read some, in the order of opening."""
        unions = self._unions(wanted.office, first, wanted.changed_since)
        if isinstance(unions, Refusal):
            return unions
        page = await self._moving.reading.page(wanted, unions, first, after)
        if isinstance(page, Refusal):
            return page
        seen = self._seen(page)
        await self._show(Shown.PAGE, seen.items)
        return Page(seen.items, seen.cursors, seen.more, resumed=after is not None)

    async def arrived(
        self,
        office: str | None,
        since: datetime | None,
        purpose: PurposeOfUse,
        first: int,
        after: str | None,
    ) -> Page[Arrived] | Refusal:
        """Read who came to a union or to those below it, in the order of coming."""
        if Scope.WORKER_READ.value not in self._actor.scopes:
            return no.NO_SCOPE_FOR_FILES
        # A file is opened by the policy: whoever inspects too lists their own unions.
        unions = self._unions(office or self._actor.office, first, since)
        if isinstance(unions, Refusal):
            return unions
        page = await self._moving.reading.arrived(
            unions or (), since or _EVER, first, after
        )
        if isinstance(page, Refusal):
            return page
        seen = self._seen(page)
        await self._show(Shown.ARRIVED, seen.items)
        members = tuple(Arrived(one, purpose) for one in seen.items)
        return Page(members, seen.cursors, seen.more, resumed=after is not None)

    async def timeline(self, transfer: Transfer) -> Sequence[Milestone]:
        """Read what happened in one that was read before."""
        return await self._timelines.load(transfer)

    async def of_worker(
        self, worker: WorkerId, as_of: date | None = None
    ) -> Sequence[Moved]:
        """Read all transfers of a worker whose memberships may be seen.

        Raises:
            Refused: The day is to come.
        """
        if as_of is not None and as_of > self._today:
            raise Refused(no.DAY_TO_COME)
        return await self._workers.load(worker)

    async def submit(self, batch: str, key: str) -> Batch | Refusal:
        """Submit a signed batch (compact JWS), uploaded or given whole."""
        return await self._moving.uploads.submit(self._actor, batch, key)

    async def batch(self, id: str) -> Batch | Refusal:  # noqa: A002  # as above
        """Tell how far a batch is; refused if there is none of the caller's."""
        refused = may_move(self._moving.directory(), self._actor, self._today)
        if refused is not None:
            return refused
        found = await self._moving.batches.one(id)
        directory = self._moving.directory()
        if found is None or not any(
            reaches(directory, self._actor, union, self._today)
            for union in (found.union, found.office)
        ):
            return no.UNKNOWN_BATCH
        return found

    async def batch_results(
        self,
        id: str,  # noqa: A002  # as above
        first: int,
        after: str | None,
    ) -> Page[BatchRowResult] | Refusal:
        """Read what became of persons of a batch that was read before."""
        if not 1 <= first <= MOST_ON_PAGE:
            return no.PAGE_SIZE
        row = -1 if after is None else read_row(after)
        if row is None:
            return no.CURSOR
        found = tuple(await self._moving.batches.results(id, first + 1, row))
        shown_now = found[:first]
        await self._show_results(id, shown_now)
        return Page(
            shown_now,
            tuple(write_row(one.row) for one in shown_now),
            len(found) > first,
            resumed=after is not None,
        )

    async def _opened(self, answer: OpenAnswer) -> OpenAnswer:
        """Note what stands in the way; what was opened notes itself."""
        if isinstance(answer, AlreadyOpen):
            await self._show(Shown.TRANSFER, [answer.transfer])
        return answer

    async def _show(self, shown: Shown, transfers: Iterable[Transfer]) -> None:
        named = ((one.worker, one.id) for one in transfers)
        await self._trail.record(showings(self._actor, shown, named))

    async def _show_results(
        self, batch: str, results: Sequence[BatchRowResult]
    ) -> None:
        ids = [one.transfer for one in results if one.transfer is not None]
        whose = await self._moving.reading.workers_of(ids)
        named = [(whose.get(one, NOBODY), one) for one in ids]
        await self._trail.record(showings(self._actor, Shown.BATCH, named, batch))

    def _unions(
        self, office: str | None, first: int, since: datetime | None
    ) -> tuple[str, ...] | Refusal | None:
        """Tell which unions' transfers to list, or refuse."""
        if not self._actor.scopes & SEEING:
            return no.NO_SCOPE
        directory = self._moving.directory()
        refused = no.of_page(first, since) or may_look(
            directory, self._actor, self._today
        )
        if refused is not None:
            return refused
        unions = offices_of(directory, self._actor, self._today, office)
        return no.NOT_YOUR_OFFICE if office is not None and unions == () else unions

    def _seen(self, page: TransferPage) -> Page[Transfer]:
        """Show of each transfer what is seen, and leave out what is not."""
        pairs = [
            (one, cursor)
            for transfer, cursor in zip(page.transfers, page.cursors, strict=True)
            if (one := self._as_seen(transfer, parties(transfer))) is not None
        ]
        return Page(
            tuple(one for one, _ in pairs),
            tuple(cursor for _, cursor in pairs),
            page.more,
        )

    def _as_seen(
        self, transfer: Transfer, concerned: frozenset[str]
    ) -> Transfer | None:
        directory = self._moving.directory()
        return shown(transfer, sight(directory, self._actor, concerned, self._today))

    async def _load_ones(self, ids: list[str]) -> list[Transfer | Refusal]:
        standings = await self._moving.reading.some(ids)
        found = [self._one_as_seen(standings.get(one)) for one in ids]
        await self._show(
            Shown.TRANSFER, (one for one in found if isinstance(one, Transfer))
        )
        return found

    def _one_as_seen(self, standing: Standing | None) -> Transfer | Refusal:
        if standing is None:
            return acting_refusals.NO_SUCH_TRANSFER
        concerned = parties(standing.transfer, standing.saga)
        return self._as_seen(standing.transfer, concerned) or (
            acting_refusals.NO_SUCH_TRANSFER
        )

    async def _load_timelines(
        self, transfers: list[Transfer]
    ) -> list[Sequence[Milestone]]:
        found = await self._moving.reading.timeline([one.id for one in transfers])
        await self._show(Shown.TIMELINE, transfers)
        return [found.get(one.id, ()) for one in transfers]

    async def _load_workers(self, workers: list[WorkerId]) -> list[Sequence[Moved]]:
        found = await self._moving.reading.of_worker(workers)
        look = partial(sight_of, self._moving.directory(), self._actor, on=self._today)
        every = [one for transfers in found.values() for one in transfers]
        told = await self._moving.reading.timeline([one.id for one in every])
        await self._show(Shown.HISTORY, every)
        return [
            [moved(self._actor, look(one), one, told[one.id]) for one in found[worker]]
            for worker in workers
        ]
