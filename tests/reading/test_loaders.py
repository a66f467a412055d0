"""A look-up lives as long as somebody waits for it, and not longer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hub.reading.loaders import Loaders
from hub.web.errors import BadRequest, Code
from schema.records.purpose import PurposeOfUse
from schema.records.selection import Selection
from schema.records.wanted import ById
from tests.builders.tellings import membership, worker
from tests.fakes.hub import NUMBER, Hub, caller
from tests.fakes.operating import Operating

ASKING = (PurposeOfUse.MEMBERSHIP_SERVICE, Selection())


class Reader:
    """Answers when it is let; notes what was asked and what was given up."""

    def __init__(self):
        self.let = asyncio.Event()
        self.asked, self.given_up = [], 0

    async def read(self, lookups, _caller, _request):
        self.asked.append([one.by.worker for one in lookups])
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return [None for _ in lookups]


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def loaders(reader):
    return Loaders(reader, caller(), "request-1", 100)


def asking(loaders, *ids):
    return asyncio.create_task(loaders.workers([ById(one) for one in ids], *ASKING))


async def leave(*tasks):
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await asyncio.sleep(0.01)


async def test_with_the_last_who_waits_the_look_up_ends(reader, loaders):
    one, other = asking(loaders, "a", "b", "c"), asking(loaders, "d")
    await asyncio.sleep(0.01)
    assert reader.asked == [["a", "b", "c", "d"]]

    await leave(one)
    assert reader.given_up == 0
    await leave(other)
    assert reader.given_up == 1


async def test_who_stays_gets_the_answer(reader, loaders):
    one, other = asking(loaders, "a"), asking(loaders, "b")
    await asyncio.sleep(0.01)
    await leave(one)
    reader.let.set()

    assert await other == [None]


async def test_who_leaves_before_anything_was_asked_asks_nothing(reader, loaders):
    one, other = asking(loaders, "a"), asking(loaders, "b")
    loop = asyncio.get_running_loop()
    loop.call_soon(one.cancel)
    await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    reader.let.set()

    assert await other == [None]
    assert reader.asked == [["b"]]


async def test_a_reader_that_is_stopped_leaves_nobody_waiting(loaders):
    waiting = asking(loaders, "a", "b")
    await asyncio.sleep(0.01)
    (task,) = loaders._reads
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waiting, 1)


async def test_past_the_deadline_nothing_goes_on_and_the_trail_says_shown_of_nothing():
    hub = Hub(patience=5.0)
    hub.province("44", W1=worker(memberships=(membership("m1"),)))
    hub.link("44")
    operate = Operating(hub.parts, execution=timedelta(seconds=0.1))
    text = (
        "query($n: String!) { worker(by: {residentId: $n}, purpose: MEMBERSHIP_SERVICE)"
        " { ... on Worker { memberships { state } } } }"
    )
    answer = await operate(caller(), text, n=NUMBER)
    assert "errors" not in answer.body
    assert [one.outcome for one in hub.trail.written] == ["shown"]

    hub.provinces["44"].before = lambda: asyncio.sleep(0.3)
    with pytest.raises(BadRequest) as late:
        await operate(caller(), text, n=NUMBER)
    assert late.value.problems[0].code is Code.DEADLINE
    await asyncio.sleep(0.02)
    assert "look-up" not in {task.get_name() for task in asyncio.all_tasks()}
    await asyncio.sleep(0.4)
    assert [one.outcome for one in hub.trail.written] == ["shown"]
