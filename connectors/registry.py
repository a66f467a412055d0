"""Adapter: the connectors at hand, and the watch over what they serve."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING

from connectors.guard import Guard
from connectors.opening import at_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from connectors.observer import Observer
    from connectors.port import Clock
    from connectors.settings import ProvinceSettings
    from schema.records.keys import ProvinceCode

_LOG = logging.getLogger(__name__)

#: However often a province refuses questions as outside its contract, it is not
#: probed again sooner than this, in seconds.
_LEAST_PAUSE = 1.0

#: The pause between two probes differs by up to this part of it, so that the
#: hub's processes do not all probe at the same moment.
_SPREAD = 0.2


class Registry:
    """Every province of the settings, each in its guard."""

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
        self._guards: dict[ProvinceCode, Guard] = {}
        for guard in guards:
            if guard.province in self._guards:
                raise ValueError(f"two connectors of province {guard.province}")
            self._guards[guard.province] = guard
        self._chance = chance
        self._watches: list[asyncio.Task[None]] = []

    @classmethod
    def from_settings(
        cls,
        provinces: Sequence[ProvinceSettings],
        environ: Mapping[str, str],
        clock: Clock,
        observer: Observer | None = None,
        chance: Callable[[], float] = random.random,
    ) -> Registry:
        """Make the connectors that the settings name. Nothing is opened yet.

        A province whose secrets are missing is there, and answers with
        ``NOT_CONNECTED``: it never keeps the hub from starting.

        Args:
            provinces: The settings, one for each province.
            environ: The process environment, where the secrets are.
            clock: For the moments that are shown.
            observer: Who is told of every call.
            chance: Gives a random number from 0 up to 1, for the jitter.
        """
        guards = [
            Guard(at_hand(one, environ, clock), one, clock, observer, chance)
            for one in provinces
        ]
        return cls(guards, chance)

    def get(self, province: ProvinceCode) -> Guard | None:
        """Find the connector of a province, if the hub has settings for it."""
        return self._guards.get(province)

    def all(self) -> tuple[Guard, ...]:
        """Tell all, in the order of their codes."""
        return tuple(self._guards[code] for code in sorted(self._guards))

    async def start(self) -> None:
        """Ask every province what it serves, once, and again from time to time.

        Returns when each has answered or used up its deadline.
        """
        if self._watches:
            return
        async with asyncio.TaskGroup() as first:
            for guard in self._asked():
                first.create_task(_probe(guard))
        self._watches = [
            asyncio.create_task(self._watch(guard), name=f"probe-{guard.province}")
            for guard in self._asked()
        ]

    async def stop(self) -> None:
        """End the watch; the connectors stay open."""
        watches, self._watches = self._watches, []
        for task in watches:
            task.cancel()
        if watches:
            await asyncio.wait(watches)

    async def close(self) -> None:
        """End the watch and close all connections."""
        await self.stop()
        for guard in self._guards.values():
            await guard.close()

    def _asked(self) -> list[Guard]:
        return [guard for guard in self._guards.values() if not guard.settings.paused]

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


async def _probe(guard: Guard) -> None:
    loop = asyncio.get_running_loop()
    await guard.probe(loop.time() + guard.settings.deadline.total_seconds())
