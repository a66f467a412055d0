"""The trail is written beside other work, and before anything is shown."""

from __future__ import annotations

import asyncio

import pytest

from hub.audit.before_showing import TrailBeside, written_first
from hub.audit.trail import TrailUnavailable
from tests.audit.samples import disclosure


class Slow:
    """A trail that takes a while; it can fail."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.written: list[object] = []
        self.gate = asyncio.Event()
        self.failure = failure

    async def record(self, disclosures) -> None:
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        self.written += disclosures


async def test_work_goes_on_while_the_trail_is_written_but_the_block_does_not_end():
    slow = Slow()
    trail = TrailBeside(slow)
    worked, shown = [], []

    async def answer() -> None:
        async with written_first():
            await asyncio.create_task(trail.record([disclosure()]))
            worked.append("joined")
        shown.append(list(slow.written))

    task = asyncio.create_task(answer())
    await asyncio.sleep(0.01)
    assert worked == ["joined"]
    assert shown == []
    slow.gate.set()
    await task

    assert shown == [[disclosure()]]


async def test_outside_of_a_block_nothing_is_put_off():
    slow = Slow()
    task = asyncio.create_task(TrailBeside(slow).record([disclosure()]))
    await asyncio.sleep(0.01)

    assert not task.done()
    slow.gate.set()
    await task
    assert slow.written == [disclosure()]


async def test_what_could_not_be_written_ends_the_block():
    slow = Slow(TrailUnavailable("no disk"))
    slow.gate.set()
    trail = TrailBeside(slow)

    async def answer() -> None:
        async with written_first():
            await trail.record([disclosure(1)])
            await trail.record([disclosure(2)])

    with pytest.raises(TrailUnavailable):
        await answer()


async def test_two_answers_at_once_wait_for_their_own():
    quick, slow = Slow(), Slow()
    quick.gate.set()

    async def answer(trail: TrailBeside) -> None:
        async with written_first():
            await trail.record([disclosure()])

    waiting = asyncio.create_task(answer(TrailBeside(slow)))
    await answer(TrailBeside(quick))

    assert not waiting.done()
    slow.gate.set()
    await waiting


async def test_an_answer_that_fails_leaves_the_trail_to_be_written():
    slow = Slow()
    trail = TrailBeside(slow)

    async def answer() -> None:
        async with written_first():
            await trail.record([disclosure()])
            raise KeyError

    with pytest.raises(KeyError):
        await answer()
    slow.gate.set()
    await asyncio.sleep(0.01)
    assert slow.written == [disclosure()]
