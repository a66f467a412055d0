"""Adapter: the audit trail in the hub's own PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.audit.chain import (
    GENESIS,
    Break,
    Draft,
    Flaw,
    Head,
    Sealed,
    extend,
    finish,
    follow,
)
from hub.audit.reading_back import Handling, handling_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import AsyncConnection

    from hub.store.pool import Pool


#: How many entries are in memory at once while the chain is verified.
_AT_ONCE: Final = 2000

_HEAD: Final = 'SELECT seq, seal FROM audit_head WHERE "only" = 1'

#: Whatever the server's default: shown is only what is on disk.
_DURABLE: Final = "SET LOCAL synchronous_commit = on"

_FIRST_HEAD: Final = """
    INSERT INTO audit_head ("only", seq, seal) VALUES (1, %s, %s)
    ON CONFLICT ("only") DO NOTHING
"""

_INSERT: Final = """
    INSERT INTO audit_entry (seq, at, tag, worker_id, body, seal)
    SELECT * FROM unnest(
        %s::bigint[], %s::timestamptz[], %s::text[], %s::text[],
        %s::bytea[], %s::bytea[]
    )
"""

#: The same in one statement, for who knows where the chain ends: it is written
#: if the head is still there, and nothing is if it has moved. It names the
#: setting so that PostgreSQL must set it.
_GO_ON: Final = """
    WITH durable AS MATERIALIZED (
        SELECT set_config('synchronous_commit', 'on', true) AS setting
    ), moved AS (
        UPDATE audit_head SET seq = %s, seal = %s FROM durable
        WHERE "only" = 1 AND seq = %s AND seal = %s AND durable.setting = 'on'
        RETURNING "only"
    )
    INSERT INTO audit_entry (seq, at, tag, worker_id, body, seal)
    SELECT entry.* FROM moved, unnest(
        %s::bigint[], %s::timestamptz[], %s::text[], %s::text[],
        %s::bytea[], %s::bytea[]
    ) AS entry
"""

_MOVE_HEAD: Final = 'UPDATE audit_head SET seq = %s, seal = %s WHERE "only" = 1'

_ENTRIES: Final = """
    SELECT seq, at, tag, worker_id, body, seal FROM audit_entry ORDER BY seq
"""

_OF_WORKER: Final = """
    SELECT seq, at, tag, worker_id, body FROM audit_entry
    WHERE worker_id = %s AND seq < %s ORDER BY seq DESC LIMIT %s
"""


class Report(msgspec.Struct, frozen=True):
    """What came of verifying the trail.

    Attributes:
        entries: How many entries hold, from the first on.
        head: The last of them. Note it down outside the hub: with it, even
            somebody who can rewrite the whole database is found out.
        broken: The first place where the chain does not hold, if any.
    """

    entries: int
    head: Head
    broken: Break | None


class Look(msgspec.Struct, frozen=True):
    """One entry about a worker.

    Attributes:
        seq: Its number in the trail.
        at: When.
        tag: What happened, in a word.
        handling: Who looked, why, and at what; or who did what.
    """

    seq: int
    at: datetime
    tag: str
    handling: Handling


class AuditBook:
    """Appends to the trail; several hubs may append to the same one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        #: Where we left the chain. Another hub may have gone on since.
        self._left_at: Head | None = None

    async def append(self, drafts: Sequence[Draft]) -> Head:
        """Put entries at the end of the chain, all or none of them.

        A hub that is alone goes on where it left the chain, in one statement.
        Where another hub has gone on meanwhile, that writes nothing, and the head
        is locked first: the lock makes the hubs take turns.

        Raises:
            StoreUnavailable: They may or may not be written.
            psycopg.Error: They are not written, and cannot be.
        """
        # Forgotten first: after a failure nobody knows where the chain ends.
        left_at, self._left_at = self._left_at, None
        async with self._pool.connection() as connection:
            head = left_at and await _go_on(connection, left_at, drafts)
            head = head or await _take_turn(connection, drafts)
        self._left_at = head
        return head


async def _go_on(
    connection: AsyncConnection[Any], left_at: Head, drafts: Sequence[Draft]
) -> Head | None:
    """Append behind a head that is known, if it still is the head."""
    entries, head = extend(left_at, drafts)
    written = await connection.execute(
        _GO_ON, (head.seq, head.seal, left_at.seq, left_at.seal, *_columns(entries))
    )
    return head if written.rowcount == len(entries) else None


async def _take_turn(connection: AsyncConnection[Any], drafts: Sequence[Draft]) -> Head:
    """Lock the head, chain, insert, move it: one transaction, two exchanges."""
    async with connection.pipeline(), connection.transaction():
        return await append_within(connection, drafts)


async def append_within(
    connection: AsyncConnection[Any], drafts: Sequence[Draft]
) -> Head:
    """Put entries at the end of the chain in the caller's transaction.

    From here until it ends nobody else appends: it should be nearly over.

    Args:
        connection: In a transaction, which is on disk when it is committed.
        drafts: What to append, in order.
    """
    await connection.execute(_DURABLE)
    entries, head = extend(await _lock_head(connection), drafts)
    await connection.execute(_INSERT, _columns(entries))
    await connection.execute(_MOVE_HEAD, (head.seq, head.seal))
    return head


async def _lock_head(connection: AsyncConnection[Any]) -> Head:
    locked = f"{_HEAD} FOR UPDATE"
    row = await (await connection.execute(locked)).fetchone()
    if row is None:
        # The first entry ever. Were the head lost later, the first number
        # would be taken, and the insert fail: closed, as it should.
        await connection.execute(_FIRST_HEAD, (GENESIS.seq, GENESIS.seal))
        row = await (await connection.execute(locked)).fetchone()
    return Head(*row) if row is not None else GENESIS


def _columns(entries: Sequence[Sealed]) -> tuple[list[Any], ...]:
    return (
        [entry.seq for entry in entries],
        [entry.draft.at for entry in entries],
        [str(entry.draft.tag) for entry in entries],
        [entry.draft.worker for entry in entries],
        [entry.draft.body for entry in entries],
        [entry.seal for entry in entries],
    )


async def verify_book(
    pool: Pool,
    progress: Callable[[int, int], None] | None = None,
    *,
    noted: Head | None = None,
) -> Report:
    """Verify the whole trail, in constant memory, while the hubs go on writing.

    Args:
        pool: Of the hub's database.
        progress: Called now and then with the number of entries done and of
            all entries.
        noted: A head that was noted down outside the hub; the trail must
            still hold it.

    Returns:
        How far the chain holds, as of one moment.

    Raises:
        StoreUnavailable: The store cannot be asked now.
    """
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )
        row = await (await connection.execute(_HEAD)).fetchone()
        expected = Head(*row) if row is not None else GENESIS
        reached = GENESIS
        async with connection.cursor(name="audit_verify") as cursor:
            await cursor.execute(_ENTRIES)
            while rows := await cursor.fetchmany(_AT_ONCE):
                for row in rows:
                    step = _step(reached, row, noted)
                    if isinstance(step, Break):
                        return Report(reached.seq, reached, step)
                    reached = step
                if progress is not None:
                    progress(reached.seq, expected.seq)
    broken = finish(reached, expected)
    if broken is None and noted is not None and reached.seq < noted.seq:
        broken = Break(reached.seq + 1, Flaw.CUT_OFF)
    return Report(reached.seq, reached, broken)


def _step(reached: Head, row: tuple[Any, ...], noted: Head | None) -> Head | Break:
    seq, at, tag, worker, body, seal = row
    step = follow(reached, Sealed(seq, Draft(at, tag, worker, body), seal))
    if noted is not None and seq == noted.seq and seal != noted.seal:
        return Break(seq, Flaw.CHANGED)
    return step


async def who_looked(
    pool: Pool,
    worker: str,
    *,
    before: int | None = None,
    most: int = 100,
) -> list[Look]:
    """Tell who handled what is kept of a worker: their right to know (PIPL 44, 45).

    Args:
        pool: Of the hub's database.
        worker: The hub's name of the person.
        before: Only entries with a lower number, to read on from a page.
        most: How many at most.

    Returns:
        The newest first.

    Raises:
        StoreUnavailable: The store cannot be asked now.
        hub.audit.entries.UnreadableEntryError: An entry is of a newer form.
    """
    last = before if before is not None else 2**63 - 1
    async with pool.connection() as connection:
        cursor = await connection.execute(_OF_WORKER, (worker, last, most))
        rows = await cursor.fetchall()
    return [
        Look(seq, at, tag, handling_of(Draft(at, tag, name, body)))
        for seq, at, tag, name, body in rows
    ]
