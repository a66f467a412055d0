"""Adapter: events as rows, and a connection that hears of new ones.

A reader goes by cursors, so a smaller cursor must never become visible after a
larger one. Identity values are given out in the order of the inserts, not of the
commits; so whoever publishes holds one lock from before its insert until its
commit is visible. (PostgreSQL takes such a lock at the commit of every transaction
with a NOTIFY anyway, so this one costs no concurrency that there was.)
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.pq import PipelineStatus, TransactionStatus

from hub.feeds.events import CURSOR_INVALID, CursorExpired, Event
from hub.store.case_pruning import prune_listings
from hub.store.locks import FEED, FEED_PRUNE
from hub.store.unavailable import StoreUnavailable
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import timedelta

    from psycopg import AsyncConnection

    from hub.feeds.events import Topic
    from hub.store.pool import Pool

#: The one channel; the notification only says that there is something to read.
_CHANNEL: Final = "hub_feed"
#: No event may be larger: subscribers' queues hold many.
LARGEST: Final = 64 * 1024
#: So many rows go in one transaction when pruning.
_BATCH: Final = 5_000

_WRITE = """
WITH written AS (
    INSERT INTO feed_event (topic, body) VALUES (%s, %s) RETURNING cursor, at
)
SELECT cursor, at, pg_notify('hub_feed', cursor::text) FROM written
"""
# One statement, one snapshot: had pruning come between, it would show.
_READ = """
SELECT
    coalesce((SELECT max(pruned_to) FROM feed_horizon
              WHERE %(topic)s::text IS NULL OR topic = %(topic)s), 0),
    coalesce((SELECT max(cursor) FROM feed_event), 0),
    page.cursor, page.topic, page.at, page.body
FROM (SELECT 1) AS always LEFT JOIN LATERAL (
    SELECT cursor, topic, at, body FROM feed_event
    WHERE cursor > %(after)s {} ORDER BY cursor LIMIT %(most)s
) AS page ON true
ORDER BY page.cursor
"""
_READ_ALL = _READ.format("")
_READ_TOPIC = _READ.format("AND topic = %(topic)s")
_HEAD = "SELECT coalesce(max(cursor), 0) FROM feed_event"
# The newest event always stays, so that the head is known; and what goes is always
# a beginning of the feed.
_LAST_TO_GO = """
SELECT least(
    (SELECT max(cursor) FROM feed_event) - 1,
    greatest(
        (SELECT coalesce(
            (SELECT cursor - 1 FROM feed_event
             WHERE at >= now() - %(keep)s::interval ORDER BY cursor LIMIT 1),
            (SELECT max(cursor) FROM feed_event))),
        (SELECT cursor FROM feed_event ORDER BY cursor DESC OFFSET %(most)s LIMIT 1)
    )
)
"""
_PRUNE = """
WITH gone AS (
    DELETE FROM feed_event WHERE cursor IN (
        SELECT cursor FROM feed_event WHERE cursor <= %(last)s
        ORDER BY cursor LIMIT %(batch)s
    ) RETURNING topic, cursor
), told AS (
    INSERT INTO feed_horizon AS h (topic, pruned_to)
    SELECT topic, max(cursor) FROM gone GROUP BY topic
    ON CONFLICT (topic) DO UPDATE SET pruned_to = greatest(h.pruned_to, excluded.pruned_to)
)
SELECT count(*) FROM gone
"""


async def take_turn(connection: AsyncConnection[Any]) -> None:
    """Take the publishers' lock, until the transaction ends.

    It must be the last lock that a transaction takes, or two may wait for each
    other: publish when everything else is written.

    Raises:
        RuntimeError: There is no transaction; the lock would be gone at once.
    """
    # In pipeline mode nobody knows until the server has caught up.
    known = connection.pgconn.pipeline_status == PipelineStatus.OFF
    status = connection.info.transaction_status
    if known and status is not TransactionStatus.INTRANS:
        raise RuntimeError("an event is published within a transaction")
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", [FEED])


async def publish(
    connection: AsyncConnection[Any], topic: Topic, body: bytes
) -> tuple[int, Any]:
    """Write an event in the caller's transaction; it is live when that commits.

    Args:
        connection: In a transaction; this should be the last that it does.
        topic: What the event is about.
        body: JSON; no more than ``LARGEST`` bytes.

    Returns:
        Its cursor, and when it was written.

    Raises:
        ValueError: The body is too large.
        RuntimeError: There is no transaction.
    """
    if len(body) > LARGEST:
        raise ValueError(f"an event of {len(body)} bytes")
    await take_turn(connection)
    found = await connection.execute(_WRITE, [topic, body.decode()])
    row = await found.fetchone()
    assert row is not None  # noqa: S101  # an INSERT returns its row
    return row[0], row[1]


class FeedStore:
    """The stored events."""

    def __init__(self, pool: Pool, address: str) -> None:
        """Hold what is needed.

        Args:
            pool: For reading and pruning.
            address: Of the database: listening needs a connection of its own, to
                PostgreSQL itself and not to a pooler between.
        """
        self._pool = pool
        self._address = address

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[Listening]:
        """Listen until the context is left; the connection ends with it.

        Raises:
            StoreUnavailable: The database cannot be reached, or no longer.
        """
        try:
            connection = await psycopg.AsyncConnection.connect(
                self._address,
                autocommit=True,
                application_name="hub-feed",
                connect_timeout=2,
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
                tcp_user_timeout=10_000,
                options="-c statement_timeout=5000 -c enable_seqscan=off -c jit=off",
            )
            try:
                await connection.execute(f"LISTEN {_CHANNEL}")
                yield Listening(connection)
            finally:
                await connection.close()
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreUnavailable(type(error).__name__, lost=True) from error

    async def read(self, topic: Topic, after: int, most: int) -> Sequence[Event]:
        """Read events of one topic after a cursor, in order.

        Raises:
            CursorExpired: Some of them are no longer kept.
            Refused: The cursor is later than any event: it is another database's.
            StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            head, page = await _page(connection, _READ_TOPIC, topic, after, most)
        if after > head:
            raise Refused(CURSOR_INVALID)
        return page

    async def head(self) -> int:
        """Tell the cursor of the last event; 0 if there is none yet.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_HEAD)
            row = await found.fetchone()
        return 0 if row is None else int(row[0])

    async def prune(self, keep: timedelta, most: int) -> int:
        """Remove what is older than ``keep``, and more than ``most``; tell how many.

        Lists of cases are in the order of some event: old orders are forgotten, too.

        Hub processes take turns: where another is at it, nothing is done.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        removed = 0
        await prune_listings(self._pool)
        async with self._pool.connection() as connection:
            found = await connection.execute(_LAST_TO_GO, {"keep": keep, "most": most})
            row = await found.fetchone()
            if row is None or row[0] is None:
                return 0
            while True:
                gone = await _prune_batch(connection, row[0])
                removed += gone
                if gone < _BATCH:
                    return removed


async def _prune_batch(connection: AsyncConnection[Any], last: int) -> int:
    async with connection.transaction():
        turn = await connection.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [FEED_PRUNE]
        )
        row = await turn.fetchone()
        if row is None or not row[0]:
            return 0
        found = await connection.execute(_PRUNE, {"last": last, "batch": _BATCH})
        row = await found.fetchone()
        return 0 if row is None else int(row[0])


async def _page(
    connection: AsyncConnection[Any],
    statement: str,
    topic: Topic | None,
    after: int,
    most: int,
) -> tuple[int, list[Event]]:
    found = await connection.execute(
        statement.encode(), {"topic": topic, "after": after, "most": most}
    )
    rows = await found.fetchall()
    pruned_to, head = rows[0][:2]
    if after < pruned_to:
        raise CursorExpired
    return head, [
        Event(cursor, about, at, body.encode())
        for _, _, cursor, about, at, body in rows
        if cursor is not None
    ]


class Listening:
    """A connection that hears of new events."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        """Use a connection that listens already."""
        self._connection = connection

    async def head(self) -> int:
        """Tell the cursor of the last event; 0 if there is none yet."""
        found = await self._connection.execute(_HEAD)
        row = await found.fetchone()
        return 0 if row is None else int(row[0])

    async def read(self, after: int, most: int) -> Sequence[Event]:
        """Read the events of all topics after a cursor, in order.

        Raises:
            CursorExpired: Some of them are no longer kept.
        """
        _, page = await _page(self._connection, _READ_ALL, None, after, most)
        return page

    async def heard(self, patience: float) -> bool:
        """Wait until something was written, or for so many seconds."""
        found = False
        # It ends by itself: left early, it would keep the connection's lock.
        async for _ in self._connection.notifies(timeout=patience, stop_after=1):
            found = True
        return found
