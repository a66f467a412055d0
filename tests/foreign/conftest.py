"""The foreign province, and the hub's whole way to it."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from connectors.guard import Guard
from hub.clock import SystemClock
from tests.contracts.test_connector import KEPT
from tests.foreign.subjects import opened, over_foreign
from tests.peers.kept import unless_missing
from tests.provinces import in_node


@pytest.fixture(scope="session")
def node_provinces(tmp_path_factory):
    provinces = in_node.provinces(tmp_path_factory.mktemp("node-provinces"))
    url = unless_missing(provinces.__enter__)
    yield url
    provinces.__exit__(None, None, None)


@pytest.fixture
async def province(node_provinces, tmp_path):
    """The province, with two workers, and nothing wrong with it."""
    async with over_foreign(node_provinces, tmp_path) as one:
        await one.put(KEPT)
        yield one


@contextlib.asynccontextmanager
async def guarded(province, mapping=None, table=None, **more):
    """A guarded connector; nothing of it may be left when the block ends."""
    before = asyncio.all_tasks()
    settings, connector = opened(
        province.url, province.directory, mapping, table,
        **{"retry": {"attempts": 1}, **more},
    )  # fmt: skip
    guard = Guard(connector, settings, SystemClock(), chance=lambda: 0.5)
    try:
        yield guard
    finally:
        await guard.close()
    assert asyncio.all_tasks() == before, "a task is left behind"


def soon():
    return asyncio.get_running_loop().time() + 10
