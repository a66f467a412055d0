"""A province in a process of its own, killed again and again while it is asked."""

from __future__ import annotations

import asyncio
import random
import threading

import pytest

from connectors.credentials import Credentials
from connectors.graphql.connector import GraphQLConnector
from connectors.guard import Guard
from connectors.settings import ProvinceSettings
from connectors.transport import Transport
from deploy.demo.province.case_file import CaseFile
from hub.clock import SystemClock
from hub.config.moving import RunnerSettings
from hub.runner.polling import Polling
from hub.store.case_changes import CaseChanges
from tests.builders.link_fixtures import pool  # noqa: F401  # a fixture
from tests.builders.moving import Counted
from tests.provinces.registers import TOKEN, U1, end, membership, start, worker, write
from tests.runner.test_polling import Facts, Ground

CHANGES, KILLS = 60, 1


class Alone:
    """All provinces: one."""

    def __init__(self, guard):
        self._guard = guard

    def all(self):
        return [self._guard]


def guarded(url):
    settings = ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", url=url, deadline="5s",
        breaker={"failures": 1000},
    )  # fmt: skip
    clock = SystemClock()
    transport = Transport(settings, Credentials(TOKEN, None), clock)
    return Guard(GraphQLConnector(settings, transport, clock), settings, clock)


def happens(file, case, n):
    body = {
        "asOf": f"2026-11-02T09:00:{n % 60:02d}+08:00", "act": "MEDIATION",
        "on": "2026-11-02", "unionCode": U1,
    }  # fmt: skip
    file.write(f"k{n}", case.no, body)


@pytest.mark.rehearsal
async def test_each_change_of_a_province_that_is_killed_comes_once(pool, tmp_path):  # noqa: F811
    chance = random.Random(2026)  # noqa: S311
    case = await Ground(pool).case()
    database = write(tmp_path / "44.sqlite", [worker("w1", membership("a", "c1"))])
    cases = tmp_path / "cases.sqlite"
    file, files, facts = CaseFile(cases), CaseChanges(pool), Facts()
    written = 0
    for round_ in range(KILLS + 1):
        process, url = start(database, tmp_path / "acts.sqlite", "--cases", str(cases))
        guard = guarded(url)
        await guard.probe(asyncio.get_running_loop().time() + 10)
        poller = Polling(
            files, Alone(guard), facts,
            settings=RunnerSettings(changes=7, poll_every="10ms", longest_wait="1s"),
            clock=SystemClock(), notes=Counted(), chance=lambda: 0.0,
        )  # fmt: skip
        if round_ < KILLS:
            threading.Timer(chance.uniform(0.05, 0.3), process.kill).start()
        for _ in range(CHANGES // (KILLS + 1)):
            happens(file, case, written)
            written += 1
            await poller.look()
            await asyncio.sleep(0.01)
        await poller.finish()
        if round_ == KILLS:
            async with asyncio.timeout(20):
                while await seen(files, case) < CHANGES:
                    await poller.look()
                    await poller.finish()
                    await asyncio.sleep(0.02)
        await guard.close()
        await asyncio.to_thread(end, process)
    told = (await files.timelines([case.no]))[case.no]

    assert sorted(line.seq for line in told.lines) == list(range(1, CHANGES + 1))
    assert (told.gaps, told.contradictions) == ((), ())
    file.close()


async def seen(files, case):
    return len((await files.timelines([case.no]))[case.no].lines)
