"""Events over a real PostgreSQL: none lost, none twice, in order, at once."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from time import perf_counter

import psycopg
import pytest

from hub.feeds.events import (
    CursorExpired,
    SlowSubscriber,
    Topic,
    read_cursor,
    write_cursor,
)
from hub.feeds.ports import Ear
from hub.store.feeds import LARGEST, publish
from schema.records.refusal import Refused
from tests.feeds.live import TOPIC, kill_listeners, live, take

ALWAYS = timedelta(days=7)


async def test_an_event_reaches_the_followers_of_two_processes_at_once(database_url):
    async with live(database_url) as here, live(database_url) as there:
        follows = [here.follow(), here.follow(), there.follow()]
        waiting = [asyncio.create_task(take(one, 40)) for one in follows]
        await asyncio.sleep(0.1)
        slowest = 0.0
        for number in range(40):
            began = perf_counter()
            await (here if number % 2 else there).publish(b'{"n": %d}' % number)
            async with asyncio.timeout(5):
                while min(here.broker.head, there.broker.head) <= number:  # noqa: ASYNC110  # there is no event of it
                    await asyncio.sleep(0)
            slowest = max(slowest, perf_counter() - began)
        told = [await one for one in waiting]

    bodies = [b'{"n": %d}' % number for number in range(40)]
    assert [[event.body for event in one] for one in told] == [bodies] * 3
    assert slowest < 0.1


async def test_a_cursor_that_is_committed_late_is_not_skipped(database_url):
    """Publishers commit in any order; readers that poll all the time miss nothing."""
    writers, each = 8, 25

    def write(seed):
        with psycopg.connect(database_url) as connection:
            for number in range(each):
                # What publish() does, from other processes' connections.
                connection.execute(
                    "SELECT pg_sleep(%s)", [(seed * 7 + number) % 5 / 1e3]
                )
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [0x4855_4203])
                connection.execute(
                    "WITH e AS (INSERT INTO feed_event (topic, body)"
                    " VALUES (%s, %s) RETURNING cursor)"
                    " SELECT pg_notify('hub_feed', cursor::text) FROM e",
                    [TOPIC, f"{seed}.{number}"],
                )
                if number % 5 == 4:
                    connection.rollback()  # leaves a gap among the cursors
                else:
                    connection.execute("SELECT pg_sleep(0.001)")
                    connection.commit()

    async with live(database_url) as hub:
        follow = hub.follow()
        threads = [threading.Thread(target=write, args=[n]) for n in range(writers)]
        for thread in threads:
            thread.start()
        expected = writers * each * 4 // 5
        got = await take(follow, expected, within=30)
        for thread in threads:
            await asyncio.to_thread(thread.join)
        cursors = [event.cursor for event in got]

        assert cursors == sorted(set(cursors))
        assert len({event.body for event in got}) == expected
        with pytest.raises(TimeoutError):
            await take(follow, 1, within=0.2)


async def test_without_the_lock_the_same_readers_do_skip(database_url):
    """That the lock is what holds the promise: cursors alone do not."""
    async with live(database_url) as hub:
        follow = hub.follow()
        with (
            psycopg.connect(database_url) as early,
            psycopg.connect(database_url, autocommit=True) as late,
        ):
            insert = "INSERT INTO feed_event (topic, body) VALUES (%s, %s)"
            early.execute(insert, [TOPIC, "early"])
            late.execute(insert, [TOPIC, "late"])
            late.execute("NOTIFY hub_feed")
            assert (await take(follow, 1))[0].body == b"late"
            early.commit()
            late.execute("NOTIFY hub_feed")
        with pytest.raises(TimeoutError):
            await take(follow, 1, within=0.3)


async def test_publishing_waits_for_whoever_published_and_has_not_committed(
    database_url,
):
    async with live(database_url) as hub:
        async with hub.pool.connection() as first, first.transaction():
            earlier, _ = await publish(first, TOPIC, b"1")
            second = asyncio.create_task(hub.publish(b"2"))
            done, _ = await asyncio.wait([second], timeout=0.2)
            assert not done
        assert await second == [earlier + 1]


async def test_an_event_is_told_only_if_its_transaction_commits(database_url):
    async with live(database_url) as hub:
        follow = hub.follow()
        async with (
            hub.pool.connection() as connection,
            connection.transaction(force_rollback=True),
        ):
            await publish(connection, TOPIC, b"never")
        await hub.publish(b"really")

        assert [event.body for event in await take(follow, 1)] == [b"really"]


async def test_publishing_outside_a_transaction_is_refused(database_url):
    async with live(database_url) as hub, hub.pool.connection() as connection:
        with pytest.raises(RuntimeError, match="transaction"):
            await publish(connection, TOPIC, b"{}")


async def test_an_event_that_is_too_large_is_refused(database_url):
    async with live(database_url) as hub:
        with pytest.raises(ValueError, match="bytes"):
            await hub.publish(b"x" * (LARGEST + 1))


async def test_a_killed_listener_comes_back_and_has_missed_nothing(database_url):
    async with live(database_url) as hub:
        follow = hub.follow()
        await hub.publish(b"1")
        assert len(await take(follow, 1)) == 1
        for round_ in range(3):
            assert kill_listeners(database_url) == 1
            await hub.publish(b"%d.1" % round_, b"%d.2" % round_)
            got = await take(follow, 2)
            assert [e.body for e in got] == [b"%d.1" % round_, b"%d.2" % round_]
        with pytest.raises(TimeoutError):
            await take(follow, 1, within=0.2)


async def test_only_one_connection_listens_after_many_failures(database_url):
    async with live(database_url) as hub:
        for _ in range(3):
            kill_listeners(database_url)
            await hub.publish(b"1")
            await asyncio.sleep(0.3)
        with psycopg.connect(database_url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                " 'hub-feed' AND datname = current_database()"
            ).fetchone()

    assert found == (1,)


async def test_what_was_missed_is_replayed_and_then_it_is_live(database_url):
    async with live(database_url) as hub:
        cursors = await hub.publish(*[b"%d" % n for n in range(450)])
        follow = hub.follow(after=cursors[9])
        missed = await take(follow, 440)
        await hub.publish(b"live")
        after = await take(follow, 1)

    assert [event.cursor for event in missed] == cursors[10:]
    assert after[0].body == b"live"


async def test_resuming_while_others_publish_gives_each_event_once(database_url):
    async with live(database_url) as hub:

        async def busy():
            for number in range(300):
                await hub.publish(b"%d" % number)

        publishing = asyncio.create_task(busy())
        got, after = [], 0
        while len(got) < 300:
            follow = hub.follow(after=after)
            got += await take(follow, min(17, 300 - len(got)), within=20)
            after = got[-1].cursor
            await follow.aclose()
        await publishing

    assert [event.body for event in got] == [b"%d" % n for n in range(300)]
    assert len(hub.broker) == 0


async def test_topics_are_apart(database_url):
    async with live(database_url) as hub:
        follow = hub.follow()
        await hub.publish(b"other", topic="another-topic")
        await hub.publish(b"mine")

        assert [event.body for event in await take(follow, 1)] == [b"mine"]


async def test_what_a_subscriber_may_not_see_is_left_out(database_url):
    async with live(database_url) as hub:
        view = lambda event: event.body if event.body != b"secret" else None  # noqa: E731
        follow = hub.feeds.follow(TOPIC, 0, view)
        await hub.publish(b"a", b"secret", b"b")

        assert await take(follow, 2) == [b"a", b"b"]


async def test_what_waits_for_a_subscriber_has_a_bound(database_url):
    async with live(database_url, waiting=8) as hub:
        sleeping = hub.follow()
        first = asyncio.create_task(take(sleeping, 1))
        await asyncio.sleep(0.1)
        await hub.publish(b"first")
        await first
        for number in range(30):
            await hub.publish(b"%d" % number)
            followers = [f for all_ in hub.broker._followers.values() for f in all_]
            assert len(followers) == 1
            assert len(followers[0]) <= 8
        # Yet it has lost nothing: it is given the rest from the table.
        got = await take(sleeping, 30)

    assert [event.body for event in got] == [b"%d" % n for n in range(30)]


async def test_a_burst_cuts_nobody_off(database_url):
    async with live(database_url, waiting=16) as hub:
        follow = hub.follow()
        waiting = asyncio.create_task(take(follow, 1_000))
        await asyncio.sleep(0.1)
        await hub.publish(*[b"%d" % n for n in range(1_000)])
        got = await waiting

    assert [event.body for event in got] == [b"%d" % n for n in range(1_000)]


async def test_a_subscriber_that_does_not_catch_up_is_cut_off(database_url):
    async with live(database_url, 8, timedelta(seconds=0.3)) as hub:
        slow = hub.follow()
        taken = 0

        async def take_slowly():
            nonlocal taken
            async for _ in slow:
                taken += 1
                await asyncio.sleep(0.05)

        taking = asyncio.create_task(take_slowly())
        await asyncio.sleep(0.1)
        for number in range(100):
            await hub.publish(b"%d" % number)
        with pytest.raises(SlowSubscriber):
            await asyncio.wait_for(taking, 5)

    assert taken < 50
    assert len(hub.broker) == 0


async def test_pruning_keeps_what_is_young_and_the_newest(database_url):
    async with live(database_url) as hub:
        cursors = await hub.publish(*[b"%d" % n for n in range(10)])

        assert await hub.store.prune(ALWAYS, 100) == 0
        assert await hub.store.prune(ALWAYS, 4) == 6
        assert len(await hub.store.read(TOPIC, cursors[5], 100)) == 4
        assert await hub.store.prune(timedelta(0), 100) == 3
        assert await hub.store.prune(timedelta(0), 1) == 0
        left = await hub.store.read(TOPIC, cursors[8], 100)

    assert [event.cursor for event in left] == [cursors[9]]


async def test_a_cursor_from_before_what_was_pruned_has_expired(database_url):
    async with live(database_url) as hub:
        cursors = await hub.publish(*[b"%d" % n for n in range(10)])
        await hub.store.prune(ALWAYS, 4)

        with pytest.raises(CursorExpired):
            await take(hub.follow(after=cursors[4]), 1)
        # The last that was pruned is fine: what came after it is all there.
        assert len(await take(hub.follow(after=cursors[5]), 4)) == 4


async def test_pruning_other_topics_expires_nobody(database_url):
    async with live(database_url) as hub:
        mine = await hub.publish(b"mine")
        await hub.publish(*[b"noise"] * 20, topic="another-topic")
        await hub.store.prune(ALWAYS, 3)
        follow = hub.follow(after=mine[0])
        await hub.publish(b"next")

        assert [event.body for event in await take(follow, 1)] == [b"next"]


async def test_a_cursor_that_this_database_never_gave_is_refused(database_url):
    async with live(database_url) as hub:
        await hub.publish(b"1")
        with pytest.raises(Refused) as refused:
            await take(hub.follow(after=1_000_000), 1)

    assert refused.value.refusal.code == "CURSOR_INVALID"


async def test_a_process_that_was_deaf_for_too_long_ends_its_followers(database_url):
    async with live(database_url) as hub:
        follow = hub.follow()
        await hub.publish(b"1")
        await take(follow, 1)
        with psycopg.connect(database_url, autocommit=True) as connection:
            # As if this happened while the process heard nothing.
            connection.execute(
                "INSERT INTO feed_horizon VALUES (%s, 50)"
                " ON CONFLICT (topic) DO UPDATE SET pruned_to = 50",
                [TOPIC],
            )
            connection.execute(
                "INSERT INTO feed_event (cursor, topic, body)"
                " OVERRIDING SYSTEM VALUE VALUES (60, %s, 'x')",
                [TOPIC],
            )
            connection.execute("NOTIFY hub_feed")
        with pytest.raises(CursorExpired):
            await take(follow, 1)
        assert hub.broker.head == 60


async def test_the_store_fulfils_the_port(database_url):
    async with live(database_url) as hub, hub.store.listen() as ear:
        hears: Ear = ear
        assert await hears.head() == 0
        assert await hears.heard(0.01) is False
        await hub.publish(b"1")
        assert await hears.heard(1.0) is True
        assert [event.body for event in await hears.read(0, 10)] == [b"1"]


def test_cursors_say_nothing_and_come_back():
    for number in (0, 1, 2**31, 2**63 - 1):
        shown = write_cursor(number)
        assert read_cursor(shown) == number
        assert str(number) not in shown or number < 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "abc",
        "YzEAAAAAAAAAA",
        "é" * 14,
        "A" * 10_000,
        "YzH//////////w",
        "=",
        "\x00",
    ],
)
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(Refused) as refused:
        read_cursor(text)

    assert refused.value.refusal.code == "CURSOR_INVALID"
    assert refused.value.refusal.remedy.zh


def test_every_topic_has_a_name_of_its_own():
    assert len({topic.value for topic in Topic}) == len(Topic)
