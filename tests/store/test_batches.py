from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hub.audit.chain import Draft
from hub.store.audit import verify_book
from hub.store.batches import BatchStore
from hub.transfer.keeping import BatchRow, Submitted, Taken
from schema.records.moving import Batch, BatchRowResult, BatchState, OfferWish
from schema.records.refusal import Bilingual, Refusal
from schema.records.transfer import Basis
from tests.builders.moves import NOON

ACT = b"\1" * 32
WHY = Refusal("NOBODY", "rule", Bilingual("无", "none"), Bilingual("改", "mend"))


def submitted(name="b1", good=3, refused=(), *, acting=None, act=ACT, key=None):
    batch = Batch(
        id=name,
        basis=Basis.OFFER,
        office="U",
        union="U",
        state=BatchState.WAITING,
        rows=good + len(refused),
        opened=0,
        already_open=0,
        refused=len(refused),
        submitted_at=NOON,
        digest="00" * 32,
    )
    rows = [row for row in range(good + len(refused)) if row not in refused]
    return Submitted(
        batch=batch,
        rows=tuple(
            BatchRow(
                row, OfferWish(membership_no=f"M{row}", from_union="U", to_union="V")
            )
            for row in rows
        ),
        refused=tuple(BatchRowResult(row=row, refusal=WHY) for row in refused),
        subject="clerk",
        province="63",
        request="r1",
        key=key or f"U|{name}",
        acting=acting or f"U/{name}",
        act=act,
        audit=Draft(NOON, "moving:batch:submitted", "", b"{}"),
    )


@pytest.fixture
def store(pool):
    return BatchStore(pool)


async def test_a_batch_is_opened_row_by_row_and_counted(store, pool):
    given = submitted(good=3, refused=(1,))
    assert await store.submit(given) == given.batch
    assert await store.unfinished(9) == ["b1"]

    opening = await store.opening("b1", 2)
    assert (opening.batch, opening.rows) == (given.batch, given.rows[:2])
    assert (opening.subject, opening.province, opening.request) == ("clerk", "63", "r1")

    first = BatchRowResult(row=0, transfer="t0")
    await store.settle("b1", [first])
    again = BatchRowResult(row=0, transfer="other")
    second = BatchRowResult(row=2, transfer="t9", already_open=True)
    await store.settle("b1", [again, second])
    half = await store.one("b1")
    assert (half.state, half.opened, half.already_open) == (BatchState.RUNNING, 1, 1)
    assert (await store.opening("b1", 9)).rows == given.rows[2:]

    last = BatchRowResult(row=3, refusal=WHY)
    await store.settle("b1", [last])
    done = await store.one("b1")
    assert (done.state, done.refused, done.rows) == (BatchState.DONE, 2, 4)
    assert await store.unfinished(9) == []
    every = [first, given.refused[0], second, last]
    assert await store.results("b1", 9, -1) == every
    assert await store.results("b1", 2, 0) == every[1:3]
    assert (await verify_book(pool)).entries == 1


async def test_a_nonce_is_one_batch_and_so_is_a_key(store, pool):
    first = submitted()
    await store.submit(first)
    assert await store.submit(submitted("b2", acting="U/b1")) == first.batch
    another = submitted("b3", acting="U/b1", act=b"\2")
    assert await store.submit(another) is Taken.NONCE
    for key in ("U|b1", "U|b2"):  # both have served the first
        assert await store.submit(submitted("b4", act=b"\2", key=key)) is Taken.KEY
    # A key that was refused is as good as new.
    assert (await store.submit(submitted("b3", act=b"\2"))).id == "b3"
    assert await store.one("b2") is None
    assert await store.one("b4") is None
    assert await store.opening("\0", 1) is None
    assert (await verify_book(pool)).entries == 2


async def test_two_batches_at_once_under_one_key_are_one(store):
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                store.submit(submitted(f"b{n}", act=bytes([n]) * 32, key="U|k"))
            )
            for n in range(6)
        ]
    kept = [task.result() for task in tasks]
    assert sorted(isinstance(one, Batch) for one in kept) == [False] * 5 + [True]
    assert {one for one in kept if not isinstance(one, Batch)} == {Taken.KEY}
    assert len(await store.unfinished(9)) == 1


async def test_results_that_come_twice_at_once_are_counted_once(store):
    await store.submit(submitted(good=30))
    results = [BatchRowResult(row=row, transfer=f"t{row}") for row in range(30)]
    async with asyncio.TaskGroup() as group:
        for turn in range(6):
            group.create_task(store.settle("b1", results[turn * 3 : turn * 3 + 15]))
    assert (await store.one("b1")).opened == 30
    assert (await store.one("b1")).state is BatchState.DONE


async def test_where_nobody_can_be_opened_it_is_over_at_once(store):
    kept = await store.submit(submitted(good=0, refused=(0, 1)))
    assert (kept.state, kept.refused, kept.rows) == (BatchState.DONE, 2, 2)
    assert await store.unfinished(9) == []


async def test_what_was_sent_ahead_is_its_office_s(store):
    await store.upload("u1", "U", b"abc")
    assert await store.uploaded("u1", "U") == b"abc"
    assert await store.uploaded("u1", "V") is None
    assert await store.uploaded("\0", "U") is None
    await store.forget_uploads(NOON + timedelta(days=9999))
    assert await store.uploaded("u1", "U") is None
