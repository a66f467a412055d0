"""A REST province of the tests, and the hub's whole way to it."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from connectors.guard import Guard
from connectors.port import Ask, Question
from hub.clock import SystemClock
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from tests.contracts.test_connector import KEPT
from tests.rest.foreign import mapping_text
from tests.rest.subjects import ENVIRON, interface, opened, over_rest

NAMES = Selection.of({RecordKind.WORKER: {"name"}, RecordKind.MEMBERSHIP: {"state"}})


@pytest.fixture(scope="module")
async def running_province(tmp_path_factory):
    async with over_rest(tmp_path_factory.mktemp("rest")) as one:
        yield one


@pytest.fixture
async def province(running_province):
    """The province, with two workers, and nothing wrong with it."""
    await running_province.put(workers=KEPT)
    await running_province.patch(life=3600.0)
    return running_province


@contextlib.asynccontextmanager
async def guarded(province, *, mapping=None, rest=None, environ=ENVIRON, **more):
    """A guarded connector; nothing of it may be left when the block ends."""
    before = asyncio.all_tasks()
    settings, connector = opened(
        province.url, province.directory, mapping or mapping_text(),
        interface_=rest or interface(province.url), environ=environ,
        **{"retry": {"attempts": 1}, **more},
    )  # fmt: skip
    guard = Guard(connector, settings, SystemClock(), chance=lambda: 0.5)
    try:
        yield guard
    finally:
        await guard.close()
    assert asyncio.all_tasks() == before, "a task is left behind"


async def ask(guard, keys=("gd-1",), selection=NAMES, seconds=10.0):
    question = Question(
        (Ask(tuple(keys), selection),), "request-1", "RIGHTS_PROTECTION"
    )
    return await guard.ask(question, asyncio.get_running_loop().time() + seconds)
