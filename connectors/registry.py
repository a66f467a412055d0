"""Adapter: the connectors at hand, and the watch over what they serve."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING

from connectors.berth import Berth

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from connectors.berth import Moored
    from connectors.guard import Guard
    from schema.records.keys import ProvinceCode

_LOG = logging.getLogger(__name__)

#: However often a province refuses questions as outside its contract, it is not
#: probed again sooner than this, in seconds.
_LEAST_PAUSE = 1.0

#: The pause between two probes differs by up to this part of it, so that the
#: hub's processes do not all probe at the same moment.
_SPREAD = 0.2


class Registry:
    """Every province of the hub, each in its berth; they come, change and go."""

    def __init__(
        self, guards: Iterable[Guard], chance: Callable[[], float] = random.random
    ) -> None:
        """Hold these guards; two of one province are a mistake of ours.

        Args:
            guards: One for each province.
            chance: Gives a random number from 0 up to 1, for the jitter.

        Raises:
            ValueError: Two are of one province.
        """
        self._berths: dict[ProvinceCode, Berth] = {}
        for guard in guards:
            if guard.province in self._berths:
                raise ValueError(f"two connectors of province {guard.province}")
            self._berths[guard.province] = Berth(guard)
        self._chance = chance
        self._watching = False
        self._watches: dict[ProvinceCode, asyncio.Task[None]] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def get(self, province: ProvinceCode) -> Berth | None:
        """Find the connector of a province, if the hub has settings for it."""
        return self._berths.get(province)

    def all(self) -> tuple[Berth, ...]:
        """Tell all, in the order of their codes."""
        return tuple(self._berths[code] for code in sorted(self._berths))

    @property
    def codes(self) -> Collection[ProvinceCode]:
        """Whose connectors there are; it tells at any time what holds then."""
        return self._berths.keys()

    def put(self, guard: Guard) -> None:
        """Add a province, or let its calls go to another guard from now on.

        What is under way in the old one ends there, by its longest deadline at most;
        then it is closed.

        Args:
            guard: Made, and probed if it is to be asked.
        """
        berth = self._berths.get(guard.province)
        if berth is None:
            self._berths[guard.province] = Berth(guard)
        else:
            self._let_go(berth.take(guard))
        self._watch_anew(guard.province)

    def remove(self, farewell: Guard) -> None:
        """Take a province out; what is under way ends as in ``put``.

        Args:
            farewell: Answers those who had found the province before.
        """
        berth = self._berths.pop(farewell.province, None)
        if berth is not None:
            self._let_go(berth.take(farewell))
        self._watch_anew(farewell.province)

    async def start(self) -> None:
        """Ask every province what it serves, once, and again from time to time.

        Returns when each has answered or used up its deadline.
        """
        if self._watching:
            return
        self._watching = True
        async with asyncio.TaskGroup() as first:
            for berth in self._berths.values():
                if not berth.settings.paused:
                    first.create_task(_probe(berth))
        for code in self._berths:
            self._watch_anew(code)

    async def stop(self) -> None:
        """End the watch; the connectors stay open."""
        self._watching = False
        watches, self._watches = [*self._watches.values()], {}
        for task in watches:
            task.cancel()
        if watches:
            await asyncio.wait(watches)

    async def close(self) -> None:
        """End the watch and close all connections, the old ones too."""
        await self.stop()
        for task in self._leaving:
            task.cancel()
        if self._leaving:
            await asyncio.wait(self._leaving)
        for berth in self._berths.values():
            await berth.close()

    def _let_go(self, old: Moored) -> None:
        task = asyncio.create_task(old.close(), name=f"leave-{old.guard.province}")
        self._leaving.add(task)
        task.add_done_callback(self._left)

    def _left(self, task: asyncio.Task[None]) -> None:
        self._leaving.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("%s error=%s", task.get_name(), type(error).__name__)

    def _watch_anew(self, province: ProvinceCode) -> None:
        """Probe a province from time to time as its settings now say, or no more."""
        if (old := self._watches.pop(province, None)) is not None:
            old.cancel()
        berth = self._berths.get(province)
        if self._watching and berth is not None and not berth.settings.paused:
            self._watches[province] = asyncio.create_task(
                self._watch(berth.guard), name=f"probe-{province}"
            )

    async def _watch(self, guard: Guard) -> None:
        every = guard.settings.probe_every.total_seconds()
        while True:
            await asyncio.sleep(min(_LEAST_PAUSE, every))
            pause = every * (1 + _SPREAD * (2 * self._chance() - 1))
            try:
                async with asyncio.timeout(pause):
                    await guard.outdated.wait()
            except TimeoutError:
                pass
            guard.outdated.clear()
            await _probe(guard)


async def _probe(guard: Guard | Berth) -> None:
    loop = asyncio.get_running_loop()
    await guard.probe(loop.time() + guard.settings.deadline.total_seconds())
