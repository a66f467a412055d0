"""Runners that are told to stop, or killed, while they are at it: real processes."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys

import pytest

from hub.clock import SystemClock
from hub.organisation.directory import Directory
from hub.store.organisations import OrganisationStore
from schema.records.moving import Batch
from tests.builders.moving import actor, ground
from tests.cli.conftest import settings_file  # noqa: F401  # a fixture
from tests.provinces import registers
from tests.runner.test_process import (
    COUNT,
    ended,
    environment,  # noqa: F401  # a fixture
    opened,
    start,
    unions,
)

ANSWERED = "SELECT count(*) FROM transfer_command WHERE answered_at IS NOT NULL"


async def one(hub, statement, *wanted):
    """Read one value."""
    async with hub.pool.connection() as connection:
        found = await connection.execute(statement, wanted)
        return (await found.fetchone())[0]


async def until(hub, least, statement, *wanted):
    """Wait until a figure is no longer too small."""
    async with asyncio.timeout(30):
        while await one(hub, statement, *wanted) < least:  # noqa: ASYNC110  # a table
            await asyncio.sleep(0.02)


async def stopped(process):
    """Tell a runner to stop, and read its log."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        _, log = await process.communicate()
    assert process.returncode == 0
    log = log.decode()
    assert "event=stopped" in log
    assert "Traceback" not in log
    return log


@pytest.fixture
def env(environment):  # noqa: F811  # that fixture
    return environment | {"PROVINCE_TOKEN": registers.TOKEN}


@pytest.fixture
def province(settings_file, tmp_path):  # noqa: F811  # that fixture
    """Guangdong with its members, as slow as it is told to be."""

    @contextlib.contextmanager
    def serving(delay_ms, **runner):
        members = [
            registers.worker(f"W{n:06d}", registers.membership(f"m{n}", f"c{n}"))
            for n in range(COUNT)
        ]
        file, acts = registers.write(tmp_path / "44.db", members), tmp_path / "acts.db"
        with registers.serving(file, acts, "--delay-ms", str(delay_ms)) as url:
            (settings_file.parent / "provinces" / "44.toml").write_text(
                f'name_zh = "广东"\nname_en = "Guangdong"\nurl = "{url}"\n'
                'bearer_env = "PROVINCE_TOKEN"\n'
            )
            lines = [f"{name} = {value!r}\n" for name, value in runner.items()]
            with settings_file.open("a") as settings:
                settings.write("[runner]\n" + "".join(lines))
            yield acts

    return serving


@pytest.mark.rehearsal
async def test_a_delivery_under_way_is_finished_and_its_receipts_are_taken(
    env, province, database_url
):
    with province(500, commands=5) as acts:
        async with ground(database_url) as hub:
            await opened(hub)
            process, _ = await start(env)
            await until(hub, 5, ANSWERED)
            await asyncio.sleep(0.2)  # the next call is under way
            log = await stopped(process)
            answered = await one(hub, ANSWERED)
        done = registers.compared(acts)

    assert "delivered" in log[log.index("event=stopping") :]
    assert " unknown=0 " in log[log.index("event=stopping") :]
    assert 5 < answered < 3 * COUNT
    # What the province did, the hub knows: no act was left without its receipt.
    assert sum(len(one["entries"]) for one in done.values()) == answered


@pytest.mark.rehearsal
async def test_a_batch_is_left_at_a_piece_and_goes_on_there(
    env,
    settings_file,  # noqa: F811  # that fixture
    database_url,
):
    people = 300
    with settings_file.open("a") as file:
        file.write("[runner]\nbatch_rows = 10\n")
    settled = "SELECT count(*) FROM transfer_batch_row WHERE result IS NOT NULL"
    async with ground(database_url) as hub:
        hub.clock.now = SystemClock().now
        hub.directory = Directory(unions())
        await OrganisationStore(hub.pool).import_many(list(unions()))
        await hub.enrol("44", people)
        rows = [
            {"membershipNo": f"c{n}", "localId": f"W{n:06d}"} for n in range(people)
        ]
        signed = hub.batch("44", rows, union=registers.U1, to=registers.U2)
        batch = await hub.bulk.submit(actor(registers.U2, province="44"), signed, "k")
        assert isinstance(batch, Batch), batch
        process, _ = await start(env)
        await until(hub, 10, settled)
        await stopped(process)
        left_at = await one(hub, settled)
        there = await hub.count("transfer")
        process, _ = await start(env)
        await until(hub, people, settled)
        await stopped(process)
        done = await hub.batches.one(batch.id)
        in_the_end = await hub.count("transfer")

    assert 10 <= left_at < people
    assert there == left_at  # the piece under way was opened, and noted down
    assert (done.state, done.opened, done.already_open) == ("DONE", people, 0)
    assert in_the_end == people


@pytest.mark.rehearsal
async def test_another_runner_goes_on_within_two_seconds_when_one_is_killed(
    env, province, database_url
):
    with province(400, commands=5):
        async with ground(database_url) as hub:
            await opened(hub)
            first, _ = await start(env)
            await until(hub, 5, ANSWERED)
            second, _ = await start(env)
            assert (await ended(hub)).get("LANDED", 0) < COUNT
            first.kill()
            at = await one(hub, "SELECT clock_timestamp()")
            later = "SELECT count(*) FROM transfer_command WHERE answered_at > %s"
            await until(hub, 1, later, at)
            since = (
                "SELECT min(answered_at) FROM transfer_command WHERE answered_at > %s"
            )
            still = (await one(hub, since, at) - at).total_seconds()
            await first.communicate()
            await stopped(second)

    sys.stdout.write(f"stood still for {still:.2f} s\n")  # shown by pytest -rP
    # A look of the sweep (1 s) and one call (0.4 s); not a lost job's heartbeat (10 s).
    assert still < 2.5
