"""Commands come together until the next beat, and no longer; a lone one does not wait."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest

from connectors.port import Acted
from hub.clock import SystemClock
from hub.config.moving import RunnerSettings
from hub.runner.delivery import Delivery
from schema.records.command import Act, Answered, Command, Receipt
from schema.records.keys import ProvinceCode

PROVINCE = ProvinceCode("44")
#: Whoever waits for the next beat of this waits for ever.
HOUR = timedelta(hours=1)


class Line:
    """A province and its outbox: what it is asked, and when, by the loop's clock."""

    def __init__(self, *waiting):
        self.waiting = list(waiting)
        self.calls = []
        self.times = []
        self.called = asyncio.Event()
        self.come_meanwhile = []

    @asynccontextmanager
    async def draining(self, _province):
        """Let whoever comes be alone."""
        yield True

    async def next(self, _province, most):
        """Give the next commands."""
        return [_command(key) for key in self.waiting[:most]]

    async def failed(self, _keys, _not_before):
        """Never: this line is good."""
        raise AssertionError

    async def act(self, commands, _request, _deadline):
        """Do everything at once."""
        self.calls.append([one.key for one in commands])
        self.times.append(asyncio.get_running_loop().time())
        self.called.set()
        done = [Receipt(key=one.key, answered=Answered.DONE) for one in commands]
        return Acted(tuple(done))

    async def received(self, known):
        """Take receipts; then more may come."""
        for command, _ in known:
            self.waiting.remove(command.key)
        self.waiting += self.come_meanwhile
        self.come_meanwhile = []
        return ()

    def get(self, _province):
        """Be the only province."""
        return self

    def delivered(self, *_about):
        """Count nothing."""


def _command(key):
    return Command(
        key=key, act=Act.REGISTER_OUT, transfer="t", province=PROVINCE, local_id="w",
        membership_no="m", union="a", counterpart_union="b",
        counterpart_province=ProvinceCode("63"), on=date(2026, 11, 2),
    )  # fmt: skip


def delivering(line, **settings):
    return Delivery(
        line, line, line, settings=RunnerSettings(**settings), clock=SystemClock(),
        notes=line,
    )  # fmt: skip


@pytest.fixture(autouse=True)
async def in_time():
    async with asyncio.timeout(10):
        yield


async def test_a_province_that_was_left_in_peace_is_called_at_once():
    line = Line("a")
    delivery = delivering(line, gather=HOUR)
    task = asyncio.create_task(delivery.deliver(PROVINCE))

    await line.called.wait()

    assert line.calls == [["a"]]
    delivery.stopping.set()
    await task


async def test_a_runner_that_stops_begins_nothing_at_the_next_beat():
    line = Line("a")
    line.come_meanwhile = ["b"]
    delivery = delivering(line, gather=HOUR)
    task = asyncio.create_task(delivery.deliver(PROVINCE))
    await line.called.wait()
    await asyncio.sleep(0)

    delivery.stopping.set()
    await task

    assert line.calls == [["a"]]
    assert line.waiting == ["b"]  # it stands in the outbox; the next runner has it


async def test_after_a_full_call_nobody_waits_for_more():
    line = Line("a", "b", "c", "d")

    await delivering(line, gather=HOUR, commands=2).deliver(PROVINCE)

    assert line.calls == [["a", "b"], ["c", "d"]]


async def test_what_comes_before_the_beat_goes_together_at_the_beat():
    every = 0.2
    line = Line("a")
    line.come_meanwhile = ["b", "c"]
    delivery = delivering(line, gather=timedelta(seconds=every))

    await delivery.deliver(PROVINCE)

    assert line.calls == [["a"], ["b", "c"]]
    first, second = line.times
    assert second // every > first // every  # not before the beat
    assert second - first < every + 0.5  # and not for another one


async def test_provinces_share_the_beat():
    delivery = delivering(Line(), gather=HOUR)
    now = asyncio.get_running_loop().time()

    assert delivery._beat() == delivery._beat()
    assert 0 < delivery._beat() - now <= HOUR.total_seconds()
    assert delivery._beat() % HOUR.total_seconds() == 0
