"""The pool stays whole, whoever is cancelled, and comes back if it does not."""

from __future__ import annotations

import asyncio
import random
import time

import pytest

from hub.store.patience import within
from hub.store.pool import Pool
from hub.store.unavailable import StoreUnavailable
from tests.builders.linking import opened


async def ping(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("SELECT 1")


async def rest(pool: Pool) -> None:
    """Wait until every loan is home."""
    async with asyncio.timeout(5):
        while pool._tasks or pool.idle < pool.size:  # noqa: ASYNC110  # the pool's own
            await asyncio.sleep(0.02)


async def test_who_is_cancelled_while_giving_back_loses_no_connection(database_url):
    async with opened(database_url, min_connections=1, max_connections=1) as pool:
        home = asyncio.Event()

        async def borrow() -> None:
            async with pool.connection():
                await home.wait()

        borrower = asyncio.create_task(borrow())
        while not pool._lent:  # noqa: ASYNC110  # there is no event for it
            await asyncio.sleep(0.01)
        async with pool._inside._lock:  # as somebody else who is given a connection
            home.set()
            await asyncio.sleep(0.01)
            borrower.cancel()
            await asyncio.sleep(0.01)
        with pytest.raises(asyncio.CancelledError):
            await borrower

        await ping(pool)
        await rest(pool)
        assert (pool.size, pool.idle) == (1, 1)


async def test_who_is_cancelled_while_they_wait_takes_nothing_with_them(database_url):
    async with opened(database_url, min_connections=1, max_connections=1) as pool:
        async with pool.connection():
            waiting = [asyncio.create_task(ping(pool)) for _ in range(5)]
            await asyncio.sleep(0.05)
        # The connection is on its way to the first of them just now.
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)

        await ping(pool)
        await rest(pool)
        assert (pool.size, pool.idle) == (1, 1)


async def test_a_lagging_loop_and_impatient_callers_leave_the_pool_whole(database_url):
    chance = random.Random(5)  # noqa: S311  # a test's
    async with opened(database_url, max_connections=6, wait="150ms") as pool:
        until = time.monotonic() + 2.5

        async def caller() -> None:
            while time.monotonic() < until:
                try:
                    async with asyncio.timeout(0.15):
                        await within(chance.uniform(0.05, 0.2), ping(pool))
                except (StoreUnavailable, TimeoutError):
                    pass

        async def lag() -> None:
            while time.monotonic() < until:
                time.sleep(chance.uniform(0, 0.1))  # noqa: ASYNC251  # it is the point
                await asyncio.sleep(chance.choice([0, 0, 0.01]))

        async with asyncio.TaskGroup() as group:
            for _ in range(30):
                group.create_task(caller())
            group.create_task(lag())

        await rest(pool)
        assert pool.size >= 2
        async with asyncio.TaskGroup() as group:
            for _ in range(12):
                group.create_task(ping(pool))


async def test_a_pool_that_stands_still_is_opened_anew(database_url, caplog):
    async with opened(
        database_url, min_connections=1, max_connections=1, wait="150ms"
    ) as pool:
        await ping(pool)
        (lost,) = pool._inside._pool
        pool._inside._pool.clear()  # and it counts it still: it makes no other
        pool._still = 0.3
        back = time.monotonic()
        while True:
            try:
                await ping(pool)
                break
            except StoreUnavailable:
                assert time.monotonic() - back < 5

        assert "opened anew" in caplog.text
        await lost.close()


async def test_a_pool_that_is_only_busy_is_left_alone(database_url):
    async with opened(
        database_url, min_connections=1, max_connections=1, wait="100ms"
    ) as pool:
        pool._still = 0.0
        inside = pool._inside
        async with pool.connection():
            for _ in range(3):
                with pytest.raises(StoreUnavailable):
                    await ping(pool)

        assert pool._inside is inside
