"""The guard: limits round any connector, and its faults as data."""

from __future__ import annotations

import asyncio

import pytest

from connectors.breaker import Phase
from connectors.faults import ProvinceFault
from connectors.guard import Guard
from connectors.health import ProvinceState
from connectors.memory import MemoryConnector
from hub.clock import SystemClock
from schema.records.keys import ProvinceCode
from schema.records.told import FaultCode
from tests.connectors.conftest import (
    QUESTION,
    Observed,
    ask,
    guarded,
    settings_for,
)

QUICK = {"failures": 3, "open_for": "600ms"}


def over_memory(before=None, **more):
    """A guard over a province in memory that does ``before`` at each question."""
    connector = MemoryConnector(ProvinceCode("44"), {}, SystemClock())
    connector.before = before
    settings = settings_for("http://127.0.0.1:1/", **more)
    return Guard(connector, settings, SystemClock(), Observed(), chance=lambda: 0.5)


def raising(*codes):
    """Raise these one after the other, then nothing."""
    left = [ProvinceFault(code) for code in codes]

    async def before():
        if left:
            raise left.pop(0)

    return before


def codes(answer):
    return [fault.code for fault in answer.faults]


async def test_a_bug_is_a_fault_of_one_province_and_a_line_in_the_log(caplog):
    name = "李" + "四"

    async def before():
        raise KeyError(name)

    guard = over_memory(before, retry={"attempts": 3})
    assert codes(await ask(guard)) == [FaultCode.PROVINCE_ERROR]
    assert guard._observer.calls[0][3] == 1, "a bug is not tried again"
    assert (
        "bug in connector province=44 request=request-1 error=KeyError" in caplog.text
    )
    assert "test_guard.py" in caplog.text
    assert name not in caplog.text


async def test_a_fault_of_the_moment_is_tried_again(hostile):
    async with guarded(hostile.url("/once-ill/retry"), retry={"attempts": 2}) as guard:
        answer = await ask(guard)
        assert answer.faults == ()
        assert guard._observer.calls[0][3] == 2
        assert guard.health().state is ProvinceState.ANSWERING


@pytest.mark.parametrize("code", [FaultCode.MALFORMED, FaultCode.UNTRUSTED])
async def test_a_fault_that_stays_is_not_tried_again(code):
    guard = over_memory(raising(code), retry={"attempts": 3})
    assert codes(await ask(guard)) == [code]
    assert guard._observer.calls[0][3] == 1


async def test_a_wait_that_the_province_asked_for_is_kept(hostile):
    loop = asyncio.get_running_loop()
    url = hostile.url("/soon-again")
    async with guarded(url, retry={"attempts": 2}) as guard:
        began = loop.time()
        first = asyncio.create_task(ask(guard))
        await asyncio.sleep(0.3)
        assert codes(await ask(guard)) == [FaultCode.THROTTLED]
        assert guard._observer.calls[0][3] == 0, "meanwhile nothing is sent"
        assert (await first).faults == ()
        assert loop.time() - began >= 1.0


async def test_a_wait_beyond_the_deadline_is_not_waited_for(hostile):
    loop = asyncio.get_running_loop()
    async with guarded(
        hostile.url("/429"), retry={"attempts": 2}, deadline="900ms"
    ) as guard:
        began = loop.time()
        assert codes(await ask(guard)) == [FaultCode.THROTTLED]
        assert loop.time() - began < 0.9


async def test_the_breaker_opens_half_opens_and_closes(hostile):
    url = hostile.url("/switch")
    async with (
        guarded(url, breaker=QUICK) as guard,
        guarded(hostile.url("/turn")) as turn,
    ):
        await ask(turn)
        for _ in range(3):
            assert codes(await ask(guard)) == [FaultCode.PROVINCE_ERROR]
        assert guard.health().state is ProvinceState.SUSPENDED

        before = await hostile.seen("/switch")
        began = asyncio.get_running_loop().time()
        assert codes(await ask(guard)) == [FaultCode.SUSPENDED]
        assert asyncio.get_running_loop().time() - began < 0.1
        assert await hostile.seen("/switch") == before, "it is left alone"

        await asyncio.sleep(0.65)
        assert codes(await ask(guard)) == [FaultCode.PROVINCE_ERROR], "a probe"
        assert codes(await ask(guard)) == [FaultCode.SUSPENDED]

        await ask(turn)
        await asyncio.sleep(0.65)
        assert codes(await ask(guard)) == []
        phases = [phase for _, phase in guard._observer.phases]
    assert phases == [
        Phase.OPEN, Phase.HALF_OPEN, Phase.OPEN, Phase.HALF_OPEN, Phase.CLOSED
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/hang", "/reset", "/401", "/redirect"])
async def test_an_ill_province_is_suspended(hostile, path):
    async with guarded(hostile.url(path), breaker=QUICK, deadline="50ms") as guard:
        for _ in range(3):
            await ask(guard)
        assert codes(await ask(guard)) == [FaultCode.SUSPENDED]


@pytest.mark.parametrize("path", ["/types", "/bomb", "/200-unknown", "/beside"])
async def test_one_broken_row_does_not_suspend_a_province(hostile, path):
    async with guarded(hostile.url(path), breaker=QUICK) as guard:
        for _ in range(4):
            await ask(guard)
        assert guard.health().breaker is Phase.CLOSED


async def test_too_many_questions_at_once_are_told_to_come_later():
    under_way, most = 0, 0

    async def before():
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            await asyncio.sleep(0.2)
        finally:
            under_way -= 1

    guard = over_memory(before, concurrency=2, queue_wait="50ms")
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(guard)) for _ in range(5)]
    told = [codes(task.result()) for task in asked]
    assert told.count([]) == 2
    assert told.count([FaultCode.BUSY]) == 3
    assert most == 2


async def test_a_question_waits_its_turn_in_the_queue():
    async def before():
        await asyncio.sleep(0.05)

    guard = over_memory(before, concurrency=1)
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(guard)) for _ in range(3)]
    assert all(codes(task.result()) == [] for task in asked)


async def test_a_connector_that_hangs_is_ended_at_the_deadline():
    guard = over_memory(asyncio.Event().wait, deadline="400ms")
    assert codes(await ask(guard)) == [FaultCode.TIMED_OUT]


async def test_with_no_time_left_nothing_is_asked():
    guard = over_memory()
    assert codes(await ask(guard, seconds=0.0)) == [FaultCode.TIMED_OUT]


async def test_whoever_gives_up_leaves_nothing_behind(hostile):
    async with guarded(hostile.url("/hang"), deadline="5s", concurrency=1) as guard:
        task = asyncio.create_task(guard.ask(QUESTION, 1e9))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert guard.health().last_fault is None
        assert not guard._slots.locked()


async def test_a_paused_province_is_not_asked(hostile):
    before = await hostile.seen("/ok")
    async with guarded(hostile.url("/ok"), paused=True) as guard:
        assert codes(await ask(guard)) == [FaultCode.SUSPENDED]
        assert guard.health().state is ProvinceState.PAUSED
    assert await hostile.seen("/ok") == before


async def test_a_refused_field_makes_what_we_know_of_it_outdated(hostile):
    async with guarded(hostile.url("/400-unknown")) as guard:
        assert not guard.outdated.is_set()
        await ask(guard)
        assert guard.outdated.is_set()


async def test_health_tells_how_a_province_has_been_answering(hostile):
    async with guarded(hostile.url("/once-ill/health"), breaker=QUICK) as guard:
        assert guard.health().state is ProvinceState.UNKNOWN
        await ask(guard)
        health = guard.health()
        assert health.state is ProvinceState.FAILING
        assert health.last_fault is FaultCode.PROVINCE_ERROR
        assert health.median_seconds is None
        await ask(guard)
        health = guard.health()
    assert health.state is ProvinceState.ANSWERING
    assert health.last_ok_at > health.last_fault_at
    assert 0 < health.median_seconds < 1
    assert (health.name_zh, health.name_en) == ("广东", "Guangdong")


async def test_who_was_given_no_time_has_not_failed():
    async def hang():
        await asyncio.sleep(30)

    guard = over_memory(hang, breaker={"failures": 2}, deadline="2s")
    loop = asyncio.get_running_loop()

    for _ in range(4):
        answer = await guard.ask(QUESTION, loop.time() + 0.05)
        assert codes(answer) == [FaultCode.TIMED_OUT]

    assert guard.health().breaker is Phase.CLOSED
