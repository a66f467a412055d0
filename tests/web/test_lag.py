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


def shown(figures):
    return {
        line.split()[0]: float(line.split()[1])
        for line in figures.text()[0].decode().splitlines()
        if line.startswith("hub_event_loop")
    }


def test_the_longest_since_the_last_look_is_shown():
    figures = Figures()
    figures.held_up(0.2, 0.1)
    figures.held_up(0.1, 0.15)

    assert shown(figures) == {
        "hub_event_loop_lag_seconds": 0.2,
        "hub_event_loop_busy_seconds": 0.15,
    }
    assert set(shown(figures).values()) == {0.0}


async def test_a_hub_shows_it(ask):
    answer = await ask(method="GET", path="/metrics")

    assert "hub_event_loop_lag_seconds" in answer.body.decode()
