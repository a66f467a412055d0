"""Adapter: nobody waits for a database that has fallen silent.

A server that is frozen rather than gone keeps its connections open and says
nothing. The limits that the server keeps do not hold then, and to cancel a
statement the driver asks the same server. So the work is left behind: whoever
waits is told in time, and the connection is cleared up in the background.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from hub.store.unavailable import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

#: Work that nobody waits for any more, kept so that it can end.
_LEFT_BEHIND: set[asyncio.Task[Any]] = set()


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """Wait for work on the store, but no longer than this.

    Args:
        seconds: How long.
        work: What to wait for; it is cancelled when the time is up.

    Raises:
        StoreUnavailable: It was not done in time.
    """
    task = asyncio.create_task(work, name="store")
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        _leave(task)
        raise
    if not done:
        _leave(task)
        raise StoreUnavailable("no answer in time")
    return task.result()


def _leave(task: asyncio.Task[Any]) -> None:
    _LEFT_BEHIND.add(task)
    task.add_done_callback(_forget)
    task.cancel()


def _forget(task: asyncio.Task[Any]) -> None:
    _LEFT_BEHIND.discard(task)
    if not task.cancelled():
        task.exception()  # looked at, so that asyncio does not complain of it
