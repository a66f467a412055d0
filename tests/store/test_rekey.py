from __future__ import annotations

import asyncio

import psycopg
import pytest

from hub.store.key_check import confirm_keys
from hub.store.rekey import RekeyProgress, key_status, rotate
from schema.records.refusal import Refused
from tests.builders.linking import (
    SECRETS,
    by_number,
    outcomes,
    pseudonyms,
    read,
    row,
)
from tests.builders.linking import registrar as make_registrar
from tests.builders.numbers import many

PEOPLE = many(250, seed=11)
BOTH = pseudonyms(1, 2, current=2)


def _rows(people, province="44"):
    return [row(each, province, f"W{place}") for place, each in enumerate(people)]


async def test_every_pseudonym_moves_and_every_worker_id_stays(
    pool, store, registrar, database_url
):
    registered = await registrar.register(_rows(PEOPLE), "test")
    told = []

    done = await rotate(pool, BOTH, told.append, batch=100)

    assert done == RekeyProgress(done=250, total=250)
    assert [each.done for each in told[:3]] == [100, 200, 250]
    versions = "SELECT key_version, count(*) FROM worker_key GROUP BY 1"
    assert read(database_url, versions) == [(2, 250)]
    only_new = pseudonyms(1, 2, current=2, live=[2])
    found = await store.locate([by_number(each, only_new) for each in PEOPLE])
    assert [each.worker for each in found] == [each.worker for each in registered]


async def test_the_new_key_finds_nobody_under_the_old_one(pool, store, registrar):
    await registrar.register(_rows(PEOPLE[:5]), "test")
    await rotate(pool, BOTH)

    assert await store.locate([by_number(each) for each in PEOPLE[:5]]) == [None] * 5


async def test_a_second_rotation_goes_on_from_the_first(pool, store, registrar):
    await registrar.register(_rows(PEOPLE[:20]), "test")
    await rotate(pool, BOTH)
    third = pseudonyms(1, 2, 3, current=3)

    assert (await rotate(pool, third)).done == 20
    found = await store.locate([by_number(each, third) for each in PEOPLE[:20]])
    assert all(found)


async def test_a_rotation_takes_all_older_versions_at_once(pool, store, registrar):
    await registrar.register(_rows(PEOPLE[:10]), "test")
    await make_registrar(pool, BOTH).register(_rows(PEOPLE[:20]), "test")
    third = pseudonyms(1, 2, 3, current=3)

    assert (await rotate(pool, third)).done == 20
    found = await store.locate([by_number(each, third) for each in PEOPLE[:20]])
    assert all(found)


async def test_nothing_to_move_is_nothing_done(pool):
    assert await rotate(pool, BOTH) == RekeyProgress(0, 0)
    assert await rotate(pool, pseudonyms()) == RekeyProgress(0, 0)


async def test_a_rotation_that_was_broken_off_goes_on(pool, store, registrar):
    await registrar.register(_rows(PEOPLE), "test")

    class BrokenOff(Exception):
        pass

    def stop(progress):
        if progress.done >= 100:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        await rotate(pool, BOTH, stop, batch=50)
    assert all(await store.locate([by_number(each, BOTH) for each in PEOPLE]))

    assert (await rotate(pool, BOTH, batch=50)).done == 150


async def test_look_ups_and_registrations_go_on_while_keys_rotate(
    pool, store, registrar, database_url
):
    """Every look-up finds its worker, and nobody gets a second worker id."""
    people = PEOPLE[:100]
    known = await registrar.register(_rows(people), "test")
    workers = [result.worker for result in known]
    still_old = make_registrar(pool, pseudonyms(1, 2, current=1))
    already_new = make_registrar(pool, BOTH)
    rounds = 0
    rotated = asyncio.Event()

    async def look_up():
        nonlocal rounds
        while not rotated.is_set():
            found = await store.locate([by_number(each, BOTH) for each in people])
            assert [each.worker for each in found] == workers
            rounds += 1

    async def register(registrar, province):
        newcomers = many(120, seed=12)
        for start in range(0, 120, 10):
            # known people in another province, and people unknown so far
            rows = _rows(people, province)[start % 100 : start % 100 + 10]
            rows += [
                row(each, province, f"N{each[:6]}{each[-6:]}")
                for each in newcomers[start : start + 10]
            ]
            results = await registrar.register(rows, "test")
            assert set(outcomes(results)) <= {"CREATED", "UNCHANGED"}

    async def move():
        try:
            while (await rotate(pool, BOTH, batch=7)).done:
                pass
        finally:
            rotated.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(look_up())
        group.create_task(register(still_old, "51"))
        group.create_task(register(already_new, "42"))
        group.create_task(move())

    assert rounds > 3
    await rotate(pool, BOTH)
    counted = "SELECT count(*), count(DISTINCT worker_id), min(key_version) "
    count = len({*people, *many(120, seed=12)})
    assert read(database_url, counted + "FROM worker_key") == [(count, count, 2)]


async def test_a_worker_known_under_both_versions_keeps_the_new_one(
    pool, registrar, database_url
):
    (known,) = await registrar.register(_rows(PEOPLE[:1]), "test")
    _store_key(database_url, by_number(PEOPLE[0], BOTH).keys[0], known.worker)

    done = await rotate(pool, BOTH)

    assert (done.done, done.split) == (1, ())
    keys = "SELECT worker_id::text, key_version FROM worker_key"
    assert read(database_url, keys) == [(known.worker, 2)]


async def test_a_number_with_two_worker_ids_is_left_and_told(
    pool, registrar, database_url
):
    registered = await registrar.register(_rows(PEOPLE[:3]), "test")
    first, second = registered[0].worker, registered[1].worker
    _store_key(database_url, by_number(PEOPLE[0], BOTH).keys[0], second)

    done = await rotate(pool, BOTH)

    assert (done.done, done.split) == (2, ((first, second),))
    left = "SELECT worker_id::text FROM worker_key WHERE key_version = 1"
    assert read(database_url, left) == [(first,)]


async def test_the_status_tells_what_may_be_retired(pool, registrar):
    await registrar.register(_rows(PEOPLE[:3]), "test")
    await make_registrar(pool, BOTH).register(_rows(PEOPLE[:5]), "test")

    old, new = await key_status(pool, BOTH)

    assert (old.version, old.workers, old.current, old.live) == (1, 3, False, True)
    assert (new.version, new.workers, new.current, new.live) == (2, 2, True, True)
    assert old.has_secret
    lost = await key_status(pool, pseudonyms())
    assert [(each.version, each.has_secret) for each in lost] == [(1, True), (2, False)]


async def test_a_changed_secret_is_seen_before_the_first_look_up(pool):
    await confirm_keys(pool, pseudonyms())
    await confirm_keys(pool, pseudonyms())
    await confirm_keys(pool, BOTH)
    changed = pseudonyms(1, 2, current=2, secrets=SECRETS | {"KEY_2": SECRETS["KEY_5"]})

    with pytest.raises(Refused) as refused:
        await confirm_keys(pool, changed)

    assert refused.value.refusal.code == "WRONG_WORKER_KEY"
    assert "version 2 " in refused.value.refusal.message.en
    with pytest.raises(Refused):
        await confirm_keys(pool, pseudonyms(1, algorithm="sha256"))
    await confirm_keys(pool, BOTH)


def _store_key(url, key, worker):
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO worker_key VALUES (%s, %s, 2)", [key, worker])
