"""Adapter: how long the event loop was held up, and whether by the hub itself.

A timer that should go off every few milliseconds tells how late it was. It may
be late because the loop worked on without a pause, or because the machine gave
the process no time; so the time that the loop's thread really worked meanwhile
is measured too.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How often the timer goes off, in seconds; a hold-up is seen to this precision.
_EVERY = 0.01


class Gauges(Protocol):
    """Keeps how long the hold-ups were."""

    def held_up(self, lag: float, worked: float) -> None:
        """Take note of one turn of the timer.

        Args:
            lag: How late it was, in seconds.
            worked: How long the loop's thread worked since the turn before, in
                seconds of its processor.
        """
        ...


class LagMeter:
    """Runs as long as the loop serves."""

    def __init__(self, gauges: Gauges) -> None:
        """Tell ``gauges``."""
        self._gauges = gauges
        self._timer: asyncio.TimerHandle | None = None
        self._at = self._worked = 0.0

    def start(self) -> None:
        """Begin, in the loop that is running."""
        self._at, self._worked = perf_counter(), thread_time()
        self._set()

    def stop(self) -> None:
        """End."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_EVERY, self._tick)

    def _tick(self) -> None:
        now, worked = perf_counter(), thread_time()
        lag = max(now - self._at - _EVERY, 0.0)
        self._gauges.held_up(lag, worked - self._worked)
        self._at, self._worked = now, worked
        self._set()


@contextmanager
def metering(gauges: Gauges) -> Iterator[None]:
    """Measure the running loop until the block ends."""
    meter = LagMeter(gauges)
    meter.start()
    try:
        yield
    finally:
        meter.stop()
