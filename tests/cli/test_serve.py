"""``python -m hub serve``, as a process."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys

import aiohttp
import pytest

from tests.cli.conftest import KEY


@pytest.fixture
def environment(settings_file, database_url):
    return os.environ | {
        "HUB_CONFIG": str(settings_file),
        "TEST_DATABASE_URL": database_url,
        "TEST_WORKER_KEY": KEY,
        "PYTHONUNBUFFERED": "1",
    }


async def start(environment, *arguments):
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "serve", *arguments,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
async def test_the_hub_serves_until_it_is_told_to_stop_and_leaves_in_order(
    environment, stop
):
    process = await start(environment)
    async with asyncio.timeout(30):
        line = (await process.stdout.readline()).decode()
    address = re.search(r"http://\S+(?=/graphql)", line)[0]
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{address}/readyz") as response:
            ready = await response.json()
        async with session.post(f"{address}/graphql", json={}) as response:
            assert response.status == 401
    process.send_signal(stop)
    async with asyncio.timeout(20):
        _, log = await process.communicate()

    assert ready["checks"]["database"] == "ok"
    assert process.returncode == 0
    assert "event=stopped" in log.decode()
    assert "Traceback" not in log.decode()


@pytest.mark.slow
async def test_a_port_in_use_ends_the_command_with_words(environment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await start(environment, "--port", str(taken.getsockname()[1]))
        async with asyncio.timeout(30):
            _, said = await process.communicate()

    assert process.returncode == 1
    assert "已被占用" in said.decode()
    assert "in use" in said.decode()
    assert "Traceback" not in said.decode()
