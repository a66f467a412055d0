"""Whether the event loop is held up is measured in every hub, and shown once."""

from __future__ import annotations

import asyncio
import time

from hub.web.lag import metering
from hub.web.metrics import Figures


class Longest:
    lag = worked = 0.0

    def held_up(self, lag, worked):
        self.lag, self.worked = max(self.lag, lag), max(self.worked, worked)


async def test_work_without_a_pause_is_seen_as_such():
    seen = Longest()
    with metering(seen):
        await asyncio.sleep(0.02)
        until = time.thread_time() + 0.15
        while time.thread_time() < until:
            pass
        await asyncio.sleep(0.02)

    assert seen.lag > 0.12
    assert seen.worked > 0.14


async def test_waiting_without_giving_way_is_a_hold_up_though_no_work():
    seen = Longest()
    with metering(seen):
        await asyncio.sleep(0.02)
        time.sleep(0.15)  # noqa: ASYNC251  # the mistake that shall be seen
        await asyncio.sleep(0.02)

    assert seen.lag > 0.12
    assert seen.worked < 0.1


async def test_after_the_block_nothing_is_measured():
    seen = Longest()
    with metering(seen):
        pass
    await asyncio.sleep(0.05)

    assert seen.lag == 0.0


def longer(figures, than):
    """Hold-ups and bouts of work that were longer, as whoever reads can tell."""
    figures.text()  # somebody else read before: it takes nothing away
    value = figures.registry.get_sample_value
    return [
        value(f"{name}_count") - value(f"{name}_bucket", {"le": str(than)})
        for name in ("hub_event_loop_lag_seconds", "hub_event_loop_busy_seconds")
    ]


def test_every_reader_sees_the_same_hold_ups():
    figures = Figures()
    figures.held_up(0.25, 0.12)
    figures.held_up(0.12, 0.05)

    for _ in range(2):
        assert longer(figures, 0.1) == [2, 1]
        assert longer(figures, 0.2) == [1, 0]


async def test_a_hub_shows_it(ask):
    answer = await ask(method="GET", path="/metrics")

    assert "hub_event_loop_lag_seconds_bucket" in answer.body.decode()
