"""A database that is frozen, not gone, keeps nobody waiting."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import pytest

from deploy.demo.postgres import EmbeddedPostgres
from hub.clock import SystemClock
from hub.identity.settings import WorkerKeySettings
from hub.identity.worker_key import Pseudonyms
from hub.store.confirmed import ConfirmedLinks
from hub.store.links import LinkStore
from hub.store.migrate import upgrade
from hub.store.patience import within
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from hub.store.unavailable import StoreUnavailable
from schema.records.keys import WorkerId
from schema.records.wanted import ById

NOBODY = ById(WorkerId("00000000-0000-4000-8000-000000000000"))


async def test_work_that_will_not_be_cancelled_is_left_behind():
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.2)
            ended.set()

    start = loop.time()
    with pytest.raises(StoreUnavailable):
        await within(0.05, stubborn())

    assert loop.time() - start < 0.15
    await asyncio.wait_for(ended.wait(), 1)


async def test_what_is_done_in_time_is_handed_on():
    async def fail() -> None:
        raise ConnectionError("gone")

    assert await within(1, asyncio.sleep(0, "done")) == "done"
    with pytest.raises(ConnectionError):
        await within(1, fail())


def family(parent: int) -> list[int]:
    """The processes of a server, the first one included."""
    found = [parent]
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            status = (path / "status").read_text("utf-8", "replace")
            if f"\nPPid:\t{parent}\n" in status:
                found.append(int(path.name))
    return found


async def test_a_frozen_server_is_told_in_time_and_heals(tmp_path):
    with EmbeddedPostgres(tmp_path / "frozen", durable=False) as server:
        server.ensure_database("hub")
        url = server.url("hub")
        await asyncio.to_thread(upgrade, url)
        settings = DatabaseSettings(url=url)
        pool = await open_pool(settings, {})
        keys = WorkerKeySettings(versions=[{"version": 1, "secret_env": "KEY"}])
        pseudonyms = Pseudonyms(keys, {"KEY": bytes(range(40, 72)).hex()})
        links = ConfirmedLinks(LinkStore(pool, SystemClock()), pool, pseudonyms, 0.5)
        loop = asyncio.get_running_loop()
        try:
            assert await links.locate([NOBODY]) == [None]
            processes = family(server.process.pid)
            for pid in processes:
                os.kill(pid, signal.SIGSTOP)
            try:
                start = loop.time()
                with pytest.raises(StoreUnavailable):
                    await links.locate([NOBODY])
                took = loop.time() - start
            finally:
                for pid in reversed(processes):
                    os.kill(pid, signal.SIGCONT)

            assert took < 1.0
            async with asyncio.timeout(10):
                while True:
                    try:
                        assert await links.locate([NOBODY]) == [None]
                        break
                    except StoreUnavailable:
                        await asyncio.sleep(0.1)
        finally:
            await pool.close()
