"""Adapter: work for a caller over HTTP ends when the caller has hung up.

What nobody waits for any more must not go on asking provinces, keep its place, or have
the trail say that something was shown.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from hub.web.body import Disconnected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Receive

#: Whoever is answered sooner is not watched, in seconds: a watch costs a task, and
#: most questions are answered in less.
_UNWATCHED_S: Final = 0.02


@asynccontextmanager
async def while_connected(receive: Receive) -> AsyncIterator[None]:
    """Cancel the block when the caller hangs up.

    Args:
        receive: The connection; its body has been read to the end.

    Raises:
        Disconnected: The caller has hung up, and the block was cancelled for it.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None, "coroutines run in tasks"  # noqa: S101
    cancelled_before = task.cancelling()
    watch: asyncio.Task[None] | None = None
    gone = False

    async def wait() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        task.cancel()

    def begin() -> None:
        nonlocal watch
        watch = loop.create_task(wait(), name="hang-up")

    timer = loop.call_later(_UNWATCHED_S, begin)
    try:
        yield
    except asyncio.CancelledError:
        # As asyncio.timeout: only who was cancelled from here, and from nowhere else.
        if gone and task.uncancel() <= cancelled_before:
            raise Disconnected from None
        raise
    finally:
        timer.cancel()
        if watch is not None:
            watch.cancel()
