"""Adapter: a province's database, from threads of which there are never too many."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from connectors.faults import ProvinceFault
from connectors.sql import tongues
from connectors.sql.failures import fault_of
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

T = TypeVar("T")

#: Commands to one register go out one call after another; another waits for receipts.
_WRITERS = 2


class Session:
    """One transaction on one connection.

    Attributes:
        connection: Where statements are executed.
    """

    def __init__(self, connection: Connection, until: float) -> None:
        """Begin; statements end at ``until`` by the monotonic clock."""
        self.connection = connection
        self._until = until
        self.begin()

    def begin(self) -> None:
        """Begin anew: after a statement that failed, or a commit.

        Raises:
            ProvinceFault: There is no time left.
        """
        left = self._until - monotonic()
        if left <= 0:
            raise ProvinceFault(FaultCode.TIMED_OUT, "no time left to ask")
        self.connection.rollback()
        tongues.begin(self.connection, left)


class Database:
    """Runs work against a database, outside the event loop."""

    def __init__(self, url: URL, connections: int, connect: float) -> None:
        """Open nothing yet.

        Args:
            url: Where.
            connections: How many there may be for reading.
            connect: Seconds that setting one up may take.

        Raises:
            UnknownTongue: There is no driver for it.
        """
        self._reading = tongues.engine(url, connections, connect, write=False)
        self._writing = tongues.engine(url, _WRITERS, connect, write=True)
        self._readers = ThreadPoolExecutor(connections, "sql-read")
        self._writers = ThreadPoolExecutor(_WRITERS, "sql-write")

    async def read(self, work: Callable[[Session], T], deadline: float) -> T:
        """Do work in a session that cannot write, all of it at one moment's state.

        Args:
            work: What to do, in a thread; its errors of the database become faults.
            deadline: By the loop's clock.

        Raises:
            ProvinceFault: The database failed.
        """
        return await self._do(self._readers, self._reading, work, deadline)

    async def write(self, work: Callable[[Session], T], deadline: float) -> T:
        """Do work in a session that can write; it commits by itself.

        Raises:
            ProvinceFault: The database failed.
        """
        return await self._do(self._writers, self._writing, work, deadline)

    async def close(self) -> None:
        """Close all connections; who is still waiting for an answer gets none."""
        for pool in (self._readers, self._writers):
            pool.shutdown(wait=False, cancel_futures=True)
        for engine in (self._reading, self._writing):
            await asyncio.to_thread(engine.dispose)

    async def _do(
        self,
        pool: ThreadPoolExecutor,
        engine: Engine,
        work: Callable[[Session], T],
        deadline: float,
    ) -> T:
        loop = asyncio.get_running_loop()
        until = monotonic() + deadline - loop.time()
        return await loop.run_in_executor(pool, _work, engine, work, until)


def _work(engine: Engine, work: Callable[[Session], T], until: float) -> T:
    if monotonic() >= until:
        # Whoever asked has left while this waited for a thread.
        raise ProvinceFault(FaultCode.TIMED_OUT, "no thread came free")
    connected = False
    try:
        with engine.connect() as connection:
            connected = True
            return work(Session(connection, until))
    except SQLAlchemyError as error:
        raise fault_of(error, connected=connected) from None
