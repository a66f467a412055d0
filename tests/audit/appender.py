"""A hub in a process of its own that does nothing but append.

Run it as ``python appender.py URL``; it prints the request ids that were
acknowledged, one a line, until it is killed.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys

from hub.audit.trail import GroupTrail
from hub.clock import SystemClock
from hub.store.audit import AuditBook
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from tests.audit.samples import disclosure


async def main():
    numbers = itertools.count()
    pool = await open_pool(DatabaseSettings(url=sys.argv[1]))
    trail = GroupTrail(AuditBook(pool), SystemClock())

    async def record():
        while True:
            number = next(numbers)
            await trail.record([disclosure(number)])
            os.write(1, f"r{number}\n".encode())

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(record())


asyncio.run(main())
