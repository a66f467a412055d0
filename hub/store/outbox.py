"""Adapter: commands that wait for provinces; fulfils ``hub.transfer.ports.Outbox``."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import psycopg

from hub.store.locks import DELIVER
from hub.store.transfer_forms import read_command
from hub.store.unavailable import StoreUnavailable
from hub.transfer.turns import Waiting, in_turn
from schema.records.command import Act
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.clock import Clock
    from hub.store.pool import Pool
    from schema.records.command import Command

# Plain questions, each by its own index, and what follows from them is decided in
# ``hub.transfer.turns``: as one statement the server plans it by what it counted last,
# and was found to compare each command with each after a quiet time.
# A rest longer than any that the hub gives was written by a clock that was wrong.
_ASKED: Final = """
SELECT command_id, transfer_id, act, body::text FROM transfer_command
WHERE province = %(province)s AND answered_at IS NULL AND command_id > %(after)s
    AND (not_before <= %(now)s OR not_before > %(never)s)
ORDER BY command_id LIMIT %(most)s
"""
# By keys, and with those that are answered: so the server must take the index of keys.
# The one of what is unanswered it believes to be empty, after a quiet time.
_STANDING: Final = """
SELECT command_id, transfer_id, act, pending, province, answered_at IS NULL
FROM transfer_command WHERE key = ANY(%s::text[])
"""
_ENDED: Final = """
SELECT own.transfer_id, other.transfer_id, other.overdue AND other.ended_at IS NOT NULL
FROM transfer AS own JOIN transfer AS other ON other.worker_id = own.worker_id
    AND other.transfer_id <> own.transfer_id
WHERE own.transfer_id = ANY(%s::text[])
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
        AND (not_before <= %(now)s OR not_before > %(never)s)
)
ORDER BY province
"""
_BACKLOG: Final = """
SELECT count(*), min(written_at) FROM transfer_command
WHERE province = %s AND answered_at IS NULL
"""
#: Longer than any rest that the runner gives a command.
_LONGEST_REST: Final = timedelta(hours=2)
#: Commands that nobody may be asked yet do not hide what comes after them: so many
#: portions are read in one look, and where none was found, the next look begins there.
_WINDOWS: Final = 3
_BARREN_FOR: Final = 30.0
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
        #: Up to which place nobody of a province could be asked, and how long that is
        #: believed.
        self._barren: dict[ProvinceCode, tuple[int, float]] = {}

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
        found: list[Command] = []
        after, until = self._barren.get(province, (0, 0.0))
        if monotonic() > until:
            after, until = 0, monotonic() + _BARREN_FOR
        async with self._pool.connection() as connection:
            for _ in range(_WINDOWS):
                read, last = await self._window(connection, province, after, most)
                if not found and not read and last is not None:
                    self._barren[province] = last, until
                found += read
                if len(found) >= most or last is None:
                    break
                after = last
            else:
                return found
        if not found:
            self._barren.pop(province, None)
        return found[:most]

    async def _window(
        self,
        connection: AsyncConnection[Any],
        province: ProvinceCode,
        after: int,
        most: int,
    ) -> tuple[list[Command], int | None]:
        """Read what may be asked of a window, and where the next one begins, if any."""
        wanted = {"province": province, "after": after, "most": most}
        found = await connection.execute(_ASKED, wanted | self._times())
        rows = await found.fetchall()
        if not rows:
            return [], None
        bodies = {id_: body for id_, _, _, body in rows}
        asked = [Waiting(id_, of, Act(act)) for id_, of, act, _ in rows]
        transfers = {one.transfer for one in asked}
        found = await connection.execute(_ENDED, (list(transfers),))
        ended = [(own, other) for own, other, owed in await found.fetchall() if owed]
        standing = await _standing(
            connection, province, transfers.union(other for _, other in ended)
        )
        turns = in_turn(asked, standing, _owed(standing, ended))
        more = rows[-1][0] if len(rows) == most else None
        return [read_command(bodies[one.id]) for one in turns], more

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
            found = await connection.execute(_WAITING, self._times())
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

    def _times(self) -> dict[str, datetime]:
        now = self._clock.now()
        return {"now": now, "never": now + _LONGEST_REST}

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


async def _standing(
    connection: AsyncConnection[Any], province: ProvinceCode, transfers: Iterable[str]
) -> list[Waiting]:
    """Read what a province has not answered of some transfers."""
    keys = [f"{transfer}:{act}" for transfer in transfers for act in Act]
    found = await connection.execute(_STANDING, (keys,))
    return [
        Waiting(id_, transfer, Act(act), pending)
        for id_, transfer, act, pending, where, waits in await found.fetchall()
        if waits and where == province
    ]


def _owed(
    standing: Iterable[Waiting], ended: Iterable[tuple[str, str]]
) -> dict[str, int]:
    """Tell the oldest command that an ended transfer of the same member is owed."""
    oldest: dict[str, int] = {}
    for one in standing:
        oldest[one.transfer] = min(one.id, oldest.get(one.transfer, one.id))
    owed: dict[str, int] = {}
    for own, other in ended:
        if other in oldest:
            owed[own] = min(oldest[other], owed.get(own, oldest[other]))
    return owed


async def _unlock(session: AsyncConnection[Any], province: ProvinceCode) -> None:
    # Lost with the connection, if that is gone.
    with suppress(psycopg.OperationalError, psycopg.InterfaceError):
        await session.execute(
            "SELECT pg_advisory_unlock(%s, %s)", (DELIVER, int(province))
        )
