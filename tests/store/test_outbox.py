from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest

from hub.store.outbox import CommandOutbox
from hub.store.transfers import Transfers
from schema.records.command import Answered, Receipt
from tests.builders.moves import NOON, done, moved, opened
from tests.store.test_transfers import _open


class Hands:
    """A clock that is moved by hand."""

    def __init__(self):
        self.at = NOON

    def now(self):
        return self.at


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
async def outbox(pool, database_url, clock):
    made = CommandOutbox(pool, database_url, clock)
    yield made
    await made.close()


@pytest.fixture
def transfers(pool):
    return Transfers(pool)


def keys(commands):
    return [command.key for command in commands]


async def test_the_oldest_come_first_and_to_their_province_only(transfers, outbox):
    written = [opened() for _ in range(5)]
    await _open(transfers, *written[:2])
    await _open(transfers, *written[2:], opened(from_province="51"))

    waiting = await outbox.next("63", 10)
    assert waiting == [each.commands[0] for each in written]
    assert await outbox.next("63", 2) == waiting[:2]
    assert await outbox.waiting() == ["51", "63"]
    assert (await outbox.backlog("63"))[0] == 5
    assert await outbox.backlog("11") == (0, None)


async def test_one_that_failed_waits_and_holds_up_its_own_transfer_only(
    transfers, outbox, clock
):
    first, other = opened(to_province="63"), opened()
    await _open(transfers, first, other)
    async with transfers.unit() as unit:
        await unit.lock([first.transfer.id])
        await unit.write([moved(first, done("REGISTER_OUT", "63"))])
    out, came = f"{first.transfer.id}:REGISTER_OUT", f"{first.transfer.id}:REGISTER_IN"
    next_out = other.commands[0].key

    await outbox.failed([out], NOON + timedelta(seconds=9))
    assert keys(await outbox.next("63", 9)) == [next_out]
    clock.at += timedelta(seconds=9)
    assert keys(await outbox.next("63", 9)) == [out, next_out]

    # The province has it: what comes later may come.
    async with transfers.unit() as unit:
        receipt = Receipt(key=out, answered=Answered.PENDING)
        await unit.answered([receipt], clock.at + timedelta(minutes=1))
    assert keys(await outbox.next("63", 9)) == [next_out, came]
    clock.at += timedelta(minutes=1)
    assert keys(await outbox.next("63", 9)) == [out, next_out, came]

    async with transfers.unit() as unit:
        ends = [
            Receipt(key=key, answered=Answered.DONE) for key in (out, next_out, came)
        ]
        await unit.answered(ends, clock.at)
    assert await outbox.next("63", 9) == []
    assert await outbox.waiting() == []


async def test_one_alone_drains_a_province(pool, database_url, outbox, clock):
    other = CommandOutbox(pool, database_url, clock)
    async with outbox.draining("63") as mine, other.draining("63") as theirs:
        assert (mine, theirs) == (True, False)
        async with outbox.draining("63") as again, other.draining("51") as elsewhere:
            assert (again, elsewhere) == (False, True)
    async with other.draining("63") as theirs:
        assert theirs
    await other.close()


async def test_who_dies_drains_no_longer(pool, database_url, outbox, clock):
    other = CommandOutbox(pool, database_url, clock)
    async with outbox.draining("63") as mine:
        assert mine
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'hub-deliver'"
            )
        await asyncio.sleep(0.05)
        async with other.draining("63") as theirs:
            assert theirs
    await other.close()
    # Its own session comes back.
    async with outbox.draining("51") as mine:
        assert mine
