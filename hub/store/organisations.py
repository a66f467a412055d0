"""Adapter: organisations; fulfils ``hub.organisation.ports.OrganisationStore``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import msgspec

from hub.organisation.organisation import Organisation
from hub.organisation.ports import Imported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.store.pool import Pool

_read = msgspec.json.Decoder(Organisation).decode

_TURN: Final = "LOCK TABLE organisation IN SHARE ROW EXCLUSIVE MODE"
# Only what is different is written: a row that was just made has no xmax.
_KEEP: Final = """
INSERT INTO organisation AS kept (code, valid_from, valid_to, province, body)
SELECT * FROM unnest(%b::text[], %b::date[], %b::date[], %b::text[], %b::json[])
ON CONFLICT (code, valid_from) DO UPDATE SET valid_to = excluded.valid_to,
    province = excluded.province, body = excluded.body
WHERE kept.body::text <> excluded.body::text
RETURNING xmax = 0
"""
_DIGEST: Final = """
SELECT coalesce(md5(string_agg(md5(body::text), '' ORDER BY code, valid_from)), '')
FROM organisation
"""
_ALL: Final = "SELECT body::text FROM organisation"


class OrganisationStore:
    """Keeps organisations."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def import_many(self, rows: Sequence[Organisation]) -> Imported:
        """Keep all of these, or none.

        Raises:
            hub.store.unavailable.StoreUnavailable: They may or may not be kept.
        """
        columns = (
            [row.code for row in rows],
            [row.valid_from for row in rows],
            [row.valid_to for row in rows],
            [str(row.province) for row in rows],
            [msgspec.json.encode(row).decode() for row in rows],
        )
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_TURN)
            found = await connection.execute(_KEEP, columns)
            written = [is_new for (is_new,) in await found.fetchall()]
        created = sum(written)
        return Imported(created, len(written) - created, len(rows) - len(written))

    async def digest(self) -> str:
        """Tell what is kept, in short; the database reckons it.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_DIGEST)
            row = await found.fetchone()
            return str(row[0]) if row else ""

    async def all(self) -> Sequence[Organisation]:
        """Read every period of every organisation, in any order.

        Raises:
            hub.store.unavailable.StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_ALL)
            rows = await found.fetchall()
        # Thousands of them: others have their turn meanwhile.
        return await asyncio.to_thread(lambda: [_read(body) for (body,) in rows])
