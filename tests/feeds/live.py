"""One process's feeds over a real PostgreSQL, without provinces."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import psycopg
from pydantic import SecretStr

from hub.clock import SystemClock
from hub.feeds.broker import Broker
from hub.feeds.events import Topic
from hub.feeds.following import Feeds
from hub.feeds.upkeep import listen
from hub.store.feeds import FeedStore, publish
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from hub.store.statements import ProvinceStatements

TOPIC = Topic.PROVINCE_STATUS


class Live:
    """The feeds of one process, and a way to publish."""

    def __init__(self, pool, url, waiting, catch_up):
        self.pool = pool
        self.url = url
        self.broker = Broker(waiting)
        self.store = FeedStore(pool, url)
        self.statements = ProvinceStatements(pool)
        self.feeds = Feeds(
            self.broker, self.store, self.statements, SystemClock(), catch_up
        )

    async def publish(self, *bodies, topic=TOPIC):
        cursors = []
        async with self.pool.connection() as connection, connection.transaction():
            for body in bodies:
                cursor, _ = await publish(connection, topic, body)
                cursors.append(cursor)
        return cursors

    def follow(self, after=0, topic=TOPIC):
        return self.feeds.follow(topic, after, lambda event: event)


@contextlib.asynccontextmanager
async def live(url, waiting=256, catch_up=timedelta(seconds=10)):
    pool = await open_pool(DatabaseSettings(url=SecretStr(url)))
    made = Live(pool, url, waiting, catch_up)
    listening = asyncio.create_task(listen(made.broker, made.store))
    try:
        async with asyncio.timeout(5):
            await made.broker.listening.wait()
        yield made
    finally:
        listening.cancel()
        await asyncio.wait([listening])
        await pool.close()


async def take(follow, count, within=5.0):
    """Take so many events."""
    async with asyncio.timeout(within):
        return [await anext(follow) for _ in range(count)]


def kill_listeners(url):
    """End every listening connection, as a failing server would."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'hub-feed' AND datname = current_database()"
        ).fetchone()[0]


def empty(url):
    """Forget all events."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "TRUNCATE feed_event, feed_horizon, province_statement RESTART IDENTITY"
        )
