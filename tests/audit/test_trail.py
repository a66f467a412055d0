"""Concurrent disclosures share a commit; what is not written is not shown."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hub.audit.chain import GENESIS, extend, verify_chain
from hub.audit.entries import disclosure_of
from hub.audit.trail import GroupTrail, TrailUnavailable
from hub.clock import SystemClock
from tests.audit.samples import disclosure


class HeldBook:
    """A book in memory whose disk answers when the test lets it."""

    def __init__(self):
        self.open = asyncio.Event()
        self.groups = []
        self.entries = []
        self.head = GENESIS
        self.failure = None

    async def append(self, drafts):
        self.groups.append(len(drafts))
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
        entries, self.head = extend(self.head, drafts)
        self.entries += entries
        return self.head

    @property
    def subjects(self):
        return [disclosure_of(entry.draft).subject for entry in self.entries]


@pytest.fixture
def book():
    return HeldBook()


def trail_of(book, **limits):
    return GroupTrail(book, SystemClock(), **limits)


def recording(trail, *numbers):
    return [asyncio.create_task(trail.record([disclosure(n)])) for n in numbers]


async def ticks(number=5):
    for _ in range(number):
        await asyncio.sleep(0)


async def test_it_returns_only_when_the_disk_has_answered(book):
    [task] = recording(trail_of(book), 1)
    await asyncio.sleep(0.02)
    assert not task.done()
    book.open.set()
    await task
    assert book.subjects == ["officer-1"]


async def test_those_who_come_during_a_commit_go_together_in_the_next(book):
    trail = trail_of(book)
    first = recording(trail, 0)
    await ticks()
    later = recording(trail, *range(1, 64))
    await ticks()
    book.open.set()
    await asyncio.wait([*first, *later])
    assert book.groups == [1, 63]
    assert (trail.commits, trail.entries) == (2, 64)
    assert verify_chain(book.entries, book.head) is None
    assert book.subjects == [f"officer-{number}" for number in range(64)]


async def test_those_of_the_same_moment_share_the_first_commit(book):
    book.open.set()
    await asyncio.wait(recording(trail_of(book), *range(10)))
    assert book.groups == [10]


async def test_one_request_is_written_together_and_a_commit_is_bounded(book):
    trail = trail_of(book, most_per_commit=4)
    three = [disclosure(number) for number in range(3)]
    tasks = [asyncio.create_task(trail.record(three)) for _ in range(5)]
    book.open.set()
    await asyncio.wait(tasks)
    assert book.groups == [6, 6, 3]
    assert len(book.entries) == 15


async def test_who_comes_alone_waits_for_no_timer(book):
    book.open.set()
    trail = trail_of(book)
    async with asyncio.timeout(0.5):
        for number in range(100):
            await trail.record([disclosure(number)])
    assert trail.commits == 100


async def test_nothing_to_write_writes_nothing(book):
    await trail_of(book).record([])
    assert book.groups == []


async def test_one_who_gives_up_while_waiting_leaves_the_others_alone(book):
    trail = trail_of(book)
    first = recording(trail, 0)
    await ticks()
    one, two, three = recording(trail, 1, 2, 3)
    await ticks()
    two.cancel()
    await ticks()
    book.open.set()
    await asyncio.wait([*first, one, three])
    assert book.subjects == ["officer-0", "officer-1", "officer-3"]


async def test_one_who_gives_up_during_the_commit_leaves_the_others_alone(book):
    trail = trail_of(book)
    one, two, three = recording(trail, 1, 2, 3)
    await ticks()
    two.cancel()
    await ticks()
    book.open.set()
    await asyncio.wait([one, three])
    # it may stand there though it was not shown, but only once
    assert book.subjects == ["officer-1", "officer-2", "officer-3"]
    assert one.exception() is None
    assert three.exception() is None


async def test_all_of_a_failed_commit_are_refused_and_the_next_goes_on(book):
    trail = trail_of(book)
    book.failure = ConnectionError("gone")
    book.open.set()
    tasks = recording(trail, 1, 2)
    await asyncio.wait(tasks)
    for task in tasks:
        assert isinstance(task.exception(), TrailUnavailable)
    book.failure = None
    await trail.record([disclosure(3)])
    assert book.subjects == ["officer-3"]


async def test_a_disk_that_hangs_is_not_waited_for(book):
    trail = trail_of(book, timeout=timedelta(milliseconds=50))
    tasks = recording(trail, 1)
    await ticks()
    tasks += recording(trail, 2)
    async with asyncio.timeout(1):
        await asyncio.wait(tasks)
    for task in tasks:
        assert isinstance(task.exception(), TrailUnavailable)
    book.open.set()
    await trail.record([disclosure(3)])
    # the second had given up in the queue, so nothing of it is written
    assert "officer-2" not in book.subjects


async def test_when_too_many_wait_more_are_turned_away_at_once(book):
    trail = trail_of(book, most_waiting=2)
    first = recording(trail, 0)
    await ticks()
    waiting = recording(trail, 1, 2)
    await ticks()
    with pytest.raises(TrailUnavailable):
        await trail.record([disclosure(3)])
    book.open.set()
    await asyncio.wait([*first, *waiting])
    assert book.subjects == ["officer-0", "officer-1", "officer-2"]


async def test_what_cannot_be_written_harms_nobody_else(book):
    trail = trail_of(book)
    book.open.set()
    good = recording(trail, 1)
    with pytest.raises(TrailUnavailable):
        await trail.record([disclosure(2, outcome="seen")])
    await asyncio.wait(good)
    assert book.subjects == ["officer-1"]


async def test_closing_waits_for_what_is_under_way(book):
    trail = trail_of(book)
    tasks = recording(trail, 1)
    await ticks()
    closing = asyncio.create_task(trail.close())
    await ticks()
    assert not closing.done()
    book.open.set()
    await closing
    await asyncio.wait(tasks)
    assert book.subjects == ["officer-1"]


async def test_when_the_hub_is_torn_down_all_who_wait_are_refused(book):
    trail = trail_of(book)
    tasks = recording(trail, 1)
    await ticks()
    tasks += recording(trail, 2)
    await ticks()
    trail._committer.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        assert isinstance(task.exception(), TrailUnavailable)
