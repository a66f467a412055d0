"""The trail in a real PostgreSQL: whole, in turns, and verified as a stream."""

from __future__ import annotations

import asyncio
import sys
import tracemalloc
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from hub.audit.chain import GENESIS, Break, Flaw, Head
from hub.audit.trail import GroupTrail, TrailUnavailable
from hub.clock import SystemClock
from hub.store.audit import AuditBook, verify_book, who_looked
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from tests.audit.samples import AT, WORKER, disclosure, draft

CUT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def pool_of(url):
    pool = await open_pool(DatabaseSettings(url=url, min_connections=1))
    try:
        yield pool
    finally:
        await pool.close()


@pytest.fixture
async def pool(database_url):
    async with pool_of(database_url) as pool:
        yield pool


@pytest.fixture
def change(database_url):
    """Change the tables behind the hub's back, as their owner could."""

    def change(statement, *values):
        with psycopg.connect(database_url) as connection:
            connection.execute(statement, values)

    return change


async def test_what_is_appended_is_chained_and_holds(pool):
    book = AuditBook(pool)
    first = await book.append([draft(1), draft(2)])
    second = await book.append([draft(3)])
    report = await verify_book(pool)
    assert (first.seq, second.seq) == (2, 3)
    assert (report.entries, report.head, report.broken) == (3, second, None)


async def test_an_empty_trail_holds(pool):
    report = await verify_book(pool)
    assert (report.entries, report.head, report.broken) == (0, GENESIS, None)


async def test_two_hubs_take_turns_and_make_one_chain(database_url):
    async with pool_of(database_url) as one, pool_of(database_url) as two:
        trails = [GroupTrail(AuditBook(pool), SystemClock()) for pool in (one, two)]

        async def record(trail, name):
            for number in range(10):
                await trail.record([disclosure(request=f"{name}-{number}")])

        async with asyncio.TaskGroup() as group:
            for caller in range(20):
                group.create_task(record(trails[caller % 2], caller))
        report = await verify_book(one)
        looks = await who_looked(one, WORKER, most=1000)
    assert (report.entries, report.broken) == (200, None)
    assert len({look.handling.request for look in looks}) == 200
    assert all(trail.commits > 5 for trail in trails)


async def test_what_a_killed_hub_had_acknowledged_is_there(database_url, pool):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.audit.appender", database_url,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told = [await process.stdout.readline() for _ in range(150)]
    process.kill()
    told += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    acknowledged = {line.decode().strip() for line in told if line.endswith(b"\n")}
    # another hub goes on where the killed one was
    head = await AuditBook(pool).append([draft(10**6)])
    report = await verify_book(pool)
    assert (report.broken, report.head) == (None, head)
    looks = await who_looked(pool, WORKER, most=10**6)
    assert {look.handling.request for look in looks} >= set(filter(None, acknowledged))


@pytest.mark.parametrize(
    ("statement", "values", "broken"),
    [
        ("UPDATE audit_entry SET body = set_byte(body, 30, 65) WHERE seq = 3", (),
         Break(3, Flaw.CHANGED)),
        ("UPDATE audit_entry SET worker_id = 'x' WHERE seq = 3", (),
         Break(3, Flaw.CHANGED)),
        ("UPDATE audit_entry SET tag = 'x' WHERE seq = 3", (), Break(3, Flaw.CHANGED)),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE seq = 3", (),
         Break(3, Flaw.CHANGED)),
        ("UPDATE audit_entry SET seal = %s WHERE seq = 3", (bytes(32),),
         Break(3, Flaw.CHANGED)),
        ("DELETE FROM audit_entry WHERE seq = 3", (), Break(3, Flaw.GAP)),
        ("DELETE FROM audit_entry WHERE seq > 3", (), Break(4, Flaw.CUT_OFF)),
        ("DELETE FROM audit_head", (), Break(1, Flaw.NOT_THE_HEAD)),
        ("UPDATE audit_head SET seq = 3", (), Break(4, Flaw.NOT_THE_HEAD)),
    ],
    ids=["body", "worker", "tag", "time", "seal", "taken-out", "cut-off", "no-head",
         "head-back"],
)  # fmt: skip
async def test_a_change_behind_the_hubs_back_is_found(
    pool, change, statement, values, broken
):
    await AuditBook(pool).append([draft(number) for number in range(6)])
    change(statement, *values)
    assert (await verify_book(pool)).broken == broken


async def test_a_trail_rewritten_with_its_head_does_not_fit_a_noted_head(pool, change):
    book = AuditBook(pool)
    noted = await book.append([draft(number) for number in range(4)])
    assert (await verify_book(pool, noted=noted)).broken is None
    change("DELETE FROM audit_entry")
    change("DELETE FROM audit_head")
    short = await verify_book(pool, noted=noted)
    assert short.broken == Break(1, Flaw.CUT_OFF)
    await book.append([draft(number + 7) for number in range(6)])
    assert (await verify_book(pool)).broken is None
    rewritten = await verify_book(pool, noted=noted)
    assert rewritten.broken == Break(4, Flaw.CHANGED)


async def test_a_lost_head_closes_the_trail(pool, change):
    book = AuditBook(pool)
    await book.append([draft(1)])
    change("DELETE FROM audit_head")
    with pytest.raises(psycopg.Error):
        await book.append([draft(2)])


async def test_appending_is_all_or_nothing(pool):
    book = AuditBook(pool)
    head = await book.append([draft(1)])
    nul = draft(2).__class__(AT, "t", "a\0b", b"")
    with pytest.raises(psycopg.Error):
        await book.append([draft(3), nul])
    assert (await verify_book(pool)).head == head


async def test_verifying_takes_no_more_memory_for_a_longer_trail(pool):
    book = AuditBook(pool)
    steps = []
    peaks = []
    for _ in range(2):
        await book.append([draft(number) for number in range(4500)])
        tracemalloc.start()
        report = await verify_book(pool, lambda done, of: steps.append((done, of)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert report.broken is None
    assert steps[:3] == [(2000, 4500), (4000, 4500), (4500, 4500)]
    assert peaks[1] < 1.2 * peaks[0]


async def test_the_hubs_go_on_writing_while_the_trail_is_verified(pool):
    book = AuditBook(pool)
    await book.append([draft(number) for number in range(5000)])
    task = asyncio.create_task(verify_book(pool))
    for number in range(20):
        await book.append([draft(number)])
    assert (await task).broken is None


async def test_a_worker_can_be_told_who_looked(pool):
    book = AuditBook(pool)
    some = [disclosure(number) for number in range(5)]
    await book.append([draft(number) for number in range(5)])
    await book.append([draft(9, worker="another")])
    looks = await who_looked(pool, WORKER, most=3)
    assert [look.handling for look in looks] == some[:1:-1]
    assert looks[0].at == AT + timedelta(seconds=4)
    rest = await who_looked(pool, WORKER, before=looks[-1].seq)
    assert [look.handling for look in rest] == some[1::-1]
    assert await who_looked(pool, "nobody") == []


async def test_while_the_head_is_locked_the_trail_is_closed_then_open(
    database_url, pool
):
    trail = GroupTrail(
        AuditBook(pool), SystemClock(), timeout=timedelta(milliseconds=300)
    )
    await trail.record([disclosure(0)])
    loop = asyncio.get_running_loop()
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("SELECT * FROM audit_head FOR UPDATE")
        began = loop.time()
        with pytest.raises(TrailUnavailable):
            await trail.record([disclosure(1)])
        assert 0.25 < loop.time() - began < 1.0
        assert await _subjects(pool) == ["officer-0"]
    await trail.record([disclosure(2)])
    # What was not shown may stand there after all: its statement waited at the server
    # when nobody waited for it any more. But once, and in its turn: it goes on from the
    # head that it knew, and writes nothing where the head has moved.
    assert await _subjects(pool) in (
        ["officer-0", "officer-2"],
        ["officer-0", "officer-1", "officer-2"],
    )
    report = await verify_book(pool)
    assert (report.entries, report.broken) == (len(await _subjects(pool)), None)
    assert (trail.commits, trail.entries) == (2, 2)


async def _subjects(pool):
    """Who looked at the worker, in the order of the trail."""
    looks = await who_looked(pool, WORKER)
    return [look.handling.subject for look in reversed(looks)]


async def test_a_hub_goes_on_where_another_has_written_meanwhile(pool):
    one, other = AuditBook(pool), AuditBook(pool)
    for turn, book in enumerate([one, one, other, one, other, other]):
        head = await book.append([draft(turn)])
        assert head.seq == turn + 1
    assert (await verify_book(pool)).broken is None


async def test_an_entry_is_on_disk_whatever_the_servers_default(pool):
    async def flushed():
        async with pool.connection() as connection:
            (default,) = await _row(connection, "SHOW synchronous_commit")
            assert default == "off"  # the tests' server is careless on purpose
            return await _row(connection, "SELECT pg_current_wal_flush_lsn() - '0/0'")

    book = AuditBook(pool)
    for turn in range(10):
        before = await flushed()
        await book.append([draft(turn)])
        assert await flushed() > before


async def _row(connection, statement):
    return await (await connection.execute(statement)).fetchone()


async def test_connections_cut_between_two_disclosures_lose_nothing(pool, change):
    trail = GroupTrail(AuditBook(pool), SystemClock())
    await trail.record([disclosure(0)])
    change(CUT)
    await trail.record([disclosure(1)])
    report = await verify_book(pool)
    assert (report.entries, report.broken) == (2, None)


async def test_a_connection_cut_in_the_middle_shows_nothing_and_heals(
    database_url, pool, change
):
    trail = GroupTrail(AuditBook(pool), SystemClock())
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("SELECT * FROM audit_head FOR UPDATE")
        task = asyncio.create_task(trail.record([disclosure(1)]))
        await asyncio.sleep(0.2)
        change(CUT + " AND wait_event_type = 'Lock'")
        with pytest.raises(TrailUnavailable):
            await task
    await trail.record([disclosure(2)])
    report = await verify_book(pool)
    assert (report.entries, report.broken) == (1, None)


def test_the_genesis_is_the_empty_head():
    assert Head(0, bytes(32)) == GENESIS
