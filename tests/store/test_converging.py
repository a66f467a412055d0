"""Whoever registers at the same moment: one number comes to one worker id."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from hub.linking.registrar import Registrar
from hub.store.links import LinkStore
from tests.builders.linking import (
    PROVINCES,
    FixedClock,
    opened,
    pseudonyms,
    read,
    row,
)
from tests.builders.linking import registrar as make_registrar
from tests.builders.numbers import many


async def test_registrations_of_one_worker_at_once_come_to_one_worker_id(
    database_url,
):
    people = many(200, seed=5)
    async with (
        opened(database_url) as one,
        opened(database_url) as other,
        asyncio.TaskGroup() as group,
    ):
        for place, province in enumerate(PROVINCES * 2):
            registrar = make_registrar(one if place % 2 else other)
            order = people if place % 3 else people[::-1]
            rows = [row(each, province, f"W{each[:6]}{each[-6:]}") for each in order]
            group.create_task(registrar.register(rows, "test"))

    workers = read(database_url, "SELECT count(DISTINCT worker_id) FROM worker_key")
    assert workers == [(200,)]
    each_once = "SELECT count(*), count(DISTINCT worker_id) FROM link"
    assert read(database_url, each_once) == [(1_200, 200)]


_REGISTER = """
import asyncio, sys
from tests.builders.linking import opened, registrar, row, outcomes
from tests.builders.numbers import many
async def main(url, province):
    async with opened(url) as pool:
        await asyncio.to_thread(sys.stdin.readline)
        rows = [row(each, province, f"W{n}") for n, each in enumerate(many(300))]
        for start in range(0, 300, 20):
            await registrar(pool).register(rows[start:start + 20], "test")
asyncio.run(main(*sys.argv[1:]))
"""


def test_processes_that_register_at_once_come_to_one_worker_id(database_url):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _REGISTER, database_url, province],
            stdin=subprocess.PIPE,
        )
        for province in ("44", "51")
    ]
    for process in started:
        process.stdin.write(b"go\n")
        process.stdin.close()

    assert [process.wait(60) for process in started] == [0, 0]
    counted = "SELECT count(*), count(DISTINCT worker_id) FROM link"
    assert read(database_url, counted) == [(600, 300)]
    assert read(database_url, "SELECT count(*) FROM worker_key") == [(300,)]


async def test_hubs_of_two_key_settings_come_to_one_worker_id(database_url):
    """In the middle of a rolling restart one writes version 1, the other 2."""
    old, new = pseudonyms(1, 2, current=1), pseudonyms(1, 2, current=2)
    people = many(100, seed=6)
    async with opened(database_url) as pool, asyncio.TaskGroup() as group:
        for province, keys in zip(PROVINCES, (old, new) * 3, strict=True):
            store = LinkStore(pool, FixedClock())
            registrar = Registrar(keys, store, PROVINCES, FixedClock())
            rows = [row(each, province, f"W{n}") for n, each in enumerate(people)]
            for start in range(0, 100, 10):
                group.create_task(registrar.register(rows[start : start + 10], "test"))

    counted = "SELECT count(*), count(DISTINCT worker_id) FROM worker_key"
    assert read(database_url, counted) == [(100, 100)]
    versions = read(database_url, "SELECT DISTINCT key_version FROM worker_key")
    assert set(versions) <= {(1,), (2,)}
