"""Itinerary: which provinces know these workers, and by which local keys?

Look-ups in flight at the same moment share one statement: while a statement is
under way, those who come wait, and all go together in the next. An idle hub asks at
once, without waiting for company; under load the batch grows by itself and the
cost of one key falls (MEASURED.md: 99 µs alone, 5.6 µs among 64).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.reading.ports import Links, Wanted
    from schema.records.told import Located

#: Keys that one look-up waits for, and where their answer goes.
_Waiting = tuple[Sequence["Wanted"], asyncio.Future["list[Located | None]"]]

#: Keys in one statement at the most: beyond this a larger batch is no cheaper.
_MOST = 512


class Locator:
    """Shares statements among the look-ups of all requests of this process."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._waiting: list[_Waiting] = []
        self._carrier: asyncio.Task[None] | None = None

    async def locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        """Find workers and their open links, in the order of ``wanted``.

        Raises:
            hub.store.pool.StoreUnavailable: The store cannot be asked now.
        """
        if not wanted:
            return []
        answer: asyncio.Future[list[Located | None]] = (
            asyncio.get_running_loop().create_future()
        )
        self._waiting.append((wanted, answer))
        if self._carrier is None:
            self._carrier = asyncio.create_task(self._carry(), name="locator")
        return await answer

    async def _carry(self) -> None:
        try:
            while batch := self._next():
                await self._ask(batch)
        finally:
            self._carrier = None

    def _next(
        self,
    ) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and (not batch or size < _MOST):
            wanted, answer = self._waiting.pop(0)
            if not answer.done():  # its request was cancelled while it waited
                batch.append((wanted, answer))
                size += len(wanted)
        return batch

    async def _ask(self, batch: list[_Waiting]) -> None:
        try:
            found = await self._links.locate(
                [one for wanted, _ in batch for one in wanted]
            )
        except BaseException as problem:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(_of(problem))
            if not isinstance(problem, Exception):
                raise
            return
        start = 0
        for wanted, answer in batch:
            end = start + len(wanted)
            if not answer.done():
                answer.set_result(found[start:end])
            start = end


def _of(problem: BaseException) -> BaseException:
    """A waiter must not take the carrier's cancellation for its own."""
    return (
        problem
        if isinstance(problem, Exception)
        else ConnectionError("the hub is stopping")
    )
