from __future__ import annotations

import json
from datetime import timedelta

import psycopg
import pytest

from hub.store.transfer_cursors import read_place, write_place
from hub.store.transfer_pages import ARRIVED, MANY, page_statement
from hub.store.transfer_reading import TransferReading
from hub.store.transfers import Transfers
from schema.records.moving import Side, TransferFilter
from schema.records.transfer import Basis, Step, TransferState
from tests.builders.moves import NOON, done, moved, new_worker, opened, to_the_end
from tests.store.test_transfers import _open

MINUTE = timedelta(minutes=1)


@pytest.fixture
def transfers(pool):
    return Transfers(pool)


@pytest.fixture
def reading(pool):
    return TransferReading(pool)


async def _write(transfers, written):
    async with transfers.unit() as unit:
        await unit.lock([each.transfer.id for each in written])
        await unit.write(written)


async def _all(reading, wanted=None, offices=None, first=2):
    """Walk all pages; give the ids."""
    ids, after, more = [], None, True
    while more:
        page = await reading.page(wanted or TransferFilter(), offices, first, after)
        assert len(page.cursors) == len(page.transfers) <= first
        ids += [each.id for each in page.transfers]
        more = page.more
        after = page.cursors[-1] if page.cursors else None
    return ids


async def test_one_is_read_with_its_history(transfers, reading):
    first = opened()
    await _open(transfers, first)

    found = await reading.one(first.transfer.id)
    assert (found.transfer, found.saga) == (first.transfer, first.saga)
    assert await reading.one("no such") is None
    assert await reading.one("\0") is None


async def test_several_are_read_at_once(transfers, reading):
    first, other = opened(), opened()
    await _open(transfers, first, other)
    names = [other.transfer.id, "no such", first.transfer.id, "\0", first.transfer.id]

    found = await reading.some(names)

    assert {name: each.saga for name, each in found.items()} == {
        first.transfer.id: first.saga,
        other.transfer.id: other.saga,
    }
    assert await reading.some([]) == {}


async def test_a_timeline_has_every_step(transfers, reading):
    first, other = opened(), opened()
    await _open(transfers, first, other)
    await _write(transfers, to_the_end(first))

    told = await reading.timeline([other.transfer.id, first.transfer.id, "no such"])
    assert [each.step for each in told[first.transfer.id]] == [
        Step.OPENED,
        Step.OUT_REGISTERED,
        Step.IN_REGISTERED,
        Step.OUT_COMPLETED,
    ]
    assert [each.seq for each in told[first.transfer.id]] == [1, 2, 3, 4]
    assert told[other.transfer.id] == [other.milestone]
    assert told["no such"] == []


async def test_a_worker_s_transfers_are_told_from_the_first(transfers, reading):
    worker = new_worker()
    first = opened(worker=worker)
    await _open(transfers, first)
    await _write(transfers, to_the_end(first))
    second = opened(worker=worker, at=NOON + 9 * MINUTE)
    await _open(transfers, second)

    told = await reading.of_worker([worker, new_worker(), "no uuid"])
    assert [each.id for each in told[worker]] == [first.transfer.id, second.transfer.id]
    assert [len(each) for each in told.values()] == [2, 0, 0]


async def test_pages_are_in_the_order_of_opening_and_stay_so_while_transfers_move(
    transfers, reading
):
    # Two at each moment: the id decides.
    all_ = [opened(f"t{n:02}", at=NOON + n // 2 * MINUTE) for n in range(9)]
    await _open(transfers, *reversed(all_))
    ids = [each.transfer.id for each in all_]
    assert await _all(reading) == ids

    page = await reading.page(TransferFilter(), None, 4, None)
    await _write(transfers, [*to_the_end(all_[1]), *to_the_end(all_[7])])
    rest = await reading.page(TransferFilter(), None, 9, page.cursors[-1])
    assert [each.id for each in (*page.transfers, *rest.transfers)] == ids
    assert (page.more, rest.more) == (True, False)


@pytest.mark.parametrize("others", [(), tuple(f"X{n}" for n in range(MANY + 1))])
async def test_a_page_is_of_the_unions_and_the_side_that_were_asked(
    transfers, reading, others
):
    """Few unions or very many: two statements, and the same answers."""
    ab = opened("t1", from_union="A", to_union="B")
    bc = opened("t2", from_union="B", to_union="C", at=NOON + MINUTE)
    ca = opened("t3", from_union="C", to_union="A", at=NOON + 2 * MINUTE)
    await _open(transfers, ab, bc, ca)

    async def ids(unions, side=None):
        wanted = TransferFilter(side=side)
        return await _all(reading, wanted, [*unions, *others], first=1)

    assert await ids("A") == ["t1", "t3"]
    assert await ids("AB") == ["t1", "t2", "t3"]
    assert await ids("A", Side.IN) == ["t3"]
    assert await ids("AB", Side.OUT) == ["t1", "t2"]
    assert await ids("Z") == []
    assert await _all(reading, offices=()) == []


async def test_a_page_is_filtered_by_all_that_is_said(transfers, reading):
    due = NOON + timedelta(days=15)
    waits = opened("t1", due_at=due, batch="b1")
    offer = opened("t2", basis=Basis.OFFER, at=NOON + MINUTE)
    goes = opened("t3", at=NOON + 2 * MINUTE, batch="b1")
    await _open(transfers, waits, offer, goes)
    await _write(transfers, [moved(goes, done("REGISTER_OUT", "63"))])

    async def ids(offices=None, **wanted):
        return await _all(reading, TransferFilter(**wanted), offices)

    assert await ids(states=(TransferState.IN_PENDING,)) == ["t3"]
    assert await ids(basis=(Basis.OFFER,)) == ["t2"]
    assert await ids(changed_since=NOON + 3 * MINUTE) == ["t3"]
    assert await ids(due_by=due.date()) == ["t1"]
    assert await ids(due_by=(due - timedelta(days=1)).date()) == []
    assert await ids(overdue=True) == []
    assert await ids(batch="b1") == ["t1", "t3"]
    assert await ids(batch="b1", offices=["V"], states=(TransferState.IN_PENDING,)) == [
        "t3"
    ]
    assert await ids(batch="b1", offices=["Z"]) == []


async def test_who_arrived_is_told_in_the_order_of_arriving(transfers, reading):
    first, second, third = (
        opened(f"t{n}", at=NOON + n * MINUTE, to_union=union)
        for n, union in enumerate("VWV")
    )
    await _open(transfers, first, second, third)
    await _write(transfers, to_the_end(third) + to_the_end(second))
    late = [moved(first, done("REGISTER_OUT", "63"))]
    late.append(moved(late[-1], done("REGISTER_IN", "44"), at=NOON + 60 * MINUTE))
    await _write(transfers, late)
    # The old register has yet to close its entry: the member has come all the same.
    came = await reading.arrived(["V"], NOON + 50 * MINUTE, 9, None)
    assert [each.state for each in came.transfers] == [TransferState.CLOSING]
    ended = moved(late[-1], done("COMPLETE_OUT", "63"), at=NOON + 99 * MINUTE)
    await _write(transfers, [ended])

    page = await reading.arrived(["V", "V"], NOON, 1, None)
    assert ([each.id for each in page.transfers], page.more) == (["t2"], True)
    rest = await reading.arrived(["V"], NOON, 9, page.cursors[0])
    assert ([each.id for each in rest.transfers], rest.more) == (["t0"], False)
    both = await reading.arrived(["V", "W"], NOON, 9, None)
    assert [each.id for each in both.transfers] == ["t1", "t2", "t0"]
    since = await reading.arrived(["V", "W"], NOON + 50 * MINUTE, 9, None)
    assert [each.id for each in since.transfers] == ["t0"]


@pytest.mark.parametrize(
    "text", ["", "x", "YzE", "dDE", "t1" * 200, "ÄÖ", "dDEAAAAAAAAAAA"]
)
async def test_a_cursor_that_is_none_of_ours_is_refused(reading, text):
    refused = await reading.page(TransferFilter(), None, 1, text)
    assert refused.code == "CURSOR_INVALID"
    assert (await reading.arrived(["V"], NOON, 1, text)).code == "CURSOR_INVALID"


def test_a_cursor_comes_back_as_it_was():
    place = (NOON + timedelta(microseconds=7), "t-1")
    assert read_place(write_place(*place)) == place


_MANY_TRANSFERS = """
INSERT INTO transfer (transfer_id, worker_id, seq, since, basis, state, from_union,
    to_union, opened_at, changed_at, ended_at, arrived_at, due_at, body, saga)
SELECT 't' || n, gen_random_uuid(), 1, 1, 'OFFER',
    CASE mod(n, 2) WHEN 0 THEN 'COMPLETED' ELSE 'IN_TRANSIT' END, 'U' || mod(n, 500),
    'U' || mod(n, 700), moment, moment, CASE mod(n, 2) WHEN 0 THEN moment END,
    CASE mod(n, 2) WHEN 0 THEN moment END, CASE mod(n, 2) WHEN 1 THEN moment END, '{}', '{}'
FROM (SELECT n, timestamptz '2026-01-01' + n * interval '1 second' AS moment
      FROM generate_series(1, %s) AS n) AS made
"""


def test_a_page_touches_little_of_a_large_table(database_url):
    """The whole table and its indexes are thousands of blocks; nobody reads those."""
    options = "-c enable_seqscan=off -c plan_cache_mode=force_generic_plan -c jit=off"
    with psycopg.connect(database_url, options=options) as connection:
        connection.execute(_MANY_TRANSFERS, [20_000])
        connection.execute("ANALYZE transfer")
        for statement, unions in (
            (page_statement(TransferFilter(), None), 0),
            (page_statement(TransferFilter(), 3), 3),
            (page_statement(TransferFilter(side=Side.IN), 3), 3),
            (page_statement(TransferFilter(), MANY + 1), MANY + 1),
            (ARRIVED, 3),
        ):
            blocks, plan = _blocks(connection, statement, unions)
            assert blocks < 400, json.dumps(plan, indent=1)


def _blocks(connection, statement, unions):
    wanted = {
        "offices": [f"U{n}" for n in range(unions)],
        "states": [],
        "basis": [],
        "changed": None,
        "due": None,
        "overdue": False,
        "batch": None,
        "since": NOON - timedelta(days=999),
        "at": NOON - timedelta(days=999),
        "id": "",
        "most": 21,
    }
    explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
    (plan,) = connection.execute(explained, wanted, prepare=True).fetchone()
    top = plan[0]["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], plan
