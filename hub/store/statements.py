"""Adapter: what was last said of each province, and saying something new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.feeds.events import Topic
from hub.feeds.province_change import ProvinceChange, Stated
from hub.store.feeds import publish, take_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.store.pool import Pool
    from schema.records.keys import ProvinceCode

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ProvinceChange).decode

_ALL = "SELECT cursor, at, body FROM province_statement ORDER BY cursor"
_ONE = "SELECT cursor, at, body FROM province_statement WHERE province = %s"
_KEEP = """
INSERT INTO province_statement (province, cursor, at, body) VALUES (%s, %s, %s, %s)
ON CONFLICT (province)
DO UPDATE SET cursor = excluded.cursor, at = excluded.at, body = excluded.body
"""


class ProvinceStatements:
    """The last statement of each province. They are events, and stay when pruned."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def stated(self) -> Sequence[Stated]:
        """Tell the last statement of each province, in the order of their cursors.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_ALL)
            return [_stated(row) for row in await found.fetchall()]

    async def state(
        self,
        province: ProvinceCode,
        decide: Callable[[ProvinceChange | None], ProvinceChange | None],
    ) -> Stated | None:
        """Publish a change, if there is one still when it is our turn.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection, connection.transaction():
            # Our turn begins before we look: two processes that see the same
            # change say it once.
            await take_turn(connection)
            found = await connection.execute(_ONE, [province])
            row = await found.fetchone()
            last = None if row is None else _stated(row)
            change = decide(None if last is None else last.change)
            if change is None:
                return last
            body = _encode(change)
            cursor, at = await publish(connection, Topic.PROVINCE_STATUS, body)
            await connection.execute(_KEEP, [province, cursor, at, body.decode()])
            return Stated(cursor, at, change)


def _stated(row: tuple[Any, ...]) -> Stated:
    cursor, at, body = row
    return Stated(cursor, at, _decode(body))
