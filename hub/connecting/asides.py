"""Adapter: what may hang is done aside, and is not waited for longer than is good."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do work in a thread that keeps no process from ending, whatever it waits for.

    Raises:
        Exception: Whatever the work raises.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(result: T | None, error: BaseException | None) -> None:
        if done.done():  # nobody waits any more
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # it is the work's own

    def run() -> None:
        result, raised = None, None
        try:
            result = work(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001  # whoever waits is told
            raised = error
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(tell, result, raised)

    threading.Thread(target=run, name="aside", daemon=True).start()
    return await done


class Aside(Generic[T]):
    """One piece of work that is never under way twice; its result is taken once."""

    def __init__(self, work: Callable[[], Awaitable[T]]) -> None:
        """Begin nothing yet.

        Args:
            work: What is done, again and again.
        """
        self._work = work
        self._task: asyncio.Task[T] | None = None
        #: When it was done to the end last, by the monotonic clock.
        self.done_at = monotonic()
        #: It took longer than it was waited for, and has not ended.
        self.late = False

    async def done(self, seconds: float) -> T | None:
        """Begin it, or go on waiting for it.

        Args:
            seconds: How long to wait; it goes on after that.

        Returns:
            What came of it; none if it is under way still.

        Raises:
            Exception: Whatever the work raises.
        """
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())
        await asyncio.wait({self._task}, timeout=seconds)
        self.late = not self._task.done()
        if self.late:
            return None
        ended, self._task = self._task, None
        self.done_at = monotonic()
        return ended.result()

    async def close(self) -> None:
        """Let go of it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=1.0)

    async def _run(self) -> T:
        return await self._work()
