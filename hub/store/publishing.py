"""Adapter: many events of a topic at once, in the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.store.feeds import LARGEST, take_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import AsyncConnection

    from hub.feeds.events import Topic

# Cursors are given out in the order of the list; one notification says it all.
_WRITE: Final = """
WITH written AS (
    INSERT INTO feed_event (topic, body)
    SELECT %s, body FROM unnest(%b::text[]) WITH ORDINALITY AS said (body, place)
    ORDER BY place
    RETURNING cursor
)
SELECT pg_notify('hub_feed', max(cursor)::text) FROM written
"""


async def publish_all(
    connection: AsyncConnection[Any], topic: Topic, bodies: Sequence[bytes]
) -> None:
    """Write events in the caller's transaction; they are live when that commits.

    Args:
        connection: In a transaction; nothing that can wait may come after it.
        topic: What the events are about.
        bodies: JSON, in order; no more than ``LARGEST`` bytes each.

    Raises:
        ValueError: A body is too large.
        RuntimeError: There is no transaction.
    """
    largest = max(map(len, bodies), default=0)
    if largest > LARGEST:
        raise ValueError(f"an event of {largest} bytes")
    if bodies:
        await take_turn(connection)
        await connection.execute(_WRITE, (topic, [body.decode() for body in bodies]))
