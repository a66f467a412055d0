"""Ten thousand in one signed batch; a project union that closes."""

from __future__ import annotations

import pytest

from hub.store.jobs import OPEN_BATCH
from hub.store.unavailable import StoreUnavailable
from schema.records.moving import BatchState, TransferFilter
from tests.builders.moving import actor, union

HOME, NEW = union("63", "a"), union("44", "b")
CLERK = actor(HOME)


def rows(count):
    return [
        {"membershipNo": f"C63{n:06d}", "localId": f"W{n:06d}"} for n in range(count)
    ]


async def test_one_key_of_an_office_hands_in_one_batch(hub):
    first = hub.batch("63", rows(2), union=HOME, to=NEW)
    other = hub.batch("63", rows(3), nonce="nonce-0002", union=HOME, to=NEW)

    kept = await hub.bulk.submit(CLERK, first, "k")
    told = await hub.bulk.submit(CLERK, other, "k")
    again = await hub.bulk.submit(CLERK, first, "another key")
    above = await hub.bulk.submit(actor(union("63", "county")), other, "k")

    assert told.code == "IDEMPOTENCY_KEY_TAKEN"
    assert again.id == kept.id
    assert above.rows == 3  # each office has its own keys
    assert await hub.count("transfer_batch") == 2


@pytest.mark.slow
async def test_three_bad_rows_of_ten_thousand_and_the_rest_goes_on(hub):
    await hub.enrol("63", 9_998)
    lines = rows(10_000)
    lines[7] = {"membershipNo": "C63000007"}  # says no local id
    signed = hub.batch("63", lines, union=HOME, to=NEW)  # the last two nobody knows

    batch = await hub.bulk.submit(CLERK, signed, "k")
    again = await hub.bulk.submit(CLERK, signed, "another key")
    await hub.bulk.open(batch.id, 2_000)
    done = await hub.batches.one(batch.id)
    results = await hub.batches.results(batch.id, 10_000, -1)

    assert (batch.rows, batch.refused, batch.state) == (10_000, 1, BatchState.WAITING)
    assert again.id == batch.id
    assert (done.state, done.opened, done.refused) == (BatchState.DONE, 9_997, 3)
    assert [(one.row, one.refusal.code) for one in results if one.refusal] == [
        (7, "BATCH_ROW_MALFORMED"), (9_998, "UNKNOWN_WORKER"), (9_999, "UNKNOWN_WORKER"),
    ]  # fmt: skip
    assert await hub.count("transfer") == 9_997
    assert await hub.count("transfer_command") == 9_997


async def test_a_batch_goes_on_wherever_it_was_left(hub, monkeypatch):
    await hub.enrol("63", 40)
    batch = await hub.bulk.submit(
        CLERK, hub.batch("63", rows(40), union=HOME, to=NEW), "k"
    )
    settle, calls = hub.batches.settle, []

    async def lost(*given):
        calls.append(given)
        if len(calls) % 2:  # opened, and nobody noted it down
            raise StoreUnavailable("lost")
        await settle(*given)

    monkeypatch.setattr(hub.batches, "settle", lost)
    for _ in range(20):
        try:
            await hub.bulk.open(batch.id, 7)
        except StoreUnavailable:
            continue
        break

    done = await hub.batches.one(batch.id)
    assert (done.state, done.opened, done.already_open) == (BatchState.DONE, 40, 0)
    assert await hub.count("transfer") == 40
    page = await hub.reading.page(TransferFilter(batch=batch.id), None, 100, None)
    assert len(page.transfers) == 40


async def test_a_project_union_that_closes_lands_its_members(hub):
    closing = union("63", "project")
    clerk = actor(union("63", "county"))
    await hub.enrol("63", 3, name="project")
    lines = rows(3)
    lines[1]["residence"] = "510101001"
    signed = hub.batch("63", lines, union=closing, basis="CLOSURE")

    batch = await hub.bulk.submit(clerk, signed, "k")
    await hub.bulk.open(batch.id, 500)
    await hub.deliver()

    page = await hub.reading.page(TransferFilter(batch=batch.id), None, 10, None)
    ended = {one.membership_no: (one.state, one.home) for one in page.transfers}
    assert ended == {
        "C63000000": ("LANDED", union("63", "town")),
        "C63000001": ("LANDED", union("51", "town")),
        "C63000002": ("LANDED", union("63", "town")),
    }


async def test_what_is_no_batch_of_the_office_is_refused(hub):
    good = hub.batch("63", rows(1), union=HOME, to=NEW)
    submit = hub.bulk.submit

    told = [
        await submit(actor(NEW), good, "1"),
        await submit(actor(HOME, scopes=frozenset()), good, "2"),
        await submit(CLERK, good[:-4] + "AAAA", "3"),
        await submit(actor(union("51", "a")), hub.batch("63", rows(1), union=union("51", "a"), to=NEW), "4"),
        await submit(CLERK, good, "5"),
        await submit(CLERK, hub.batch("63", rows(2), union=HOME, to=NEW), "6"),
    ]  # fmt: skip

    assert [getattr(one, "code", None) for one in told] == [
        "NOT_YOUR_UNION",
        "SCOPE_MISSING",
        "BATCH_FORGED",
        "NOT_YOUR_UNION",
        None,
        "BATCH_NONCE_USED",
    ]
    async with hub.pool.connection() as connection:
        found = await connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [OPEN_BATCH]
        )
        assert await found.fetchone() == (1,)
