from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from hub.audit.chain import Draft
from hub.credential.ports import Kept, NewCredential, Spent
from hub.store.audit import verify_book
from hub.store.credentials import CredentialStore
from schema.records.moving import CredentialClaims
from tests.builders.moves import NOON, new_worker

DRAFT = Draft(NOON, "credential:worker:issued", "", b"{}")


@pytest.fixture
def store(pool):
    return CredentialStore(pool)


def new(name, place=0, worker=None, key=None, office="U"):
    claims = CredentialClaims(
        id=name,
        worker=worker or new_worker(),
        membership_no="M-1",
        union="U",
        province="63",
        issued_at=NOON,
        expires_at=NOON + timedelta(days=30),
        status_index=place,
        status_list="https://hub.example/status/0",
    )
    return NewCredential(
        claims=claims,
        place=place,
        code_digest=b"\1" * 32,
        code_version=3,
        key=key or name,
        office=office,
    )


async def test_places_are_given_out_once_from_nought_on(store):
    assert await store.last_place() == -1
    async with asyncio.TaskGroup() as group:
        given = [group.create_task(store.reserve()) for _ in range(9)]
    assert sorted(each.result() for each in given) == list(range(9))


async def test_what_was_kept_is_found(store, pool):
    first = new("c1", place=7)
    assert await store.keep(first, DRAFT) is None

    found = await store.find("c1")
    assert found.claims == first.claims
    assert (found.kept, found.tries, found.transfer) == (Kept.ACTIVE, 0, "")
    assert (found.code_digest, found.code_version) == (b"\1" * 32, 3)
    assert await store.last_place() == 7
    assert await store.find("c2") is None
    assert await store.find("\0") is None
    assert (await verify_book(pool)).entries == 1


async def test_a_key_keeps_one_credential(store, pool):
    worker = new_worker()
    assert await store.keep(new("c1", 0, worker, key="k"), DRAFT) is None
    assert await store.keep(new("c2", 1, worker, key="k"), DRAFT) == "c1"

    assert (await store.find("c1")).kept is Kept.ACTIVE
    assert await store.find("c2") is None
    assert (await verify_book(pool)).entries == 1
    assert await store.keep(new("c3", 2, key="k", office="V"), DRAFT) is None


async def test_of_two_with_one_key_at_once_one_is_kept(store, pool):
    async with asyncio.TaskGroup() as group:
        kept = [
            group.create_task(store.keep(new(f"c{n}", n, key="k"), DRAFT))
            for n in range(6)
        ]
    answers = [each.result() for each in kept]
    assert answers.count(None) == 1
    assert set(answers) - {None} == {f"c{answers.index(None)}"}
    assert (await verify_book(pool)).entries == 1


async def test_a_worker_has_one_credential_that_is_worth_something(store):
    worker = new_worker()
    async with asyncio.TaskGroup() as group:
        for n in range(6):
            group.create_task(store.keep(new(f"c{n}", n, worker), DRAFT))
    kept = [(await store.find(f"c{n}")).kept for n in range(6)]
    assert sorted(kept) == [Kept.ACTIVE] + [Kept.REVOKED] * 5
    spent = await store.spent(0, 99)
    assert spent == [
        Spent(n, Kept.REVOKED) for n in range(6) if kept[n] is Kept.REVOKED
    ]
    assert await store.spent(1, 1) == []


async def test_revoking_is_done_once_and_told_as_it_was(store, pool):
    await store.keep(new("c1"), DRAFT)
    first = await store.revoke("c1", "LOST", NOON, DRAFT)
    again = await store.revoke("c1", "LOST", NOON, DRAFT)

    assert (first.kept, again.kept) == (Kept.ACTIVE, Kept.REVOKED)
    assert again.changed_at == NOON
    assert await store.revoke("no", "LOST", NOON, DRAFT) is None
    assert (await verify_book(pool)).entries == 2


async def test_a_thousand_guesses_at_once_get_no_more_tries_than_there_are(store):
    await store.keep(new("c1"), DRAFT)
    async with asyncio.TaskGroup() as group:
        tries = [group.create_task(store.take_try("c1", 5)) for _ in range(40)]
    taken = [each.result() for each in tries if each.result() is not None]
    assert sorted(each.tries for each in taken) == [1, 2, 3, 4, 5]

    await store.forget_tries("c1")
    assert (await store.take_try("c1", 5)).tries == 1
    assert await store.take_try("no", 5) is None


async def test_a_presentation_serves_one_act_however_often_it_asks(store):
    until = datetime.now(UTC) + timedelta(minutes=5)  # noqa: TID251  # the database's day
    assert await store.use_presentation("p1", "V/k1", until)
    assert await store.use_presentation("p1", "V/k1", until)
    assert not await store.use_presentation("p1", "V/k2", until)
    assert await store.use_presentation("p2", "V/k2", until)


async def test_a_presentation_that_ended_long_ago_is_forgotten(store, pool):
    await store.use_presentation("p1", "V/k1", NOON - timedelta(days=999))
    await store.use_presentation("p2", "V/k1", NOON + timedelta(days=9999))
    async with pool.connection() as connection:
        found = await connection.execute("SELECT presentation_id FROM presentation")
        assert await found.fetchall() == [("p2",)]


def test_nothing_of_it_reaches_a_log():
    assert repr(new("c1")) == "NewCredential(…)"
    assert "M-1" not in repr(msgspec.structs.replace(new("c1"), key="x"))
