"""Adapter: connections to the hub's own PostgreSQL, which may go and come back."""

from __future__ import annotations

import os
import select
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from hub.store.unavailable import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from hub.store.settings import DatabaseSettings

#: After how many seconds a failed connection attempt is given up; the next
#: question then starts a fresh one, so the pool heals within this time.
_RECONNECT_S = 1.0
#: A process that died in the middle of a transaction must not hold its locks.
_IDLE_IN_TRANSACTION_MS = 15_000


#: Every statement of the hub goes in by an index with a few keys, so one plan does
#: for all: planning anew takes longer than running, and compiling still more. Nor
#: may a plan that was made while a table was small read the whole of it later.
_PLANNING = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"


class Pool(AsyncConnectionPool[AsyncConnection[Any]]):
    """Connections in autocommit: a transaction is begun where one is meant.

    Against psycopg's own pool it differs in three ways: a connection that the
    server closed while it lay idle is noticed without asking the server (asking
    costs a round trip for every question), nobody waits longer than ``wait``, and
    whatever makes the store unusable is raised as ``StoreUnavailable``.
    """

    @asynccontextmanager
    async def connection(
        self,
        timeout: float | None = None,  # noqa: ASYNC109  # psycopg's signature
    ) -> AsyncIterator[AsyncConnection[Any]]:
        """Lend a connection.

        Args:
            timeout: Seconds to wait for one; the pool's own limit if not given.

        Raises:
            StoreUnavailable: There is none in time, or it was lost while lent, or
                the server gave up on a statement.
        """
        connection = await self._lend(timeout)
        try:
            yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreUnavailable(
                type(error).__name__, lost=connection.broken
            ) from error
        finally:
            await self.putconn(connection)

    async def _lend(self, limit: float | None) -> AsyncConnection[Any]:
        deadline = monotonic() + (self.timeout if limit is None else limit)
        while True:
            try:
                connection = await self.getconn(deadline - monotonic())
            except (PoolTimeout, PoolClosed, TooManyRequests) as error:
                raise StoreUnavailable(type(error).__name__) from error
            if not _has_ended(connection):
                return connection
            # Not closed by us but found dead: the pool replaces it.
            await connection.close()
            await self.putconn(connection)


def _has_ended(connection: AsyncConnection[Any]) -> bool:
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
    pool = Pool(
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
    await pool.open()
    return pool


__all__ = ["Pool", "StoreUnavailable", "open_pool"]
