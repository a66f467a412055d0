"""Adapter: commands that wait for provinces; fulfils ``hub.transfer.ports.Outbox``."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import psycopg

from hub.store.locks import DELIVER
from hub.store.transfer_forms import read_command
from hub.store.unavailable import StoreUnavailable
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.clock import Clock
    from hub.store.pool import Pool
    from schema.records.command import Command

# A command waits for the earlier ones of its transfer, unless the province has them;
# and for what an ended transfer of the same member is still owed there. What takes an
# IN entry back goes before the entry itself, which then finds the bar.
_NEXT: Final = """
SELECT body::text FROM transfer_command AS command
WHERE province = %(province)s AND answered_at IS NULL AND not_before <= %(now)s
    AND NOT EXISTS (
        SELECT FROM transfer_command AS earlier
        WHERE earlier.transfer_id = command.transfer_id
            AND earlier.province = command.province
            AND earlier.command_id < command.command_id
            AND earlier.answered_at IS NULL AND NOT earlier.pending
            AND (command.act, earlier.act) <> ('CANCEL_IN', 'REGISTER_IN')
    )
    AND (act <> 'REGISTER_IN' OR NOT EXISTS (
        SELECT FROM transfer_command AS undoing
        WHERE undoing.transfer_id = command.transfer_id
            AND undoing.province = command.province
            AND undoing.act = 'CANCEL_IN' AND undoing.answered_at IS NULL
    ))
    AND NOT EXISTS (
        SELECT FROM transfer AS own
        JOIN transfer AS ended ON ended.worker_id = own.worker_id
            AND ended.overdue AND ended.ended_at IS NOT NULL
            AND ended.transfer_id <> own.transfer_id
        JOIN transfer_command AS owed ON owed.transfer_id = ended.transfer_id
            AND owed.province = command.province
            AND owed.command_id < command.command_id
            AND owed.answered_at IS NULL
        WHERE own.transfer_id = command.transfer_id
    )
ORDER BY command_id LIMIT %(most)s
"""
_FAILED: Final = """
WITH asked AS (
    SELECT command_id FROM transfer_command
    WHERE key = ANY(%s::text[]) AND answered_at IS NULL
    ORDER BY command_id FOR UPDATE
)
UPDATE transfer_command AS command SET attempts = attempts + 1, not_before = %s
FROM asked WHERE command.command_id = asked.command_id
"""
# One step of the index for each province, and not one for each command.
_WAITING: Final = """
WITH RECURSIVE asked (province) AS (
    (SELECT province FROM transfer_command WHERE answered_at IS NULL
     ORDER BY province LIMIT 1)
    UNION ALL
    SELECT (SELECT province FROM transfer_command
            WHERE answered_at IS NULL AND province > asked.province
            ORDER BY province LIMIT 1)
    FROM asked WHERE asked.province IS NOT NULL
)
SELECT province FROM asked WHERE EXISTS (
    SELECT FROM transfer_command AS command
    WHERE command.province = asked.province AND answered_at IS NULL
        AND not_before <= %s
)
ORDER BY province
"""
_BACKLOG: Final = """
SELECT count(*), min(written_at) FROM transfer_command
WHERE province = %s AND answered_at IS NULL
"""
#: A machine that vanished must not keep its locks: the server looks after it, too.
_WATCHED: Final = (
    "-c statement_timeout=5000 -c tcp_keepalives_idle=5"
    " -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
)


class CommandOutbox:
    """The commands; close it, for it may hold a connection of its own."""

    def __init__(self, pool: Pool, address: str, clock: Clock) -> None:
        """Hold what is needed.

        Args:
            pool: For reading.
            address: Of the database: a lock belongs to a session, so it needs one of
                its own, to PostgreSQL itself and not to a pooler between.
            clock: Tells when a command may be asked again.
        """
        self._pool = pool
        self._address = address
        self._clock = clock
        self._session: AsyncConnection[Any] | None = None
        self._opening = asyncio.Lock()
        #: What this process drains: a session may take its own lock twice.
        self._held: set[ProvinceCode] = set()

    @asynccontextmanager
    async def draining(self, province: ProvinceCode) -> AsyncIterator[bool]:
        """Be the only one who delivers to a province.

        The lock is freed when the process dies. If only its connection is lost,
        somebody else may begin too: keys make that harmless.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        if province in self._held:
            yield False
            return
        self._held.add(province)
        try:
            session = await self._locked(province)
            try:
                yield session is not None
            finally:
                if session is not None:
                    await _unlock(session, province)
        finally:
            self._held.discard(province)

    async def next(self, province: ProvinceCode, most: int) -> Sequence[Command]:
        """Read the oldest commands that wait, one of a transfer at most.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        wanted = {"province": province, "now": self._clock.now(), "most": most}
        async with self._pool.connection() as connection:
            found = await connection.execute(_NEXT, wanted)
            return [read_command(body) for (body,) in await found.fetchall()]

    async def failed(self, keys: Sequence[str], not_before: datetime) -> None:
        """Count an attempt without a receipt; ask again, but not before then.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            await connection.execute(_FAILED, (list(keys), not_before))

    async def waiting(self) -> Sequence[ProvinceCode]:
        """Tell which provinces have commands that could be delivered now.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_WAITING, (self._clock.now(),))
            return [ProvinceCode(code) for (code,) in await found.fetchall()]

    async def backlog(self, province: ProvinceCode) -> tuple[int, datetime | None]:
        """Tell how many commands of a province have no receipt, and since when.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_BACKLOG, (province,))
            row = await found.fetchone()
        return (0, None) if row is None else (row[0], row[1])

    async def close(self) -> None:
        """Give back the connection, and with it whatever is held."""
        if self._session is not None:
            await self._session.close()

    async def _locked(self, province: ProvinceCode) -> AsyncConnection[Any] | None:
        try:
            try:
                return await self._try_lock(province)
            except psycopg.OperationalError:
                # The session was lost while nobody looked: once more, in a new one.
                await self.close()
                return await self._try_lock(province)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreUnavailable(type(error).__name__, lost=True) from error

    async def _try_lock(self, province: ProvinceCode) -> AsyncConnection[Any] | None:
        session = await self._own()
        found = await session.execute(
            "SELECT pg_try_advisory_lock(%s, %s)", (DELIVER, int(province))
        )
        row = await found.fetchone()
        return session if row is not None and row[0] else None

    async def _own(self) -> AsyncConnection[Any]:
        async with self._opening:
            if self._session is None or self._session.closed:
                self._session = await psycopg.AsyncConnection.connect(
                    self._address,
                    autocommit=True,
                    application_name="hub-deliver",
                    connect_timeout=2,
                    keepalives_idle=5,
                    keepalives_interval=2,
                    keepalives_count=3,
                    tcp_user_timeout=10_000,
                    options=_WATCHED,
                )
            return self._session


async def _unlock(session: AsyncConnection[Any], province: ProvinceCode) -> None:
    # Lost with the connection, if that is gone.
    with suppress(psycopg.OperationalError, psycopg.InterfaceError):
        await session.execute(
            "SELECT pg_advisory_unlock(%s, %s)", (DELIVER, int(province))
        )
