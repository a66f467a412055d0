"""Adapter: the job queue (procrastinate): who wakes the runner, and for what.

A job is a wake-up and no more; the tables say what is to be done. So a job that is
lost with its runner need not be done again: it is removed, and the sweep finds what
there is to do.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, Protocol

import procrastinate
from procrastinate.jobs import Status

from hub.store.jobs import CALL_WEBHOOK, DELIVER, OPEN_BATCH, QUEUE
from schema.records.keys import ProvinceCode
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.config.moving import RunnerSettings

_log = logging.getLogger("hub.runner")

#: Wait so long before the queue is opened anew after a failure, in seconds.
_PAUSE_S: Final = 1.0
#: Jobs come by notification; should one be missed, they are looked for so often.
_POLL_S: Final = 2.0


class Work(Protocol):
    """What jobs wake."""

    async def deliver(self, province: ProvinceCode) -> None:
        """Deliver what waits for a province."""
        ...

    async def open_batch(self, batch: str) -> None:
        """Open the transfers of a batch."""
        ...

    async def call_webhook(self, endpoint: str) -> None:
        """Tell an endpoint what it has not been told."""
        ...


class Queue:
    """Takes jobs until it is stopped, and outlives the database."""

    def __init__(self, address: str, work: Work, settings: RunnerSettings) -> None:
        """Prepare; nothing is opened yet.

        Args:
            address: Of the database.
            work: What jobs wake.
            settings: How many jobs at once, and when one counts as lost.
        """
        self._settings = settings
        self._address = address
        self._work = work
        self._app: procrastinate.App | None = None
        #: Whether jobs are taken just now.
        self.taking = False

    async def run(self) -> None:
        """Take jobs for ever; cancel it to stop.

        What is under way then may finish within ``shutdown``.
        """
        while True:
            try:
                await self._take()
            except Exception as error:  # noqa: BLE001  # the database may come back
                _log.warning("queue-ended error=%s", type(error).__name__)
            finally:
                self.taking, self._app = False, None
            await asyncio.sleep(_PAUSE_S)

    async def _take(self) -> None:
        app = self._make()
        async with app.open_async():
            self._app, self.taking = app, True
            alive = self._settings.stalled_after.total_seconds()
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=self._settings.jobs,
                install_signal_handlers=False,
                delete_jobs="always",
                fetch_job_polling_interval=_POLL_S,
                shutdown_graceful_timeout=self._settings.shutdown.total_seconds(),
                update_heartbeat_interval=alive / 4,
                stalled_worker_timeout=alive,
            )

    async def clear_stalled(self) -> int:
        """Remove jobs whose runner gives no sign of life; tell how many.

        They would keep later jobs of the same lock from being taken.
        """
        app = self._app
        if app is None:
            return 0
        stalled = list(
            await app.job_manager.get_stalled_jobs(
                queue=QUEUE,
                seconds_since_heartbeat=self._settings.stalled_after.total_seconds(),
            )
        )
        for job in stalled:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
        if stalled:
            _log.warning("stalled-jobs jobs=%d", len(stalled))
        return len(stalled)

    def _make(self) -> procrastinate.App:
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=self._address,
                min_size=1,
                max_size=4,
                kwargs={"application_name": "hub-queue", "connect_timeout": 2},
            )
        )
        for name, wake in (
            (DELIVER, self._deliver),
            (OPEN_BATCH, self._open_batch),
            (CALL_WEBHOOK, self._call_webhook),
        ):
            app.task(name=name, queue=QUEUE, pass_context=False)(_quiet(wake))
        return app

    async def _deliver(self, province: str) -> None:
        await self._work.deliver(ProvinceCode(province))

    async def _open_batch(self, batch: str) -> None:
        await self._work.open_batch(batch)

    async def _call_webhook(self, endpoint: str) -> None:
        await self._work.call_webhook(endpoint)


def _quiet(wake: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Let a job end well, whatever its work does: the sweep comes again anyway."""

    async def job(**about: Any) -> None:
        try:
            await wake(**about)
        except Refused as refused:
            _log.warning("job-failed reason=%s", refused.refusal.code)
        except Exception as error:  # noqa: BLE001  # the trace could quote a person's data
            _log.error("job-failed error=%s", type(error).__name__)

    return job
