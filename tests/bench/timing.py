"""Adapter: how long one thing takes, done again and again."""

from __future__ import annotations

from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Part(msgspec.Struct, frozen=True):
    """The cost of one part.

    Attributes:
        name: What it is.
        micros: Microseconds for one of what ``per`` says, the median of rounds.
        per: One of what.
        waits: Whether it waits for something, so that it is the time on the wall.
    """

    name: str
    micros: float
    per: str
    waits: bool = False


class Timing:
    """Runs things again and again, and takes the median of the rounds.

    What only computes is timed by the processor's clock, so that other programs
    on the machine hardly count; what waits, by the clock on the wall.
    """

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds

    def plain(
        self, name: str, per: str, run: Callable[[], object], times: int = 200
    ) -> Part:
        """Time a function that computes."""
        run()
        taken = []
        for _ in range(self._rounds):
            start = process_time()
            for _ in range(times):
                run()
            taken.append((process_time() - start) / times)
        return Part(name, median(taken) * 1e6, per)

    async def computing(
        self,
        name: str,
        per: str,
        run: Callable[[], Awaitable[object]],
        times: int = 200,
    ) -> Part:
        """Time a coroutine that computes, whatever it awaits."""
        await run()
        taken = []
        for _ in range(self._rounds):
            start = process_time()
            for _ in range(times):
                await run()
            taken.append((process_time() - start) / times)
        return Part(name, median(taken) * 1e6, per)

    async def waiting(
        self,
        name: str,
        per: str,
        run: Callable[[], Awaitable[object]],
        times: int = 50,
        share: int = 1,
    ) -> Part:
        """Time a function that waits; ``share`` of what is done in one run."""
        await run()
        taken = []
        for _ in range(self._rounds):
            start = perf_counter()
            for _ in range(times):
                await run()
            taken.append((perf_counter() - start) / times / share)
        return Part(name, median(taken) * 1e6, per, waits=True)
