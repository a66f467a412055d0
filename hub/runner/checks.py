"""Adapter: what must be well for the runner to work."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from hub.store.patience import within
from hub.store.unavailable import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.runner.queue import Queue
    from hub.store.pool import Pool
    from hub.store.server_time import ServerTime

_READY_S: Final = 2.0


def checks(
    pool: Pool, queue: Queue, time: ServerTime
) -> dict[str, Callable[[], Awaitable[bool]]]:
    """Make the checks, by name.

    Args:
        pool: Of the hub's database.
        queue: Takes jobs.
        time: Knows what the database's clock says.
    """

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
