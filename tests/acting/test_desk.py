"""Acts that come at once share a transaction, and nobody waits for more than a moment."""

from __future__ import annotations

import asyncio

import pytest

from hub.acting.desk import CROWDED, Desk
from schema.records.refusal import Refused

#: Whoever waits for this waits for ever; so who does not wait is told apart for certain.
HOUR = 3600.0


class Store:
    """Settles groups, and notes them down; while it is held, a group is under way."""

    def __init__(self):
        self.groups = []
        self.begun = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()

    async def settle(self, group):
        """Answer each act with itself, doubled."""
        self.groups.append(list(group))
        self.begun.set()
        await self.free.wait()
        return [2 * one for one in group]


@pytest.fixture(autouse=True)
async def in_time():
    async with asyncio.timeout(10):
        yield


async def test_a_lone_act_does_not_wait_for_others():
    store = Store()
    desk = Desk(store.settle, gather=HOUR)

    assert await desk.take([1]) == [2]

    await desk.close()


async def test_acts_of_the_moment_after_a_group_share_the_next():
    store = Store()
    desk = Desk(store.settle, gather=0.05)
    await desk.take([1])

    later = [asyncio.create_task(desk.take(acts)) for acts in ([2], [3, 4], [5])]

    assert [await one for one in later] == [[4], [6, 8], [10]]
    assert store.groups == [[1], [2, 3, 4, 5]]


async def test_acts_that_come_while_a_group_is_under_way_share_the_next():
    store = Store()
    desk = Desk(store.settle)
    store.free.clear()
    first = asyncio.create_task(desk.take([1]))
    await store.begun.wait()
    later = [asyncio.create_task(desk.take([n])) for n in (2, 3)]
    await asyncio.sleep(0)
    store.free.set()

    assert [await one for one in (first, *later)] == [[2], [4], [6]]
    assert store.groups == [[1], [2, 3]]


async def test_where_the_next_group_is_full_nobody_waits():
    store = Store()
    desk = Desk(store.settle, most_per_group=2, gather=HOUR)

    await desk.take([1, 2, 3, 4])

    assert store.groups == [[1, 2], [3, 4]]
    await desk.close()


async def test_a_desk_that_closes_settles_what_waits_at_once():
    store = Store()
    desk = Desk(store.settle, gather=HOUR)
    await desk.take([1])
    waiting = asyncio.create_task(desk.take([2, 3]))
    await asyncio.sleep(0)
    assert store.groups == [[1]]

    await desk.close()

    assert await waiting == [4, 6]
    assert store.groups == [[1], [2, 3]]


async def test_after_the_moment_an_act_is_alone_again():
    store = Store()
    desk = Desk(store.settle, gather=0.01)
    await desk.take([1])
    await asyncio.wait([desk._clerk])
    store.begun.clear()

    task = asyncio.create_task(desk.take([2]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert store.begun.is_set()  # two turns of the loop, and no moment
    assert await task == [4]


async def test_who_has_given_up_is_not_settled():
    store = Store()
    desk = Desk(store.settle, gather=0.02)
    await desk.take([1])
    gone = asyncio.create_task(desk.take([2]))
    await asyncio.sleep(0)
    for _, future in desk._waiting:
        future.cancel()
    gone.cancel()

    assert await desk.take([3]) == [6]
    assert store.groups == [[1], [3]]


async def test_one_act_that_cannot_be_written_spoils_no_other():
    tried = []

    async def settle(group):
        tried.append(list(group))
        if 2 in group:
            raise ValueError("one of them")
        return [2 * one for one in group]

    desk = Desk(settle)
    good, bad, other = (asyncio.create_task(desk.take([n])) for n in (1, 2, 3))

    assert await good == [2]
    assert await other == [6]
    with pytest.raises(ValueError, match="one of them"):
        await bad
    assert tried == [[1, 2, 3], [1], [2], [2], [2], [3]]


async def test_more_than_may_wait_are_turned_away():
    desk = Desk(Store().settle, most_waiting=2)

    with pytest.raises(Refused) as refused:
        await desk.take([1, 2, 3])

    assert refused.value.refusal is CROWDED
