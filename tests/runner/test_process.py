"""``python -m hub runner`` as a process: killed at any moment, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys

import aiohttp
import pytest

from hub.clock import SystemClock
from hub.organisation.directory import Directory
from hub.organisation.organisation import Organisation
from schema.records.keys import ProvinceCode
from schema.records.membership import OrganisationKind
from schema.records.moving import OfferWish
from schema.records.transfer import Basis, Transfer
from tests.builders.moving import BEGAN, actor, ground
from tests.cli.conftest import KEY, settings_file  # noqa: F401  # a fixture
from tests.provinces import registers


async def start(environment):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "runner", "--port", "0",
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        line = (await process.stdout.readline()).decode()
    found = re.search(r"http://\S+(?=/readyz)", line)
    assert found, (await process.stderr.read()).decode()[-2000:]
    return process, found[0]


@pytest.fixture
def environment(settings_file, database_url):  # noqa: F811  # that fixture
    return os.environ | {
        "HUB_CONFIG": str(settings_file),
        "TEST_DATABASE_URL": database_url,
        "TEST_WORKER_KEY": KEY,
        "PYTHONUNBUFFERED": "1",
    }


@pytest.mark.rehearsal
async def test_the_runner_tells_how_it_does_and_leaves_in_order(environment):
    process, address = await start(environment)
    async with aiohttp.ClientSession() as session:
        for _ in range(100):
            async with session.get(f"{address}/readyz") as response:
                ready = await response.json()
            if ready["ready"]:
                break
            await asyncio.sleep(0.1)
        async with session.get(f"{address}/metrics") as response:
            figures = await response.text()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(30):
        _, log = await process.communicate()

    assert ready["ready"]
    assert ready["checks"] == dict.fromkeys(("clock", "database", "queue"), "ok")
    assert 'hub_runner_transfers_open{state="IN_TRANSIT"} 0.0' in figures
    assert process.returncode == 0
    assert "event=stopped" in log.decode()
    assert "Traceback" not in log.decode()


COUNT = 60


def unions():
    """In Guangdong, a union, and the one at which its members land."""
    for code, kind, landing in (
        (registers.U1, OrganisationKind.GRASSROOTS, registers.U2),
        (registers.U2, OrganisationKind.PROVINCE, None),
    ):
        yield Organisation(
            code=code, name=code, province=ProvinceCode("44"), division="440000",
            kind=kind, parent=registers.U2 if landing else None, valid_from=BEGAN,
            landing=landing,
        )  # fmt: skip


async def opened(hub):
    """Open transfers of all members, and tell their ids."""
    hub.clock.now = SystemClock().now
    hub.directory = Directory(unions())
    workers = await hub.enrol("44", COUNT)
    answers = await hub.coordinator.offers(
        actor(registers.U2, province="44"),
        [
            OfferWish(
                membership_no=f"c{n}", from_union=registers.U1, to_union="", worker=one
            )
            for n, one in enumerate(workers)
        ],
        [f"k{n}" for n in range(COUNT)],
        Basis.CLOSURE,
    )
    assert all(isinstance(one, Transfer) for one in answers)


async def ended(hub):
    async with hub.pool.connection() as connection:
        found = await connection.execute(
            "SELECT state, count(*) FROM transfer GROUP BY state"
        )
        return dict(await found.fetchall())


@pytest.mark.rehearsal
async def test_runners_that_are_killed_in_the_middle_lose_and_double_nothing(
    environment,
    settings_file,  # noqa: F811  # that fixture
    database_url,
    tmp_path,
):
    members = [
        registers.worker(f"W{n:06d}", registers.membership(f"m{n}", f"c{n}"))
        for n in range(COUNT)
    ]
    file, acts = registers.write(tmp_path / "44.db", members), tmp_path / "acts.db"
    with registers.serving(file, acts) as url:
        (settings_file.parent / "provinces" / "44.toml").write_text(
            f'name_zh = "广东"\nname_en = "Guangdong"\nurl = "{url}"\n'
            'bearer_env = "PROVINCE_TOKEN"\n'
        )
        with settings_file.open("a") as file:
            file.write("[runner]\ncommands = 5\nsweep_every = '200ms'\n")
        env = environment | {"PROVINCE_TOKEN": registers.TOKEN}
        async with ground(database_url) as hub:
            await opened(hub)
            killed = 0
            async with asyncio.timeout(90):
                while (await ended(hub)).get("LANDED", 0) < COUNT:
                    process, _ = await start(env)
                    for _ in range(1 if killed < 3 else 20):
                        await asyncio.sleep(0.25)
                        if (await ended(hub)).get("LANDED", 0) == COUNT:
                            break
                    process.kill()
                    await process.communicate()
                    killed += 1
            assert await ended(hub) == {"LANDED": COUNT}
            assert await hub.count("transfer_event") == 4 * COUNT
    register = registers.compared(acts)

    assert killed >= 3
    assert len(register) == COUNT
