"""``python -m hub runner`` as a process: killed at any moment, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys

import aiohttp
import pytest

from tests.cli.conftest import KEY, settings_file  # noqa: F401  # a fixture


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


@pytest.mark.slow
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

    assert ready == {"ready": True, "checks": {"database": "ok", "queue": "ok"}}
    assert 'hub_runner_transfers_open{state="IN_TRANSIT"} 0.0' in figures
    assert process.returncode == 0
    assert "event=stopped" in log.decode()
    assert "Traceback" not in log.decode()
