"""Adapter: how far endpoints were told; fulfils ``hub.transfer.keeping.Cursors``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.store.pool import Pool

_ALL: Final = "SELECT endpoint, cursor FROM webhook"
_MOVE: Final = """
INSERT INTO webhook (endpoint, cursor) VALUES (%s, %s)
ON CONFLICT (endpoint) DO UPDATE SET cursor = excluded.cursor, moved_at = now()
"""
# Not if somebody has set it elsewhere meanwhile: then it is told from there.
_ADVANCE: Final = """
UPDATE webhook SET cursor = %s, moved_at = now() WHERE endpoint = %s AND cursor = %s
"""
_FORGET: Final = "DELETE FROM webhook WHERE endpoint = %s"


class WebhookCursors:
    """The cursor of each endpoint. Every method may raise ``StoreUnavailable``."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def all(self) -> Mapping[str, int]:
        """Tell the cursor of every endpoint that has one."""
        async with self._pool.connection() as connection:
            return dict(await (await connection.execute(_ALL)).fetchall())

    async def move(self, endpoint: str, cursor: int) -> None:
        """Note that an endpoint has been told everything up to a cursor; it may go back."""
        async with self._pool.connection() as connection:
            await connection.execute(_MOVE, (endpoint, cursor))

    async def advance(self, endpoint: str, was: int, cursor: int) -> bool:
        """Go on from a cursor to a later one, if it is there still; tell whether."""
        async with self._pool.connection() as connection:
            done = await connection.execute(_ADVANCE, (cursor, endpoint, was))
            return done.rowcount == 1

    async def forget(self, endpoint: str) -> None:
        """Forget an endpoint: it is told anew from where it is then set."""
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET, (endpoint,))
