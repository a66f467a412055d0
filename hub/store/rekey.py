"""Itinerary: stored pseudonyms move to the current key version, under way.

Neither the resident ID numbers nor a pause are needed. A pseudonym of an older
version is turned into one of the current version by the chain of secrets (see
``hub.identity.settings``); the worker id, which everything else refers to, stays.
Each row changes in one statement, so a look-up, which tries every live version,
finds it before and after. Batches and registrations take turns. What was done
stays done: after a kill the next run goes on with what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.store.locks import REGISTER
from hub.store.registration import TAKE_TURN, TURN
from schema.records.keys import WorkerId, WorkerKey

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from psycopg import AsyncCursor

    from hub.identity.worker_key import Pseudonyms
    from hub.store.pool import Pool

_BATCH = 2_000

_COUNT: Final = (
    "SELECT key_version, count(*) FROM worker_key GROUP BY key_version ORDER BY 1"
)
_NEXT: Final = """
SELECT worker_key, key_version FROM worker_key
WHERE worker_key > %s AND key_version = ANY(%s::smallint[])
ORDER BY worker_key LIMIT %s
"""
_MOVE: Final = """
UPDATE worker_key SET worker_key = pair.new_key, key_version = %(version)s
FROM unnest(%(old)s::bytea[], %(new)s::bytea[]) AS pair (old_key, new_key)
WHERE worker_key.worker_key = pair.old_key
    AND NOT EXISTS (
        SELECT FROM worker_key AS taken WHERE taken.worker_key = pair.new_key)
"""
_DROP_TWICE: Final = """
DELETE FROM worker_key AS old
USING unnest(%(old)s::bytea[], %(new)s::bytea[]) AS pair (old_key, new_key), worker_key
WHERE old.worker_key = pair.old_key AND worker_key.worker_key = pair.new_key
    AND worker_key.worker_id = old.worker_id
"""
_SPLIT: Final = """
SELECT old.worker_id::text, worker_key.worker_id::text
FROM unnest(%(old)s::bytea[], %(new)s::bytea[]) AS pair (old_key, new_key)
JOIN worker_key AS old ON old.worker_key = pair.old_key
JOIN worker_key ON worker_key.worker_key = pair.new_key
"""


class KeyVersionStatus(msgspec.Struct, frozen=True):
    """How a key version stands.

    Attributes:
        version: Its number.
        workers: How many pseudonyms are stored under it.
        current: New ones are stored under it.
        live: Look-ups try it.
        has_secret: The settings have a secret for it. Without one its workers
            cannot be found.
    """

    version: int
    workers: int
    current: bool
    live: bool
    has_secret: bool


class RekeyProgress(msgspec.Struct, frozen=True):
    """How far a rotation is.

    Attributes:
        done: How many pseudonyms were moved, by this run.
        total: How many there were to move, when it began.
        split: Pairs of worker ids that belong to one number; their pseudonyms
            stay as they are until a person has decided. Normally none.
    """

    done: int
    total: int
    split: tuple[tuple[WorkerId, WorkerId], ...] = ()


async def key_status(pool: Pool, pseudonyms: Pseudonyms) -> list[KeyVersionStatus]:
    """Tell how each key version stands, oldest first.

    Raises:
        StoreUnavailable: The database cannot be asked now.
    """
    stored = await _count(pool)
    return [
        KeyVersionStatus(
            version,
            stored.get(version, 0),
            current=version == pseudonyms.current_version,
            live=version in pseudonyms.live_versions,
            has_secret=version in pseudonyms.versions,
        )
        for version in sorted({*stored, *pseudonyms.versions})
    ]


async def rotate(
    pool: Pool,
    pseudonyms: Pseudonyms,
    progress: Callable[[RekeyProgress], None] = lambda _: None,
    batch: int = _BATCH,
) -> RekeyProgress:
    """Move every pseudonym of an older version to the current one.

    Run it when every hub process has the current version in its settings. It may
    be run again at any time.

    Args:
        pool: The store.
        pseudonyms: The chain of keys.
        progress: Told after each batch.
        batch: How many rows in one transaction; registrations wait for one.

    Returns:
        What was done; ``split`` must be empty before the old version is retired.

    Raises:
        StoreUnavailable: The database cannot be used now; run it again.
    """
    older = [v for v in pseudonyms.versions if v < pseudonyms.current_version]
    counts = await _count(pool)
    total = sum(counts.get(version, 0) for version in older)
    run = _Run(pseudonyms, older, batch)
    moved, split = 0, dict[tuple[WorkerId, WorkerId], None]()
    # One more pass after the last that moved something: a process that is not yet
    # restarted may have registered behind our back.
    while True:
        in_pass = 0
        run.after = b""
        while not run.at_end:
            batch_moved, batch_split = await _in_turn(pool, run.step)
            in_pass += batch_moved
            split |= dict.fromkeys(batch_split)
            progress(RekeyProgress(moved + in_pass, total, tuple(split)))
        moved += in_pass
        if not in_pass:
            return RekeyProgress(moved, total, tuple(split))
        run.at_end = False


_Split = list[tuple[WorkerId, WorkerId]]


class _Run:
    """Where a rotation is."""

    def __init__(
        self, pseudonyms: Pseudonyms, older: Sequence[int], batch: int
    ) -> None:
        self._pseudonyms = pseudonyms
        self._older = list(older)
        self._batch = batch
        self.after = b""
        self.at_end = False

    async def step(self, cursor: AsyncCursor[Any]) -> tuple[int, _Split]:
        """Move one batch; tell how many were moved, and which are split."""
        await cursor.execute(_NEXT, [self.after, self._older, self._batch])
        rows = await cursor.fetchall()
        self.at_end = len(rows) < self._batch
        if not rows:
            return 0, []
        self.after = rows[-1][0]
        old = [key for key, _ in rows]
        pairs = {
            "version": self._pseudonyms.current_version,
            "old": old,
            "new": [
                self._pseudonyms.advance(version, WorkerKey(key))
                for key, version in rows
            ],
        }
        await cursor.execute(_MOVE, pairs)
        moved = cursor.rowcount
        if moved == len(rows):
            return moved, []
        await cursor.execute(_DROP_TWICE, pairs)
        moved += cursor.rowcount
        await cursor.execute(_SPLIT, pairs)
        return moved, await cursor.fetchall()


async def _in_turn(
    pool: Pool,
    step: Callable[[AsyncCursor[Any]], Awaitable[tuple[int, _Split]]],
) -> tuple[int, _Split]:
    async with (
        pool.connection() as connection,
        connection.transaction(),
        connection.cursor(binary=True) as cursor,
    ):
        await cursor.execute(TURN)
        await cursor.execute(TAKE_TURN, [REGISTER])
        return await step(cursor)


async def _count(pool: Pool) -> dict[int, int]:
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(TURN)
        counted = await connection.execute(_COUNT)
        return dict(await counted.fetchall())
