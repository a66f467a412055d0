"""Adapter: the links that stand against each other, for people to decide."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.store.pool import Pool

_AFTER: Final = """
SELECT conflict_id, found_at, code, province, worker_id::text, local_key,
    standing_worker_id::text, standing_local_key, source
FROM link_conflict WHERE conflict_id > %s ORDER BY conflict_id LIMIT %s
"""
_AT_ONCE = 1_000


class LinkConflict(msgspec.Struct, frozen=True):
    """One statement that was not taken, because another stands against it.

    Attributes:
        conflict: Its number.
        found_at: When it was stated.
        code: In what they conflict.
        province: Of which province both speak.
        worker: Whom the statement names.
        local_key: Under which local key.
        standing_worker: Whom the standing link names.
        standing_local_key: Under which local key.
        source: Who stated it.
    """

    conflict: int
    found_at: datetime
    code: str
    province: str
    worker: str
    local_key: str
    standing_worker: str
    standing_local_key: str
    source: str


async def conflicts(pool: Pool) -> AsyncIterator[LinkConflict]:
    """Read all conflicts, the oldest first, in constant memory.

    Raises:
        StoreUnavailable: The database cannot be asked now.
    """
    last = 0
    while True:
        async with pool.connection() as connection:
            cursor = await connection.execute(_AFTER, (last, _AT_ONCE))
            rows = await cursor.fetchall()
        for row in rows:
            yield LinkConflict(*row)
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1][0]
