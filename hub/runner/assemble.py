"""Itinerary: puts the runner together, and takes it apart at the end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from hub.audit.trail import GroupTrail
from hub.clock import SystemClock
from hub.config.webhook_secret import webhook_secrets
from hub.connecting.opening import connected
from hub.following.file_facts import FileFacts
from hub.following_wiring import following_side
from hub.identity.worker_key import Pseudonyms
from hub.moving_wiring import moving_side
from hub.reading.locator import Locator
from hub.runner.calling import Caller
from hub.runner.checks import checks
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
from hub.store.pool import open_pool
from hub.store.server_time import ServerTime
from hub.store.transfer_counts import TransferCounts
from hub.store.waits import TransferWaits
from hub.store.webhooks import WebhookCursors
from hub.transfer.deadlines import Deadlines
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from connectors.registry import Registry
    from hub.clock import Clock
    from hub.config.settings import Settings
    from hub.connecting.live_provinces import LiveProvinces
    from hub.following_wiring import FollowingSide
    from hub.moving_wiring import MovingSide
    from hub.store.pool import Pool
    from schema.records.keys import ProvinceCode

#: How often what is open is counted, in seconds.
_COUNT_EVERY_S: Final = 5.0


class Runner:
    """What jobs wake, and what goes on by itself.

    Attributes:
        figures: What the runner counts.
        delivery: Delivers commands.
        sweep: Looks for what waits.
        queue: Takes jobs.
        checks: What must be well, by name.
        settings_told: Tells what keeps settings of provinces from being taken.
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
        provinces: Registry,
        live: LiveProvinces,
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
            provinces: The connectors.
            live: Follows the settings of provinces.
        """
        self.settings_told = live.standing.told
        live.changed = self._changed
        self._provinces = provinces
        self._polling = polling
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
        self.checks = checks(pool, self.queue, time)

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
        counted: set[ProvinceCode] = set()
        while True:
            # What waits for a province that was taken out is shown still.
            counted.update(self._provinces.codes)
            with suppress(Refused):
                self.figures.show_open(await self._counts.open())
                for province in sorted(counted):
                    waiting, since = await self._outbox.backlog(province)
                    age = (self._clock.now() - since).total_seconds() if since else 0.0
                    self.figures.show_backlog(province, waiting, max(0.0, age))
            await asyncio.sleep(_COUNT_EVERY_S)

    def _changed(self, province: ProvinceCode) -> None:
        """Let a province that is asked otherwise now rest no longer."""
        self.delivery.try_again(province)
        self._polling.try_again(province)

    def _goes_on(self) -> bool:
        return not self.delivery.stopping.is_set()


@asynccontextmanager
async def runner(
    settings: Settings, environ: Mapping[str, str], source: Path | None = None
) -> AsyncIterator[Runner]:
    """Put the runner together; nothing runs yet.

    Args:
        settings: What the files say.
        environ: Where the secrets are.
        source: The main file; provinces follow it and their own files, if given.

    Raises:
        ValueError: A secret that the settings name is missing or unusable.
        Refused: A key is unusable.
    """
    clock, figures = SystemClock(), RunnerFigures()
    secrets = webhook_secrets(settings.webhooks, environ)
    pseudonyms = Pseudonyms(settings.worker_keys, environ)
    address = settings.database.address(environ)
    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.database, environ)
        stack.push_async_callback(pool.close)
        provinces, live = await stack.enter_async_context(
            connected(
                settings,
                environ,
                source=source,
                pool=pool,
                clock=clock,
                watch=figures,
                role="runner",
            )
        )
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
            provinces=provinces,
            live=live,
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
