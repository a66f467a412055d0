"""Itinerary: puts the runner together, and takes it apart at the end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from connectors.registry import Registry
from hub.audit.trail import GroupTrail
from hub.clock import SystemClock
from hub.config.webhook_secret import read_secret
from hub.following.file_facts import FileFacts
from hub.following_wiring import following_side
from hub.identity.worker_key import Pseudonyms
from hub.moving_wiring import moving_side
from hub.reading.locator import Locator
from hub.runner.calling import Caller
from hub.runner.delivery import Delivery
from hub.runner.digests import DailyDigests
from hub.runner.figures import RunnerFigures
from hub.runner.polling import Polling
from hub.runner.queue import Queue
from hub.runner.sweep import Sweep
from hub.runner.webhooks import Webhooks
from hub.store.audit import AuditBook
from hub.store.confirmed import ConfirmedLinks
from hub.store.digests import DigestsSent
from hub.store.feeds import FeedStore
from hub.store.jobs import Jobs
from hub.store.links import LinkStore
from hub.store.outbox import CommandOutbox
from hub.store.patience import within
from hub.store.pool import open_pool
from hub.store.server_time import ServerTime
from hub.store.transfer_counts import TransferCounts
from hub.store.unavailable import StoreUnavailable
from hub.store.waits import TransferWaits
from hub.store.webhooks import WebhookCursors
from hub.transfer.deadlines import Deadlines
from schema.records.keys import ProvinceCode
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from hub.clock import Clock
    from hub.config.settings import Settings
    from hub.following_wiring import FollowingSide
    from hub.moving_wiring import MovingSide
    from hub.store.pool import Pool

#: How often what is open is counted, in seconds.
_COUNT_EVERY_S: Final = 5.0
_READY_S: Final = 2.0


class Runner:
    """What jobs wake, and what goes on by itself.

    Attributes:
        figures: What the runner counts.
        delivery: Delivers commands.
        sweep: Looks for what waits.
        queue: Takes jobs.
        checks: What must be well, by name.
    """

    def __init__(
        self,
        settings: Settings,
        pool: Pool,
        *,
        address: str,
        clock: Clock,
        figures: RunnerFigures,
        moving: MovingSide,
        following: FollowingSide,
        delivery: Delivery,
        polling: Polling,
        outbox: CommandOutbox,
        webhooks: Webhooks,
        digests: DailyDigests,
    ) -> None:
        """Put the pieces together.

        Args:
            settings: What the files say.
            pool: Of the hub's database.
            address: Of the same.
            clock: Tells the time.
            figures: What is counted.
            moving: Moves memberships.
            following: Follows cases.
            delivery: Delivers commands.
            polling: Asks provinces what happened in their case files.
            outbox: The commands.
            webhooks: Tells endpoints.
            digests: Tells endpoints once a day what there is to do.
        """
        self.figures = figures
        self.delivery = delivery
        self._settings = settings
        self._moving = moving
        self._webhooks = webhooks
        self._outbox = outbox
        self._counts = TransferCounts(pool)
        self._clock = clock
        self.queue = Queue(address, self, settings.runner)
        time = ServerTime(pool, clock)
        self.sweep = Sweep(
            outbox=outbox,
            delivery=delivery,
            deadlines=Deadlines(TransferWaits(pool), moving.coordinator, clock),
            batches=moving.batches,
            watching=following.watching,
            polling=polling,
            webhooks=webhooks,
            digests=digests,
            jobs=Jobs(pool),
            queue=self.queue,
            time=time,
        )
        self.checks = _checks(pool, self.queue, time)

    async def deliver(self, province: ProvinceCode) -> None:
        """Deliver what waits for a province."""
        await self.delivery.deliver(province)

    async def open_batch(self, batch: str) -> None:
        """Open the transfers of a batch."""
        rows = self._settings.runner.batch_rows
        await self._moving.bulk.open(batch, rows, self._goes_on)

    async def call_webhook(self, endpoint: str) -> None:
        """Tell an endpoint what it has not been told."""
        await self._webhooks.call(endpoint, self._goes_on)

    async def count(self) -> None:
        """Count what is open, for ever; cancel it to stop."""
        while True:
            with suppress(Refused):
                self.figures.show_open(await self._counts.open())
                for one in self._settings.provinces:
                    province = ProvinceCode(one.code)
                    waiting, since = await self._outbox.backlog(province)
                    age = (self._clock.now() - since).total_seconds() if since else 0.0
                    self.figures.show_backlog(province, waiting, max(0.0, age))
            await asyncio.sleep(_COUNT_EVERY_S)

    def _goes_on(self) -> bool:
        return not self.delivery.stopping.is_set()


@asynccontextmanager
async def runner(
    settings: Settings, environ: Mapping[str, str]
) -> AsyncIterator[Runner]:
    """Put the runner together; nothing runs yet.

    Args:
        settings: What the files say.
        environ: Where the secrets are.

    Raises:
        ValueError: A secret that the settings name is missing or unusable.
        Refused: A key is unusable.
    """
    clock, figures = SystemClock(), RunnerFigures()
    secrets = webhook_secrets(settings, environ)
    pseudonyms = Pseudonyms(settings.worker_keys, environ)
    address = settings.database.address(environ)
    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.database, environ)
        stack.push_async_callback(pool.close)
        provinces = Registry.from_settings(settings.provinces, environ, clock, figures)
        stack.push_async_callback(provinces.close)
        await provinces.start()
        patience = settings.database.statement_timeout.total_seconds()
        links = ConfirmedLinks(LinkStore(pool, clock), pool, pseudonyms, patience)
        locator = Locator(links)
        moving = await stack.enter_async_context(
            moving_side(
                settings,
                environ,
                clock=clock,
                pool=pool,
                links=locator,
                provinces=provinces,
                moved=figures.moved,
            )
        )
        following = await stack.enter_async_context(
            following_side(
                clock=clock, pool=pool, links=locator, directory=moving.directory
            )
        )
        trail = GroupTrail(AuditBook(pool), clock)
        stack.push_async_callback(trail.close)
        outbox = CommandOutbox(pool, address, clock)
        stack.push_async_callback(outbox.close)
        caller = Caller(
            deadline=settings.webhooks.deadline.total_seconds(),
            loopback=settings.webhooks.loopback,
            private=settings.webhooks.private,
        )
        stack.push_async_callback(caller.close)
        yield Runner(
            settings,
            pool,
            address=address,
            clock=clock,
            figures=figures,
            moving=moving,
            following=following,
            outbox=outbox,
            delivery=Delivery(
                outbox,
                moving.coordinator,
                provinces,
                settings=settings.runner,
                clock=clock,
                notes=figures,
            ),
            polling=Polling(
                following.changes,
                provinces,
                FileFacts(following.following, following.reading),
                settings=settings.runner,
                clock=clock,
                notes=figures,
            ),
            webhooks=Webhooks(
                settings.webhooks,
                secrets,
                feed=FeedStore(pool, address),
                cursors=WebhookCursors(pool),
                trail=trail,
                post=caller,
                directory=moving.directory,
                roles=following.book.roles,
                clock=clock,
                notes=figures,
            ),
            digests=DailyDigests(
                settings.webhooks,
                secrets,
                digests=following.doors.reports.digests,
                sent=DigestsSent(pool),
                trail=trail,
                post=caller,
                directory=moving.directory,
                clock=clock,
                notes=figures,
            ),
        )


def webhook_secrets(
    settings: Settings, environ: Mapping[str, str]
) -> dict[str, list[bytes]]:
    """Read the secrets of all endpoints, by their names; the newest last.

    Raises:
        ValueError: One is missing or unusable; its value is not repeated.
    """
    found: dict[str, list[bytes]] = {}
    for one in settings.webhooks.endpoints:
        for name in (one.secret_env, one.next_secret_env):
            if name:
                secret = read_secret(environ.get(name, ""), name)
                found.setdefault(one.name, []).append(secret)
    return found


def _checks(
    pool: Pool, queue: Queue, time: ServerTime
) -> dict[str, Callable[[], Awaitable[bool]]]:
    async def database() -> bool:
        try:
            await within(_READY_S, _ping(pool))
        except StoreUnavailable:
            return False
        return True

    async def jobs() -> bool:
        return queue.taking

    async def right() -> bool:
        # Where the database cannot be asked, "database" says so.
        with suppress(StoreUnavailable):
            return await within(_READY_S, time.agrees())
        return True

    return {"database": database, "queue": jobs, "clock": right}


async def _ping(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("SELECT 1")
