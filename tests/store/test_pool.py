from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from deploy.demo.postgres import EmbeddedPostgres
from hub.store.links import LinkStore
from hub.store.migrate import upgrade
from hub.store.settings import DatabaseSettings
from hub.store.unavailable import StoreUnavailable
from tests.builders.linking import FixedClock, by_number, opened, registrar, row
from tests.builders.numbers import many

(WORKER,) = many(1)


@pytest.fixture
def own_server():
    """A server that a test may stop."""
    directory = Path(tempfile.mkdtemp(prefix="hub-pool-"))
    directory.chmod(0o711)
    server = EmbeddedPostgres(directory, durable=False)
    try:
        yield server, directory
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


async def test_look_ups_heal_by_themselves_when_postgresql_goes_and_comes_back(
    own_server,
):
    server, directory = own_server
    server.start()
    named = conninfo_to_dict(server.ensure_database("hub"))
    # each start has its socket elsewhere; this path stays
    here = directory / "here"
    here.symlink_to(named["host"])
    url = "postgresql://{user}:{password}@/hub?host={here}&port={port}".format(
        **named, here=here
    )
    upgrade(url)
    async with opened(url, min_connections=4, wait="1s") as pool:
        store = LinkStore(pool, FixedClock())
        await registrar(pool).register([row(WORKER)], "test")
        async with asyncio.TaskGroup() as group:  # so that several lie idle
            for _ in range(8):
                group.create_task(store.locate([by_number(WORKER)]))

        server.stop()
        began = time.monotonic()
        with pytest.raises(StoreUnavailable) as refused:
            await store.locate([by_number(WORKER)])
        assert time.monotonic() - began < 3
        assert refused.value.refusal.code == "STORE_UNAVAILABLE"

        server.start()
        here.unlink()
        here.symlink_to(conninfo_to_dict(server.url("hub"))["host"])
        back = time.monotonic()
        while True:
            try:
                (located,) = await store.locate([by_number(WORKER)])
                break
            except StoreUnavailable:
                assert time.monotonic() - back < 5
        assert [link.key.value for link in located.links] == ["W1"]


async def test_a_killed_connection_costs_no_look_up(pool, store, database_url):
    await registrar(pool).register([row(WORKER)], "test")
    for _ in range(5):
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'hub' AND datname = current_database()"
            )

        (located,) = await store.locate([by_number(WORKER)])

        assert located is not None


async def test_a_look_up_is_asked_again_when_its_connection_is_lost(
    pool, store, database_url
):
    await registrar(pool).register([row(WORKER)], "test")
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE link IN ACCESS EXCLUSIVE MODE")
        asked = asyncio.create_task(store.locate([by_number(WORKER)]))
        await asyncio.sleep(0.2)
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'hub' AND wait_event_type = 'Lock'"
        )
        other.execute("COMMIT")

    (located,) = await asked

    assert located is not None


async def test_a_statement_that_takes_too_long_is_given_up(database_url):
    async with opened(database_url, statement_timeout="200ms") as pool:
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match="QueryCanceled"):
            async with pool.connection() as connection:
                await connection.execute("SELECT pg_sleep(10)")

        assert time.monotonic() - began < 2
        async with pool.connection() as connection:
            await connection.execute("SELECT 1")


async def test_who_waits_for_a_busy_pool_is_told_in_time(database_url):
    async with (
        opened(
            database_url, min_connections=1, max_connections=1, wait="200ms"
        ) as pool,
        pool.connection(),
    ):
        with pytest.raises(StoreUnavailable, match="PoolTimeout"):
            async with pool.connection():
                pass


async def test_a_closed_pool_says_that_the_store_is_unavailable(database_url):
    async with opened(database_url) as pool:
        pass

    with pytest.raises(StoreUnavailable, match="PoolClosed"):
        async with pool.connection():
            pass


async def test_the_hub_starts_before_its_database():
    began = time.monotonic()
    async with opened("postgresql://x@127.0.0.1:1/x", wait="300ms") as pool:
        with pytest.raises(StoreUnavailable):
            await LinkStore(pool, FixedClock()).locate([by_number(WORKER)])

    assert time.monotonic() - began < 5


def test_the_address_may_be_in_the_environment():
    settings = DatabaseSettings(url_env="HUB_DB")

    assert settings.address({"HUB_DB": " postgres://h/d "}) == "postgres://h/d"
    with pytest.raises(ValueError, match="HUB_DB is not set"):
        settings.address({})
    with pytest.raises(ValueError, match="no PostgreSQL address") as refused:
        settings.address({"HUB_DB": "mysql://u:secret@h/d"})
    assert "secret" not in str(refused.value)


def test_the_address_is_not_shown():
    settings = DatabaseSettings(url="postgresql://u:secret@h/d")

    assert "secret" not in repr(settings)
    assert "secret" not in settings.model_dump_json()
    assert settings.wait == timedelta(seconds=2)


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"url": "postgresql://h/d", "url_env": "X"},
        {"url": "sqlite://"},
        {"url": "postgresql://h/d", "min_connections": 5, "max_connections": 4},
        {"url": "postgresql://h/d", "min_connections": 0},
        {"url": "postgresql://h/d", "wait": 2},
        {"url": "postgresql://h/d", "wait": "1ms"},
        {"url": "postgresql://h/d", "pool": 3},
        {"url_env": "NOT A NAME"},
    ],
    ids=range(9),
)
def test_settings_that_cannot_work_are_refused(written):
    with pytest.raises(ValidationError):
        DatabaseSettings.model_validate(written)
