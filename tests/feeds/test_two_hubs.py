"""The promise of the feeds, as callers of two hub processes see it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
from datetime import timedelta
from statistics import median
from time import perf_counter

import psycopg
import pytest
from msgspec.structs import replace

from hub.feeds.province_change import ProvinceChange
from tests.feeds.live import empty, kill_listeners, live
from tests.feeds.test_provinces import status
from tests.feeds.two_hubs import pair
from tests.provinces.launch import running as running_province

KINDS = ("websocket", "sse", "websocket")
TEST = "hub-test"


@pytest.fixture(scope="module")
def standing(feed_database, tmp_path_factory):
    empty(feed_database)
    with (
        running_province("tests.provinces.plain") as province,
        pair(tmp_path_factory.mktemp("two"), feed_database, province["url"]) as hubs,
    ):
        yield hubs, feed_database, province


@pytest.fixture
def hubs(standing):
    return standing[0]


_version = itertools.count()


@pytest.fixture
async def news(standing):
    """Publish what both hubs then tell: a new version of a province's contract."""
    async with live(standing[1]) as hub:

        async def tell(code="51"):
            version = f"9.{next(_version)}"
            seen = status(code=code, version=version)

            def decide(last):
                return ProvinceChange(
                    replace(seen, state=last.province.state),
                    last.province.state,
                    TEST,
                )

            await hub.statements.state(seen.code, decide)
            return version, perf_counter()

        tell.hub = hub
        yield tell


def version_of(event):
    return event["province"]["contractVersion"]


async def everybody(stack, hubs):
    """Follow what the test says by three ways at each of the two hubs.

    Province 51 fails; a hub that finds it suspended says so whenever that may be.
    """
    callers = [
        await stack.enter_async_context(hubs.follow(hub, kind, codes=["51"]))
        for hub in (0, 1)
        for kind in KINDS
    ]
    for caller in callers:
        await caller.take(1)
    return [caller.only(TEST) for caller in callers]


async def test_a_new_subscriber_is_told_how_every_province_does(hubs):
    for hub, kind in ((0, "websocket"), (1, "sse")):
        async with hubs.follow(hub, kind) as caller:
            events = await caller.take(2)
        told = {one["province"]["code"]: one for one in events}

        assert told["44"]["state"] == "ANSWERING"
        assert told["44"]["province"]["contractVersion"] == "1.0"
        assert told["51"]["state"] in {"FAILING", "SUSPENDED"}
        assert all(one["seenBy"].startswith("hub-") for one in events)
        assert events[0]["cursor"] < events[1]["cursor"]


async def test_every_subscriber_of_both_hubs_gets_each_event_once_and_at_once(
    hubs, news
):
    count = 30
    async with contextlib.AsyncExitStack() as stack:
        callers = await everybody(stack, hubs)
        taking = [asyncio.create_task(caller.timed(count)) for caller in callers]
        await asyncio.sleep(0.2)
        told = []
        for _ in range(count):
            told.append(await news())
            await asyncio.sleep(0.03)
        heard = [await task for task in taking]
        delays = [
            came - written
            for one in heard
            for (_, came), (_, written) in zip(one, told, strict=True)
        ]
        for one in heard:
            assert [version_of(event) for event, _ in one] == [v for v, _ in told]
        for caller in callers:
            with pytest.raises(TimeoutError):
                await caller.take(1, within=0.1)

    assert median(delays) < 0.05
    assert sorted(delays)[int(len(delays) * 0.95)] < 0.1


async def test_events_in_a_burst_come_in_order(hubs, news):
    async with contextlib.AsyncExitStack() as stack:
        callers = await everybody(stack, hubs)
        told = [(await news())[0] for _ in range(100)]
        for caller in callers:
            assert [version_of(one) for one in await caller.take(100)] == told


async def test_listeners_that_are_killed_come_back_and_nothing_is_lost(hubs, news):
    async with contextlib.AsyncExitStack() as stack:
        callers = await everybody(stack, hubs)
        told = []
        for _ in range(3):
            told.append((await news())[0])
            assert await asyncio.to_thread(kill_listeners, news.hub.url) >= 2
            told.append((await news())[0])
            await asyncio.sleep(0.3)
        told.append((await news())[0])
        for caller in callers:
            assert [version_of(one) for one in await caller.take(7)] == told


async def test_whoever_was_away_resumes_at_the_other_hub(hubs, news):
    for hub, kind in ((0, "websocket"), (1, "sse")):
        async with hubs.follow(hub, kind, codes=["51"]) as caller:
            last = (await caller.take(1))[0]["cursor"]
        told = [(await news())[0] for _ in range(25)]
        async with hubs.follow(1 - hub, kind, after=last, codes=["51"]) as caller:
            caller.only(TEST)
            assert [version_of(one) for one in await caller.take(25)] == told
            told = [(await news())[0]]
            assert [version_of(one) for one in await caller.take(1)] == told


async def test_a_cursor_that_has_expired_is_refused_with_its_remedy(hubs, news):
    async with hubs.follow(0) as caller:
        old = (await caller.take(2))[0]["cursor"]
    for _ in range(3):
        await news("51")
        await news("44")
    await news.hub.store.prune(timedelta(0), 1)

    async with hubs.follow(0, "sse", after=old) as caller:
        assert caller.answer.status == 400
        error = (await caller.answer.json())["errors"][0]
    assert error["extensions"]["code"] == "CURSOR_EXPIRED"
    assert "after" in error["extensions"]["remedy"]["en"]
    async with hubs.follow(1, after=old) as caller:
        message = await caller.socket.hear()
    assert message["type"] == "error"
    assert message["payload"][0]["extensions"]["code"] == "CURSOR_EXPIRED"


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"after": "nonsense"}, "CURSOR_INVALID"),
        ({"after": "YzF______w"}, "CURSOR_INVALID"),
        ({"codes": ["99"]}, "BAD_USER_INPUT"),
    ],
)
async def test_arguments_that_cannot_be_used_are_refused(hubs, variables, code):
    async with hubs.follow(0, "sse", **variables) as caller:
        error = (await caller.answer.json())["errors"][0]

    assert (caller.answer.status, error["extensions"]["code"]) == (400, code)


async def test_what_really_happens_to_a_province_is_told(standing):
    hubs, _, province = standing
    async with hubs.follow(0, codes=["44"]) as one, hubs.follow(1, codes=["44"]) as two:
        await one.take(1)
        await two.take(1)
        os.kill(province["pid"], signal.SIGSTOP)
        try:
            for caller in (one, two):
                event = (await caller.take(1, within=20))[0]
                assert (event["was"], event["state"]) == ("ANSWERING", "FAILING")
        finally:
            os.kill(province["pid"], signal.SIGCONT)
        while event["state"] != "ANSWERING":
            event = (await one.take(1, within=60))[0]


async def test_a_hub_that_stops_lets_its_subscribers_go(standing):
    """The last test of the module: one of the hubs is gone after it."""
    hubs, url, _ = standing
    async with hubs.follow(1) as socket, hubs.follow(1, "sse") as stream:
        await socket.take(2)
        await stream.take(2)
        began = perf_counter()
        hubs.processes[1].process.send_signal(signal.SIGTERM)
        _, how = await socket.socket.hear_until_closed()
        with pytest.raises(StopAsyncIteration):
            await stream.take(1_000)
        assert await asyncio.to_thread(hubs.processes[1].process.wait, 10) == 0
        assert perf_counter() - began < 5
    assert how[0] == 1001
    with psycopg.connect(url) as connection:
        listening = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub-feed'"
            " AND datname = current_database()"
        ).fetchone()
    assert listening == (1,)
