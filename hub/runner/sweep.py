"""Itinerary: looks again and again for what waits and has no job.

Everything that the runner does begins here at the latest, whatever became of jobs,
notifications and other runners.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from hub.store.jobs import call_webhook, open_batch
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hub.following.watching import Watching
    from hub.runner.delivery import Delivery
    from hub.runner.digests import DailyDigests
    from hub.runner.polling import Polling
    from hub.runner.queue import Queue
    from hub.runner.webhooks import Webhooks
    from hub.store.jobs import Jobs
    from hub.store.server_time import ServerTime
    from hub.transfer.deadlines import Deadlines
    from hub.transfer.keeping import Batches
    from hub.transfer.ports import Outbox
    from schema.records.keys import ProvinceCode

_log = logging.getLogger("hub.runner")

#: So many batches are woken at once; each takes a while.
_BATCHES: Final = 4


def in_time(
    time: ServerTime, look: Callable[[], Awaitable[object]]
) -> Callable[[], Awaitable[object]]:
    """Make a look that is left out while this machine's clock is wrong."""

    async def looking() -> None:
        if await time.agrees():
            await look()

    return looking


class Sweep:
    """Wakes what waits."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        delivery: Delivery,
        deadlines: Deadlines,
        batches: Batches,
        watching: Watching,
        polling: Polling,
        webhooks: Webhooks,
        digests: DailyDigests,
        jobs: Jobs,
        queue: Queue,
        time: ServerTime,
    ) -> None:
        """Hold what is needed.

        Args:
            outbox: Tells which provinces have commands.
            delivery: Delivers them.
            deadlines: Ends waits.
            batches: Tells which batches are not done.
            watching: Notes what passed in cases, and lets new homes follow.
            polling: Asks provinces what happened in their case files.
            webhooks: Tells which endpoints are behind.
            digests: Sends the daily digests.
            jobs: Defers jobs.
            queue: Forgets jobs that were lost with their runner.
            time: Tells whether this machine's clock is right: what goes by the day
                waits while it is not.
        """
        self._outbox = outbox
        self._delivery = delivery
        self._polling = polling
        self._jobs = jobs
        self._batches = batches
        self._webhooks = webhooks
        self._digests = digests
        #: Provinces that are being delivered to from here.
        self._delivering: dict[ProvinceCode, asyncio.Task[None]] = {}
        self._looks: Sequence[tuple[str, Callable[[], Awaitable[object]]]] = (
            ("provinces", self._provinces),
            ("waits", in_time(time, deadlines.look)),
            ("batches", self._open),
            ("homes", watching.homes),
            ("cases", in_time(time, watching.look)),
            ("case-files", polling.look),
            ("webhooks", self._tell),
            ("digests", in_time(time, digests.look)),
            ("stalled", queue.clear_stalled),
        )

    async def run(self, every: float) -> None:
        """Look for ever, with this many seconds in between; cancel it to stop."""
        while True:
            await self.look()
            await asyncio.sleep(every)

    async def look(self) -> None:
        """Look once at everything; what fails is looked at again next time."""
        for what, look in self._looks:
            try:
                await look()
            except Refused as refused:
                _log.warning("sweep what=%s reason=%s", what, refused.refusal.code)
            except Exception as error:  # noqa: BLE001  # the trace could quote a person's data
                _log.error("sweep what=%s error=%s", what, type(error).__name__)

    async def finish(self) -> None:
        """Wait until deliveries and questions that began here have ended."""
        await self._digests.finish()
        if self._delivering:
            await asyncio.wait(self._delivering.values())
        await self._polling.finish()

    async def _provinces(self) -> None:
        """Deliver from here and not by a job: jobs may be lost with their runner."""
        for province in await self._outbox.waiting():
            if province not in self._delivering:
                task = asyncio.create_task(
                    self._deliver(province), name=f"deliver-{province}"
                )
                self._delivering[province] = task

    async def _deliver(self, province: ProvinceCode) -> None:
        try:
            await self._delivery.deliver(province)
        except Refused as refused:
            _log.warning(
                "delivery province=%s reason=%s", province, refused.refusal.code
            )
        except Exception as error:  # noqa: BLE001  # the trace could quote a person's data
            _log.error("delivery province=%s error=%s", province, type(error).__name__)
        finally:
            self._delivering.pop(province, None)

    async def _open(self) -> None:
        await self._jobs.defer(
            [open_batch(one) for one in await self._batches.unfinished(_BATCHES)]
        )

    async def _tell(self) -> None:
        await self._jobs.defer(
            [call_webhook(one) for one in await self._webhooks.behind()]
        )
