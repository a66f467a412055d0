"""Adapter: transactions about transfers; each takes its locks in one order.

The order is that of ``hub.store.locks``. A call that would break it fails at once, and
not once in a thousand times under load.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from psycopg.errors import UniqueViolation

from hub.clock import day_in_china
from hub.feeds.events import Topic
from hub.store.audit import append_within
from hub.store.case_moments import move_within
from hub.store.cooperation import keep_offers
from hub.store.given_links import GivenLink, register_within
from hub.store.jobs import defer_within, deliver
from hub.store.locks import WORKER_LOCKS, WORKERS
from hub.store.publishing import publish_all
from hub.store.transfer_forms import is_worker_id, read_transfer, standing_of
from hub.store.transfer_writing import (
    changes_of,
    commands_of,
    drop_commands,
    redeem_credentials,
    retire_credentials,
    write_commands,
    write_journal,
    write_receipts,
    write_standing,
)
from hub.transfer.cooperating import offers
from hub.transfer.ports import Before, Clashed
from schema.records.command import Answered
from schema.records.keys import WorkerId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.store.pool import Pool
    from hub.transfer.ports import Standing, Written
    from schema.records.command import Receipt
    from schema.records.transfer import TransferState

#: Whatever the server's default: promised is only what is on disk.
_BEGIN: Final = """
SELECT set_config('synchronous_commit', 'on', true),
    set_config('lock_timeout', '10s', true)
"""
_LOCK_WORKERS: Final = """
SELECT pg_advisory_xact_lock(%s, lock) FROM unnest(%s::int[]) AS lock
"""
_OPEN: Final = """
SELECT worker_id::text, body::text, saga::text, due_at, target_at FROM transfer
WHERE worker_id = ANY(%s::uuid[]) AND ended_at IS NULL
"""
# In the order in which they were opened, by the number of the first command, which is
# written with the opening: a worker is in one transfer at a time, so a later one has a
# larger number, whatever the clocks of those who opened them said.
_MOVED: Final = """
SELECT DISTINCT ON (worker_id)
    worker_id::text, transfer.body::text, saga::text, due_at, target_at
FROM transfer
LEFT JOIN transfer_command AS first
    ON first.key = transfer.transfer_id || ':REGISTER_OUT'
WHERE worker_id = ANY(%s::uuid[]) AND state IN ('COMPLETED', 'LANDED')
ORDER BY worker_id, first.command_id DESC NULLS LAST, opened_at DESC
"""
_LOCK: Final = """
SELECT transfer_id, body::text, saga::text, due_at, target_at FROM transfer
WHERE transfer_id = ANY(%s::text[]) ORDER BY transfer_id FOR NO KEY UPDATE
"""
_ACTED: Final = """
SELECT event.acting, event.act, transfer.body::text
FROM transfer_event AS event JOIN transfer USING (transfer_id)
WHERE event.acting = ANY(%s::text[]) AND event.acting <> ''
"""
_LOCK_CREDENTIALS: Final = """
SELECT credential_id, state, transfer_id FROM credential
WHERE credential_id = ANY(%s::text[]) ORDER BY credential_id FOR NO KEY UPDATE
"""
#: What two transactions at once can both believe that they are the first to write.
_CLASHES: Final = {
    "uq_transfer_open_worker",
    "uq_transfer_event_acting",
    "pk_transfer_event",
}


class Transfers:
    """Where transfers are kept; fulfils ``hub.transfer.ports.Store``."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[TransferUnit]:
        """Begin a transaction.

        Raises:
            StoreUnavailable: It may or may not be written.
            Clashed: Somebody else was first; nothing was written.
        """
        try:
            # The statements go out together; only what is read is waited for.
            async with (
                self._pool.connection() as connection,
                connection.pipeline(),
                connection.transaction(),
            ):
                await connection.execute(_BEGIN)
                unit = TransferUnit(connection)
                yield unit
        except UniqueViolation as error:
            if error.diag.constraint_name not in _CLASHES:
                raise
            raise Clashed from error


class TransferUnit:
    """One transaction; fulfils ``hub.transfer.ports.Unit``."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        """Use a connection in a transaction, in pipeline mode."""
        self._connection = connection
        self._turn = 0
        #: Where the locked transfers stand, and who is the home, by their ids.
        self._states: dict[str, TransferState] = {}
        self._homes: dict[str, str] = {}
        self._workers: frozenset[WorkerId] = frozenset()

    async def open_of(self, workers: Sequence[WorkerId]) -> Mapping[WorkerId, Standing]:
        """Read the open transfer of each worker, and keep others from opening any."""
        self._take(1)
        self._workers = frozenset(workers)
        locks = sorted({crc32(each.encode()) % WORKER_LOCKS for each in workers})
        await self._connection.execute(_LOCK_WORKERS, (WORKERS, locks))
        return await self._of(_OPEN, self._workers)

    async def moved_of(
        self, workers: Sequence[WorkerId]
    ) -> Mapping[WorkerId, Standing]:
        """Read the last ended transfer of each worker that moved the home."""
        return await self._of(_MOVED, workers)

    async def lock(self, ids: Sequence[str]) -> Mapping[str, Standing]:
        """Read transfers and keep others from changing them."""
        self._take(2)
        known = [each for each in set(ids) if each.isprintable()]
        found = await self._connection.execute(_LOCK, (known,))
        locked = {id_: standing_of(*rest) for id_, *rest in await found.fetchall()}
        self._states = {id_: each.transfer.state for id_, each in locked.items()}
        self._homes = {id_: each.transfer.home for id_, each in locked.items()}
        return locked

    async def acted(self, keys: Sequence[str]) -> Mapping[str, Before]:
        """Tell what earlier acts under these keys were; it locks nothing."""
        found = await self._connection.execute(_ACTED, (list(set(keys)),))
        return {
            acting: Before(read_transfer(body), bytes(act))
            for acting, act, body in await found.fetchall()
        }

    async def redeem(self, credentials: Mapping[str, str]) -> Mapping[str, str]:
        """Lock credentials, and tell their states."""
        self._take(3)
        found = await self._connection.execute(_LOCK_CREDENTIALS, (list(credentials),))
        return {
            credential: f"{state}:{transfer}" if transfer else state
            for credential, state, transfer in await found.fetchall()
        }

    async def answered(self, receipts: Sequence[Receipt], again_at: datetime) -> None:
        """Note what registers answered."""
        self._take(4)
        # Of one command only one receipt counts: a last word, if there is one.
        told = {each.key: each for each in receipts if not _ends(each)}
        told.update({each.key: each for each in reversed(receipts) if _ends(each)})
        await write_receipts(
            self._connection, [(each, _ends(each)) for each in told.values()], again_at
        )

    async def write(self, written: Sequence[Written]) -> None:
        """Write all of it.

        Raises:
            Clashed: A credential is no longer active.
            RuntimeError: A transfer or a worker was not locked before.
        """
        self._take(5)
        if not written:
            return
        self._check(written)
        connection = self._connection
        redeemed, expected = await redeem_credentials(connection, written)
        moved = self._moved(written)
        await retire_credentials(connection, moved)
        await move_within(
            connection, [(each.transfer, each.milestone.at) for each in moved]
        )
        await write_standing(connection, written)
        await write_journal(connection, written)
        await keep_offers(connection, offers(written))
        await drop_commands(connection, written)
        commands = commands_of(written)
        await write_commands(connection, commands)
        given = [
            GivenLink(each.transfer.worker, each.link, day_in_china(each.milestone.at))
            for each in written
            if each.link is not None
        ]
        if given:
            await register_within(connection, given)
        # From here on nobody else can write: it is the end.
        await append_within(connection, [each.audit for each in written])
        if redeemed is not None and redeemed.rowcount != expected:
            raise Clashed
        said = changes_of(written, self._states)
        await publish_all(connection, Topic.TRANSFER, said)
        await defer_within(connection, {deliver(each.province) for each in commands})

    async def _of(
        self, statement: str, workers: Iterable[WorkerId]
    ) -> Mapping[WorkerId, Standing]:
        known = [each for each in workers if is_worker_id(each)]
        found = await self._connection.execute(statement, (known,))
        return {
            WorkerId(worker): standing_of(*rest)
            for worker, *rest in await found.fetchall()
        }

    def _moved(self, written: Sequence[Written]) -> list[Written]:
        """Tell which of these move a home."""
        moved = []
        for each in written:
            transfer = each.transfer
            was = self._homes.get(transfer.id, transfer.from_union)
            if transfer.home != was:
                moved.append(each)
            self._homes[transfer.id] = transfer.home
        return moved

    def _take(self, turn: int) -> None:
        if turn <= self._turn:
            raise RuntimeError("the calls of a unit are out of their order")
        self._turn = turn

    def _check(self, written: Sequence[Written]) -> None:
        """Refuse what was not locked: it would break under load only."""
        known = set(self._states)
        for each in written:
            opens = each.saga.seq == 1
            if opens and each.transfer.worker not in self._workers:
                raise RuntimeError(
                    "a transfer is opened for a worker who is not locked"
                )
            if not opens and each.transfer.id not in known:
                raise RuntimeError("a transfer is changed that is not locked")
            known.add(each.transfer.id)


def _ends(receipt: Receipt) -> bool:
    return receipt.answered is not Answered.PENDING
