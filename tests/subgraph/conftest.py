"""A kit before a register in memory that can be made to fail, and a stranger at its door."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime

import aiohttp
import pytest

from connectors.memory import MemoryConnector
from connectors.port import Answer
from hub.clock import SystemClock
from hub.config.server import ServerSettings
from hub.subgraph.settings import LIMITS, KitSettings
from schema.records.keys import ProvinceCode
from schema.records.membership import MembershipRecord, MembershipState
from schema.records.worker import Sex, WorkerRecord
from tests.provinces import over_kit
from tests.provinces.over_kit import TOKEN

AT = datetime(2026, 10, 1, 8, tzinfo=UTC)
ROWS = tuple(
    MembershipRecord(
        id=f"m{n}", as_of=AT, state=MembershipState.ACTIVE, union_name="甲"
    )
    for n in range(2)
)
LI = WorkerRecord(
    local_id="gd-1", as_of=AT, name="李四", sex=Sex.FEMALE, memberships=ROWS
)
WANG = WorkerRecord(local_id="gd-2", as_of=AT, name="王五", phone="13000000000")
KEPT = {"gd-1": LI, "gd-2": WANG}
SETTINGS = KitSettings(
    ServerSettings(requests=4),
    (),
    LIMITS.model_copy(update={"workers": 50, "body_bytes": 64 * 1024}),
)


class Switched(MemoryConnector):
    """Counts what it is asked, and fails when it is told to."""

    def __init__(self):
        super().__init__(ProvinceCode("44"), dict(KEPT), SystemClock())
        self.asked = []
        self.acted = []
        self.fault = None
        self.faults = ()
        self.seconds = 0.0
        self.change = lambda worker: worker

    async def _begin(self):
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.fault:
            raise self.fault

    async def ask(self, question, deadline):
        self.asked.append(question)
        await self._begin()
        told = await super().ask(question, deadline)
        workers = tuple(tuple(map(self.change, one)) for one in told.workers)
        return Answer(workers, (*told.faults, *self.faults), told.fetched_at)

    async def act(self, commands, request, deadline):
        self.acted.append(tuple(commands))
        await self._begin()
        return await super().act(commands, request, deadline)

    async def probe(self, deadline):
        await self._begin()
        return await super().probe(deadline)


@dataclasses.dataclass
class Stranger:
    """Sends what it likes, and is answered."""

    session: aiohttp.ClientSession
    url: str
    behind: Switched
    kit: over_kit.Kit

    async def send(self, query, variables=None, token=TOKEN, **more):
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        body = more.pop("json", {"query": query, "variables": variables})
        async with self.session.post(
            self.url, json=body, headers=headers, **more
        ) as reply:
            return reply.status, await reply.json(content_type=None)

    async def ask(self, query, variables=None, **more):
        status, told = await self.send(query, variables, **more)
        assert status == 200, told
        return told

    async def get(self, path):
        async with self.session.get(self.url.replace("/graphql", path)) as reply:
            return reply.status, await reply.json()


@pytest.fixture(scope="module")
async def door():
    async with over_kit.running(SETTINGS) as kit, aiohttp.ClientSession() as session:
        yield kit, session


@pytest.fixture
async def stranger(door):
    kit, session = door
    behind = Switched()
    await kit.put(behind)
    yield Stranger(session, kit.url, behind, kit)
    await kit.source.close()


def who(*keys):
    return [{"__typename": "Worker", "localId": key} for key in keys]
