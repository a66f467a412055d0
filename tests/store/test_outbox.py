from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic

import msgspec
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


async def test_what_the_server_counted_in_quiet_times_does_not_hold_up_a_rush(
    pool, outbox
):
    """With one statement it compared each command with each: 14 s for 10,000."""
    body = msgspec.json.encode(opened().commands[0]).decode()
    async with pool.connection() as connection:
        await connection.execute(_ENDED, (body,))
        await connection.execute("ANALYZE transfer_command")
        await connection.execute(_RUSH, (body,))
        await connection.execute("SET LOCAL statement_timeout = '2s'")
    begun = monotonic()
    assert len(await outbox.next("63", 500)) == 500
    assert monotonic() - begun < 2


async def test_commands_that_may_not_be_asked_do_not_hide_what_comes_after(
    pool, outbox
):
    body = msgspec.json.encode(opened().commands[0]).decode()
    async with pool.connection() as connection:
        await connection.execute(_BARRED, (body,))
        await connection.execute(_RUSH, (body,))
    looks = [len(await outbox.next("63", 10)) for _ in range(12)]
    assert looks.index(10) > 1, "one look stays short"
    assert set(looks[looks.index(10) :]) == {10}, "and it stays found"


async def test_a_rest_that_a_wrong_clock_wrote_is_none(transfers, outbox, clock):
    one = opened()
    await _open(transfers, one)
    key = one.commands[0].key
    clock.at += timedelta(days=30)
    await outbox.failed([key], clock.at + timedelta(seconds=9))
    clock.at -= timedelta(days=30)
    assert keys(await outbox.next("63", 9)) == [key]
    assert await outbox.waiting() == ["63"]


_ENDED = """
INSERT INTO transfer_command (key, transfer_id, province, act, body, answered_at)
SELECT 'e' || i || ':REGISTER_OUT', 'e' || i, '63', 'REGISTER_OUT', %s::json, now()
FROM generate_series(1, 20000) AS i
"""
_RUSH = """
INSERT INTO transfer_command (key, transfer_id, province, act, body)
SELECT 'r' || i || ':REGISTER_OUT', 'r' || i, '63', 'REGISTER_OUT', %s::json
FROM generate_series(1, 5000) AS i
"""
_BARRED = """
INSERT INTO transfer_command (key, transfer_id, province, act, body, not_before)
SELECT 'b' || i || ':' || act, 'b' || i, '63', act, %s::json,
    CASE act WHEN 'CANCEL_IN' THEN '2026-11-02 05:00+00'::timestamptz
        ELSE '-infinity' END
FROM generate_series(1, 100) AS i, unnest(ARRAY['REGISTER_IN', 'CANCEL_IN']) AS act
ORDER BY act DESC, i
"""
