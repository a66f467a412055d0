"""Itinerary: breaks something, waits, mends it; and the next. By a seed."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from tests.chaos.ground import PROVINCES
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


class Havoc(threading.Thread):
    """Breaks things until it is told to stop; then everything is whole again.

    Attributes:
        done: How often each mischief was done.
        failed: What the thread died of, if it did.
    """

    def __init__(self, ground: Ground, seed: int) -> None:
        super().__init__(name="havoc", daemon=True)
        self.done: Counter[str] = Counter()
        self.failed: BaseException | None = None
        self._ground = ground
        self._rng = random.Random(f"havoc/{seed}")  # noqa: S311  # a seed, no secret
        self._stopped = threading.Event()

    def run(self) -> None:
        """Break and mend."""
        try:
            while not self._stopped.is_set():
                (what,) = self._rng.choices([*_MISCHIEF], [*_MISCHIEF.values()])
                self._do(what)
                self.done[what] += 1
                self._stopped.wait(self._rng.uniform(0.1, 1.0))
        except BaseException as error:  # noqa: BLE001  # told by `heal`
            self.failed = error

    def heal(self) -> None:
        """Break no more; wait until all is mended.

        Raises:
            RuntimeError: The mischief itself failed: the run shows nothing.
        """
        self._stopped.set()
        self.join(120)
        if self.failed is not None:
            raise RuntimeError("the havoc failed") from self.failed

    def _do(self, what: str) -> None:
        verb, _, target = what.partition(" ")
        ground, rng = self._ground, self._rng
        code = rng.choice(PROVINCES)
        name = f"province-{code}" if target == "province" else target
        if target == "line":
            ground.weather.set(ground.lines[code], Weather(verb))
            self._stopped.wait(rng.uniform(0.3, 3.0))
            ground.weather.set(ground.lines[code], Weather.FINE)
        elif verb == "freeze":
            ground.freeze(name, on=True)
            self._stopped.wait(rng.uniform(0.2, 2.0))
            ground.freeze(name, on=False)
        else:
            ground.kill(name)
            self._stopped.wait(rng.uniform(0.0, 2.0))
            ground.begin(name)
