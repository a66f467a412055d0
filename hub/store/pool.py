"""Adapter: connections to the hub's own PostgreSQL, which may go and come back."""

from __future__ import annotations

import asyncio
import logging
import os
import select
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from hub.store.unavailable import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from hub.store.settings import DatabaseSettings

    Connection = AsyncConnection[Any]
    Inside = AsyncConnectionPool[Connection]

#: After how many seconds a failed connection attempt is given up; the next
#: question then starts a fresh one, so the pool heals within this time.
_RECONNECT_S = 1.0
#: A process that died in the middle of a transaction must not hold its locks.
_IDLE_IN_TRANSACTION_MS = 15_000
#: A pool that lent nothing and took nothing back for so many seconds, although
#: somebody asked, and although it has not lent all it may, is suspected.
_STILL_S: Final = 10.0
#: So long the old inside of a pool may take to close before it is left behind.
_CLOSING_S: Final = 5.0

#: Every statement of the hub goes in by an index with a few keys, so one plan does
#: for all: planning anew takes longer than running, and compiling still more. Nor
#: may a plan that was made while a table was small read the whole of it later. Nor is
#: a statement shared among processes of the server: after an import, as long as the
#: server has not looked at the tables, it overrates what a question finds, and to start
#: two helpers took 20 ms where the question took 0.1.
_PLANNING = (
    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"
    " -c max_parallel_workers_per_gather=0"
)

_log = logging.getLogger("hub.store")


class Pool:
    """Connections in autocommit: a transaction is begun where one is meant.

    Against psycopg's own pool, which is inside, it differs in five ways. A connection
    that the server closed while it lay idle is noticed without asking the server
    (asking costs a round trip for every question). Nobody waits longer than ``wait``.
    Whatever makes the store unusable is raised as ``StoreUnavailable``. Whoever is
    cancelled while they wait, or while they give back, leaves that to a task which
    nobody cancels: psycopg's pool loses a connection whose wait for the pool's lock is
    cancelled, and never makes another for it. And a pool that stands still while the
    database can be reached is replaced.
    """

    def __init__(self, make: Callable[[], Inside], *, still: float = _STILL_S) -> None:
        """Be closed at first.

        Args:
            make: Makes the inside, closed.
            still: Seconds without a loan or a return after which it is suspected.
        """
        self._make = make
        self._still = still
        self._inside = make()
        self._tasks: set[asyncio.Task[None]] = set()
        self._healing = False
        self._lent = 0
        self._moved = monotonic()

    async def open(self) -> None:
        """Begin to connect, without waiting for it."""
        self._moved = monotonic()
        await self._inside.open()

    async def close(self) -> None:
        """Lend nothing more; what is lent is closed when it comes back."""
        await self._inside.close()

    @property
    def size(self) -> int:
        """Count the connections that the inside believes it has."""
        return self._inside.get_stats()["pool_size"]

    @property
    def idle(self) -> int:
        """Count those that wait to be lent."""
        return self._inside.get_stats()["pool_available"]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection.

        Raises:
            StoreUnavailable: There is none in time, or it was lost while lent, or
                the server gave up on a statement.
        """
        loop = asyncio.get_running_loop()
        lent: asyncio.Future[Connection] = loop.create_future()
        back: asyncio.Future[None] = loop.create_future()
        loan = loop.create_task(self._loan(self._inside, lent, back), name="loan")
        self._tasks.add(loan)
        loan.add_done_callback(self._tasks.discard)
        try:
            connection = await lent
        except BaseException as error:
            _set(back)
            if lent.done() and not lent.cancelled():
                lent.exception()  # looked at: who was cancelled does not wait for it
            if isinstance(error, (PoolTimeout, PoolClosed, TooManyRequests)):
                raise StoreUnavailable(type(error).__name__) from error
            raise
        try:
            yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreUnavailable(
                type(error).__name__, lost=connection.broken
            ) from error
        finally:
            _set(back)
            # Who asks again at once finds it there.
            await asyncio.wait({loan})

    async def _loan(
        self,
        inside: Inside,
        lent: asyncio.Future[Connection],
        back: asyncio.Future[None],
    ) -> None:
        """See one connection out and home; it ends whatever becomes of the borrower."""
        try:
            connection = await _good(inside, lent)
        except Exception as error:  # noqa: BLE001  # it is the borrower's
            if isinstance(error, PoolTimeout):
                self._suspect()
            if not lent.done():
                lent.set_exception(error)
            return
        self._moved = monotonic()
        self._lent += 1
        try:
            if not lent.done():
                lent.set_result(connection)
                await back
        finally:
            self._lent -= 1
            self._moved = monotonic()
            await inside.putconn(connection)

    def _suspect(self) -> None:
        """Somebody waited in vain: look whether the pool is to blame."""
        full = self._lent >= self._inside.max_size
        if full or self._healing or monotonic() - self._moved < self._still:
            return
        self._healing = True
        task = asyncio.create_task(self._heal(), name="pool-heal")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _heal(self) -> None:
        """Replace the inside, if the database can be reached past it."""
        old, moved = self._inside, self._moved
        assert isinstance(old.conninfo, str), "made so"  # noqa: S101
        assert isinstance(old.kwargs, dict), "made so"  # noqa: S101
        try:
            probe = await AsyncConnection.connect(old.conninfo, **old.kwargs)
            await probe.close()
            if self._moved != moved or old.closed:
                return
            self._inside = self._make()
            self._moved = monotonic()
            await self._inside.open()
        except psycopg.Error:
            return  # the database is what is missing: the pool connects again by itself
        finally:
            self._healing = False
        _log.error("the database pool stood still and was opened anew")
        closing = asyncio.create_task(old.close(), name="pool-close")
        await asyncio.wait({closing}, timeout=_CLOSING_S)


def _set(back: asyncio.Future[None]) -> None:
    if not back.done():  # the loop may have ended the loan, as it ends everything
        back.set_result(None)


async def _good(inside: Inside, lent: asyncio.Future[Connection]) -> Connection:
    """Take a connection that the server has not closed meanwhile."""
    deadline = monotonic() + inside.timeout
    while True:
        connection = await inside.getconn(deadline - monotonic())
        if lent.done() or not _has_ended(connection):
            return connection
        # Not closed by us but found dead: the pool replaces it.
        await connection.close()
        await inside.putconn(connection)


def _has_ended(connection: Connection) -> bool:
    """Tell whether the server closed an idle connection.

    An idle server says nothing, so anything to read is its farewell. (A notice
    would look alike; then a good connection is replaced, which harms nobody.)
    """
    if connection.closed:
        return True
    asking = select.poll()
    asking.register(connection.fileno(), select.POLLIN)
    return bool(asking.poll(0))


async def open_pool(
    settings: DatabaseSettings, environment: Mapping[str, str] | None = None
) -> Pool:
    """Open the pool; close it with ``await pool.close()``.

    It does not wait for the database: the hub may start before it, and says so
    in ``/readyz`` until it is there.

    Args:
        settings: Where it is, and the limits.
        environment: The environment variables; the process's own if not given.

    Raises:
        ValueError: The settings name no usable address.
    """
    address = settings.address(os.environ if environment is None else environment)
    wait = settings.wait.total_seconds()
    statement_ms = round(settings.statement_timeout.total_seconds() * 1000)

    def make() -> Inside:
        return AsyncConnectionPool(
            address,
            open=False,
            name="hub",
            min_size=settings.min_connections,
            max_size=settings.max_connections,
            timeout=wait,
            reconnect_timeout=_RECONNECT_S,
            kwargs={
                "autocommit": True,
                "application_name": "hub",
                "connect_timeout": max(2, round(wait)),
                # A machine that vanished without a word is noticed, too.
                "keepalives_idle": 5,
                "keepalives_interval": 2,
                "keepalives_count": 3,
                "tcp_user_timeout": max(5_000, statement_ms),
                "options": _PLANNING + " -c datestyle=ISO"
                f" -c statement_timeout={statement_ms}"
                f" -c idle_in_transaction_session_timeout={_IDLE_IN_TRANSACTION_MS}",
            },
        )

    pool = Pool(make)
    await pool.open()
    return pool


__all__ = ["Pool", "StoreUnavailable", "open_pool"]
