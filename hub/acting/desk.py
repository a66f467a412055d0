"""Itinerary: acts that come at once go into one transaction.

A commit waits for the disk, whatever its size, and all transactions that write the
trail take turns. So while one is under way, and for a moment after it, the acts that
come in wait, and go together in the next. One that comes later goes at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_log = logging.getLogger(__name__)

A = TypeVar("A")
R = TypeVar("R")

CROWDED: Final = Refusal(
    "TOO_MANY_ACTS",
    "acts.desk",
    Bilingual(
        "正在办理的事项过多，未作任何改动。",
        "Too many acts are waiting; nothing was changed.",
    ),
    Bilingual("请稍后用同一幂等键重试。", "Try again in a moment, with the same key."),
)
STOPPING: Final = Refusal(
    "HUB_STOPPING",
    "acts.desk",
    Bilingual(
        "枢纽正在停止，不能确定是否已办理。",
        "The hub is stopping; nobody knows whether it was done.",
    ),
    Bilingual(
        "请稍后用同一幂等键重试：不会重复办理。",
        "Try again with the same key: it will not be done twice.",
    ),
)


class Desk(Generic[A, R]):
    """Settles acts in groups, in the order in which they came."""

    def __init__(
        self,
        settle: Callable[[Sequence[A]], Awaitable[Sequence[R]]],
        *,
        most_per_group: int = 256,
        most_waiting: int = 20_000,
        gather: float = 0.0,
    ) -> None:
        """Prepare; nothing runs while nothing waits.

        Args:
            settle: Settles a group in one transaction, an answer for each. If it
                raises ``Refused``, none of them is settled for certain. If it raises
                anything else, each is tried again by itself, so that one act that
                cannot be written spoils no other.
            most_per_group: Acts in one transaction.
            most_waiting: So many may wait; more are turned away at once.
            gather: For so many seconds after a group acts come together for the next;
                after a full one, and when the desk closes, nobody waits for more.
        """
        self._settle = settle
        self._most_per_group = most_per_group
        self._most_waiting = most_waiting
        self._gather = gather
        self._waiting: deque[tuple[A, asyncio.Future[R]]] = deque()
        self._clerk: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    async def take(self, acts: Sequence[A]) -> list[R]:
        """Have acts settled; their answers are in their order.

        Raises:
            schema.records.refusal.Refused: They may or may not be settled; act again
                under the same keys.
        """
        if len(self._waiting) + len(acts) > self._most_waiting:
            raise Refused(CROWDED)
        loop = asyncio.get_running_loop()
        futures: list[asyncio.Future[R]] = [loop.create_future() for _ in acts]
        self._waiting.extend(zip(acts, futures, strict=True))
        if self._clerk is None and acts:
            self._clerk = asyncio.create_task(self._work(), name="desk")
        if futures:
            await asyncio.wait(futures)
        failed = [one.exception() for one in futures]
        for problem in failed:
            if problem is not None:
                raise problem
        return [one.result() for one in futures]

    async def close(self) -> None:
        """Wait until what waits is settled."""
        self._closing.set()
        while self._clerk is not None:
            await asyncio.wait([self._clerk])

    async def _work(self) -> None:
        try:
            while group := self._next():
                await self._settle_group(group)
                if len(self._waiting) < self._most_per_group:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._gather):
                            await self._closing.wait()
        finally:
            self._clerk = None
            # Reached with acts still waiting only when cancelled.
            _fail(list(self._waiting), Refused(STOPPING))
            self._waiting.clear()

    def _next(self) -> list[tuple[A, asyncio.Future[R]]]:
        group: list[tuple[A, asyncio.Future[R]]] = []
        while self._waiting and len(group) < self._most_per_group:
            one = self._waiting.popleft()
            if not one[1].done():  # else its caller has given up
                group.append(one)
        return group

    async def _settle_group(self, group: list[tuple[A, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._settle([act for act, _ in group])
        except Refused as refused:
            _fail(group, refused)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is of one act
            # The trace could quote a person's data.
            _log.info(
                "desk-group-split acts=%d error=%s", len(group), type(error).__name__
            )
            for act, future in group:
                await self._settle_one(act, future)
        except BaseException:
            _fail(group, Refused(STOPPING))
            raise
        else:
            for (_, future), answer in zip(group, answers, strict=True):
                if not future.done():
                    future.set_result(answer)

    async def _settle_one(self, act: A, future: asyncio.Future[R]) -> None:
        for last in (False, False, True):
            try:
                (answer,) = await self._settle([act])
            except Refused as refused:
                _fail([(act, future)], refused)
            except Exception as error:  # noqa: BLE001  # its caller is told
                if not last:
                    continue  # somebody else was first: what they wrote is there now
                _fail([(act, future)], error)
            else:
                if not future.done():
                    future.set_result(answer)
            return


def _fail(group: Sequence[tuple[A, asyncio.Future[R]]], why: Exception) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(why)
