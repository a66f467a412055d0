"""Adapter: wake-ups for the runner, deferred in the transaction that makes work for it.

A job says only that there is something to do; the tables say what. So one that is lost
or doubled harms nothing: the runner's sweep finds what has no job. They are rows of the
queue's own table (procrastinate): its Python way in could not do without a savepoint for
each job, for the queueing lock is a unique index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import AsyncConnection

    from hub.store.pool import Pool
    from schema.records.keys import ProvinceCode

#: The queue that the runner takes from.
QUEUE: Final = "hub"
#: Deliver what waits for a province; argument ``province``.
DELIVER: Final = "hub.deliver"
#: Open the transfers of a batch; argument ``batch``.
OPEN_BATCH: Final = "hub.open_batch"
#: Tell an endpoint of a webhook; argument ``endpoint``.
CALL_WEBHOOK: Final = "hub.call_webhook"

# Of two that come at once, one waits until the other's transaction has ended.
_DEFER: Final = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
SELECT %s, task, name, name, args::jsonb
FROM unnest(%s::text[], %s::text[], %s::text[]) AS job (task, name, args)
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""


class Job(msgspec.Struct, frozen=True, order=True):
    """A wake-up.

    Attributes:
        task: One of the names above.
        argument: Name of its one argument.
        value: What it is about.
    """

    task: str
    argument: str
    value: str

    @property
    def lock(self) -> str:
        """Name both locks: one job of it waits at most, and one runs at most."""
        return f"{self.task}:{self.value}"


def deliver(province: ProvinceCode) -> Job:
    """Wake who delivers to a province."""
    return Job(DELIVER, "province", province)


def open_batch(batch: str) -> Job:
    """Wake who opens a batch."""
    return Job(OPEN_BATCH, "batch", batch)


def call_webhook(endpoint: str) -> Job:
    """Wake who tells an endpoint."""
    return Job(CALL_WEBHOOK, "endpoint", endpoint)


async def defer_within(connection: AsyncConnection[Any], jobs: Iterable[Job]) -> None:
    """Defer jobs in the caller's transaction; where one waits already, that will do.

    It should be the last thing that the transaction does: a job that waits already may
    be taken before it is committed, and then finds nothing new (the sweep would, later).
    """
    ordered = sorted(set(jobs))
    if ordered:
        await connection.execute(
            _DEFER,
            (
                QUEUE,
                [job.task for job in ordered],
                [job.lock for job in ordered],
                [
                    msgspec.json.encode({job.argument: job.value}).decode()
                    for job in ordered
                ],
            ),
        )


class Jobs:
    """Defers jobs for what waits without one: for the sweep."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def defer(self, jobs: Iterable[Job]) -> None:
        """Defer jobs; where one waits already, that will do.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            await defer_within(connection, jobs)
