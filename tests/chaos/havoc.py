"""Itinerary: breaks something, waits, mends it; and the next. By a seed."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from tests.chaos.line import Weather

if TYPE_CHECKING:
    from tests.chaos.ground import Ground

#: What is done, and how often among a hundred.
_MISCHIEF: Final = {
    "kill hub": 14,
    "kill runner": 18,
    "kill postgres": 8,
    "kill province": 18,
    "freeze hub": 4,
    "freeze runner": 6,
    "freeze province": 8,
    "freeze postgres": 4,
    "deaf line": 8,
    "mute line": 4,
    "down line": 4,
    "slow line": 4,
}


class Havoc:
    """Breaks and mends in the thread that calls it.

    That has to be the main thread: what it starts again is stopped by the kernel when
    the thread that started it ends.

    Attributes:
        done: How often each mischief was done.
    """

    def __init__(
        self, ground: Ground, seed: int, pause: float, over: threading.Event
    ) -> None:
        """Get ready.

        Args:
            ground: What is broken.
            seed: Chooses what, and when.
            pause: The longest time between two mischiefs, in seconds.
            over: Set when there is nothing more to break.
        """
        self.done: Counter[str] = Counter()
        self._ground = ground
        self._rng = random.Random(f"havoc/{seed}")  # noqa: S311  # a seed, no secret
        self._over = over
        self._pause = pause

    def run(self) -> None:
        """Break and mend until it is over; then everything is whole again."""
        while not self._over.wait(self._rng.uniform(0.1, 1.0) * self._pause):
            (what,) = self._rng.choices([*_MISCHIEF], [*_MISCHIEF.values()])
            self._do(what)
            self.done[what] += 1

    def _do(self, what: str) -> None:
        verb, _, target = what.partition(" ")
        ground, rng = self._ground, self._rng
        code = rng.choice(ground.provinces)
        name = f"province-{code}" if target == "province" else target
        if target == "line":
            ground.weather.set(ground.lines[code], Weather(verb))
            self._over.wait(rng.uniform(0.3, 3.0))
            ground.weather.set(ground.lines[code], Weather.FINE)
        elif verb == "freeze":
            ground.freeze(name, on=True)
            self._over.wait(rng.uniform(0.2, 2.0))
            ground.freeze(name, on=False)
        else:
            ground.kill(name)
            self._over.wait(rng.uniform(0.0, 2.0))
            ground.begin(name)
