from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import psycopg
import pytest

from hub.audit.chain import Draft
from hub.feeds.events import Topic
from hub.feeds.transfer_change import decode
from hub.store.audit import AuditBook, verify_book
from hub.store.feeds import FeedStore
from hub.store.transfers import Transfers
from hub.store.unavailable import StoreUnavailable
from hub.transfer.ports import Clashed
from schema.records.command import Answered, Receipt
from schema.records.keys import LocalKey
from schema.records.transfer import TransferState
from tests.builders.moves import NOON, done, moved, new_worker, opened, to_the_end


@pytest.fixture
def transfers(pool):
    return Transfers(pool)


async def _open(transfers, *written):
    async with transfers.unit() as unit:
        await unit.open_of([each.transfer.worker for each in written])
        await unit.write(written)


async def _all(url, statement):
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(statement)).fetchall()


async def _counts(url):
    tables = ("transfer", "transfer_event", "transfer_command", "audit_entry")
    return {
        table: (await _all(url, f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608  # ours
        for table in (*tables, "feed_event", "procrastinate_jobs")
    }


async def test_all_that_an_event_changes_is_there_at_once(
    transfers, pool, database_url
):
    first, second = opened(), opened()
    async with transfers.unit() as unit:
        assert await unit.open_of([first.transfer.worker, second.transfer.worker]) == {}
        await unit.write([first, second])

    assert await _counts(database_url) == {
        "transfer": 2,
        "transfer_event": 2,
        "transfer_command": 2,
        "audit_entry": 2,
        "feed_event": 2,
        "procrastinate_jobs": 1,  # one wake-up for the one province
    }
    report = await verify_book(pool)
    assert (report.entries, report.broken) == (2, None)
    said = await FeedStore(pool, database_url).read(Topic.TRANSFER, 0, 10)
    changes = [decode(event.body) for event in said]
    assert [each.transfer for each in changes] == [first.transfer, second.transfer]
    assert [(each.was, each.seq) for each in changes] == [(None, 1), (None, 1)]


async def test_what_was_written_is_what_is_read(transfers):
    due, target = NOON + timedelta(days=15), NOON + timedelta(days=5)
    first = opened(due_at=due, target_at=target)
    await _open(transfers, first)

    async with transfers.unit() as unit:
        by_worker = await unit.open_of([first.transfer.worker, new_worker(), "x\0"])
        by_id = await unit.lock([first.transfer.id, "no such", "\0", "\ud800"])

    assert by_worker == {first.transfer.worker: by_id[first.transfer.id]}
    assert by_id.keys() == {first.transfer.id}
    standing = by_id[first.transfer.id]
    assert (standing.transfer, standing.saga) == (first.transfer, first.saga)
    assert (standing.due_at, standing.target_at) == (due, target)


async def test_a_whole_life_in_one_unit_or_in_many(transfers, pool, database_url):
    first = opened()
    await _open(transfers, first)
    for each in to_the_end(first):
        async with transfers.unit() as unit:
            await unit.lock([each.transfer.id])
            await unit.write([each])
    other = opened()
    await _open(transfers, other)
    async with transfers.unit() as unit:
        await unit.lock([other.transfer.id])
        await unit.write(to_the_end(other))

    said = await FeedStore(pool, database_url).read(Topic.TRANSFER, 0, 10)
    lives = {first.transfer.id: [], other.transfer.id: []}
    for event in said:
        change = decode(event.body)
        lives[change.transfer.id].append((change.was, change.transfer.state))
    one, two = lives.values()
    assert one == two
    assert [state for _, state in one][-1] is TransferState.COMPLETED
    assert [was for was, _ in one] == [None, *(state for _, state in one[:-1])]
    rows = await _all(database_url, "SELECT state, seq, ended_at IS NULL FROM transfer")
    assert rows == [("COMPLETED", 4, False)] * 2


async def test_the_worker_who_has_arrived_may_move_again(transfers):
    first = opened()
    await _open(transfers, first)
    async with transfers.unit() as unit:
        await unit.lock([first.transfer.id])
        await unit.write(to_the_end(first))

    await _open(transfers, opened(worker=first.transfer.worker))


async def test_two_at_once_open_one_transfer(transfers, database_url):
    worker = new_worker()
    answers = []

    async def attempt():
        async with transfers.unit() as unit:
            standing = await unit.open_of([worker])
            await asyncio.sleep(0.01)
            if standing:
                answers.append("already")
            else:
                await unit.write([opened(worker=worker)])
                answers.append("opened")

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(attempt())

    assert sorted(answers) == ["already"] * 7 + ["opened"]
    assert (await _counts(database_url))["transfer"] == 1


async def test_two_that_change_one_take_turns(transfers):
    first = opened()
    await _open(transfers, first)
    seen = []

    async def attempt():
        async with transfers.unit() as unit:
            standing = (await unit.lock([first.transfer.id]))[first.transfer.id]
            seen.append(standing.transfer.state)
            await asyncio.sleep(0.01)
            if standing.transfer.state is TransferState.OUT_PENDING:
                await unit.write([moved(standing, done("REGISTER_OUT", "63"))])

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(attempt())

    assert seen == [TransferState.OUT_PENDING] + [TransferState.IN_PENDING] * 3


async def test_a_key_names_one_act(transfers, database_url):
    first = opened(acting="V/k1", act=b"\1" * 32)
    await _open(transfers, first)

    async with transfers.unit() as unit:
        before = await unit.acted(["V/k1", "V/k2", ""])
    assert before.keys() == {"V/k1"}
    assert before["V/k1"].transfer == first.transfer
    assert before["V/k1"].act == b"\1" * 32

    kept = await _counts(database_url)
    with pytest.raises(Clashed):
        await _open(transfers, opened(), opened(acting="V/k1"))
    assert await _counts(database_url) == kept


async def test_who_did_not_look_clashes_and_nothing_is_written(transfers, database_url):
    worker = new_worker()
    await _open(transfers, opened(worker=worker))
    kept = await _counts(database_url)

    with pytest.raises(Clashed):
        await _open(transfers, opened(worker=worker))
    assert await _counts(database_url) == kept


async def test_what_was_not_locked_is_refused_at_once(transfers):
    first = opened()
    for wrong in ([first], [moved(first, done("REGISTER_OUT", "63"))]):
        with pytest.raises(RuntimeError, match="not locked"):
            async with transfers.unit() as unit:
                await unit.write(wrong)
    async with transfers.unit() as unit:
        await unit.lock([])
        with pytest.raises(RuntimeError, match="order"):
            await unit.open_of([])


async def test_the_journal_is_only_added_to(transfers, database_url):
    await _open(transfers, opened())
    for statement in (
        "UPDATE transfer_event SET acting = 'x'",
        "DELETE FROM transfer_event",
        "TRUNCATE transfer_event",
    ):
        with (
            pytest.raises(psycopg.errors.RestrictViolation),
            psycopg.connect(database_url) as connection,
        ):
            connection.execute(statement)


async def test_a_credential_is_redeemed_once(transfers, database_url):
    await asyncio.to_thread(_credential, database_url, "c1")
    first = opened(credential="c1")
    async with transfers.unit() as unit:
        await unit.open_of([first.transfer.worker])
        found = await unit.redeem({"c1": first.transfer.id, "none": "t"})
        assert found == {"c1": "ACTIVE"}
        await unit.write([first])
    async with transfers.unit() as unit:
        assert await unit.redeem({"c1": "t"}) == {"c1": f"REDEEMED:{first.transfer.id}"}

    kept = await _counts(database_url)
    with pytest.raises(Clashed):
        await _open(transfers, opened(credential="c1"))
    assert await _counts(database_url) == kept


def _credential(url, name):
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO credential (credential_id, place, worker_id, claims, office,"
            " key, code_digest, code_version)"
            " VALUES (%s, 0, gen_random_uuid(), '{}', 'U', 'k', '', 1)",
            [name],
        )


async def test_a_register_s_key_becomes_a_link(transfers, database_url):
    first = opened()
    await _open(transfers, first)
    arrived = moved(
        moved(first, done("REGISTER_OUT", "63")),
        done("REGISTER_IN", "44", local_id="G7"),
        link=LocalKey("44", "G7"),
    )
    async with transfers.unit() as unit:
        await unit.lock([first.transfer.id])
        await unit.write([moved(first, done("REGISTER_OUT", "63")), arrived])

    assert await _all(
        database_url,
        "SELECT worker_id::text, province, local_key, kinds, valid_to, source FROM link",
    ) == [(first.transfer.worker, "44", "G7", ["MEMBERSHIP"], None, "hub:transfer")]


async def test_a_link_that_stands_keeps_its_kinds_and_its_first_day(
    transfers, database_url
):
    first = opened(link=LocalKey("44", "G7"))
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO link (worker_id, province, local_key, kinds, valid_from, source)"
            " VALUES (%s, '44', 'G7', '{SKILL,WORKER}', '2020-01-01', 'file')",
            [first.transfer.worker],
        )
    await _open(transfers, first)

    assert await _all(
        database_url, "SELECT kinds, valid_from::text, valid_to FROM link"
    ) == [(["MEMBERSHIP", "SKILL", "WORKER"], "2020-01-01", None)]


async def test_a_key_that_is_another_worker_s_is_left_to_people(
    transfers, database_url
):
    one, two = (opened(link=LocalKey("44", "G7")) for _ in range(2))
    await _open(transfers, one)
    await _open(transfers, two)

    assert (await _counts(database_url))["transfer"] == 2
    assert await _all(database_url, "SELECT worker_id::text FROM link") == [
        (one.transfer.worker,)
    ]
    assert await _all(database_url, "SELECT worker_id::text FROM link_conflict") == [
        (two.transfer.worker,)
    ]


async def test_a_command_ends_with_its_first_receipt(transfers, database_url):
    first = opened()
    await _open(transfers, first)
    key = first.commands[0].key
    told = Receipt(key=key, answered=Answered.DONE, entry="E-1")
    late = Receipt(key=key, answered=Answered.REFUSED, code="LATE")
    pending = Receipt(key=key, answered=Answered.PENDING)
    for receipts in ([pending], [pending, told], [late], [pending]):
        async with transfers.unit() as unit:
            await unit.answered(receipts, NOON)

    ((receipt, ended, is_pending),) = await _all(
        database_url,
        "SELECT receipt::text, answered_at IS NOT NULL, pending FROM transfer_command",
    )
    assert msgspec.json.decode(receipt, type=Receipt) == told
    assert (ended, is_pending) == (True, False)


async def test_a_backend_that_is_killed_leaves_nothing(transfers, database_url):
    first = opened()

    async def die_before_the_commit():
        async with transfers.unit() as unit:
            await unit.open_of([first.transfer.worker])
            await unit.write([first])
            await unit._connection.execute(
                "SELECT pg_terminate_backend(pg_backend_pid())"
            )

    with pytest.raises(StoreUnavailable):
        await die_before_the_commit()
    assert set((await _counts(database_url)).values()) == {0}
    await _open(transfers, first)


async def test_who_gives_up_while_waiting_holds_nothing(transfers, database_url):
    worker = new_worker()

    async def attempt():
        async with transfers.unit() as unit:
            await unit.open_of([worker])
            await unit.write([opened(worker=worker)])

    async with transfers.unit() as unit:
        await unit.open_of([worker])
        waiting = [asyncio.create_task(attempt()) for _ in range(3)]
        await asyncio.sleep(0.1)
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
        assert all(task.cancelled() for task in waiting)
    assert set((await _counts(database_url)).values()) == {0}
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    assert await _all(database_url, held) == [(0,)]
    await attempt()


async def test_the_trail_stays_whole_and_nobody_waits_for_ever(
    transfers, pool, database_url
):
    """Openers, movers and readers at once, on workers and transfers that overlap."""
    standing = [opened() for _ in range(20)]
    await _open(transfers, *standing)
    workers = [new_worker() for _ in range(30)]
    books = [AuditBook(pool) for _ in range(2)]

    async def opener(turn):
        picked = [workers[(turn * 7 + step * 3) % 30] for step in range(6)]
        async with transfers.unit() as unit:
            taken = await unit.open_of(picked)
            await unit.lock(
                [standing[(turn * 3 + step) % 20].transfer.id for step in range(3)]
            )
            free = dict.fromkeys(worker for worker in picked if worker not in taken)
            links = [LocalKey("44", f"G{worker}") for worker in free]
            await unit.write(
                [opened(worker=w, link=k) for w, k in zip(free, links, strict=True)]
            )

    async def mover(turn):
        ids = [standing[(turn * 11 + step * 7) % 20].transfer.id for step in range(4)]
        async with transfers.unit() as unit:
            locked = await unit.lock(ids)
            await unit.answered(
                [
                    Receipt(key=f"{each}:REGISTER_OUT", answered=Answered.DONE)
                    for each in ids
                ],
                NOON,
            )
            await unit.write(
                [
                    moved(each, done("REGISTER_OUT", "63"))
                    for each in locked.values()
                    if each.transfer.state is TransferState.OUT_PENDING
                ]
            )

    async def reader(turn):
        for _ in range(3):
            await books[turn % 2].append(
                [Draft(NOON, "reading:worker:shown", "", b"{}")]
            )

    async with asyncio.TaskGroup() as group:
        for turn in range(25):
            group.create_task(opener(turn))
            group.create_task(mover(turn))
            group.create_task(reader(turn))

    report = await verify_book(pool)
    counts = await _counts(database_url)
    assert report.broken is None
    assert report.entries == counts["transfer_event"] + 75
    assert counts["transfer"] == 50
    assert counts["transfer_event"] == counts["feed_event"] == 50 + 20
