"""The connectors that the contract suite runs over."""

from __future__ import annotations

import asyncio
import dataclasses

import aiohttp
import msgspec
import pytest

from connectors.credentials import Credentials
from connectors.graphql.connector import GraphQLConnector
from connectors.graphql.names import NAMES, ROWS
from connectors.memory import MemoryConnector
from connectors.port import WHOLE_CONTRACT
from connectors.settings import ProvinceSettings
from connectors.transport import Transport
from hub.clock import SystemClock
from schema.records.keys import ProvinceCode
from schema.records.kinds import KINDS, RecordKind
from tests.foreign import subjects as foreign_subjects
from tests.peers.kept import unless_missing
from tests.provinces import in_node, over_sql
from tests.provinces import over_files as over_files_of
from tests.provinces import over_kit as over_kit_of
from tests.provinces.launch import running
from tests.rest import subjects as rest_subjects

_TYPES = {
    line.kind: line.record.__name__.removesuffix("Record") for line in KINDS.values()
}


@dataclasses.dataclass
class Memory:
    """The memory connector as a subject of the suite."""

    connector: MemoryConnector

    async def keep(self, workers, *, capabilities=WHOLE_CONTRACT, untold=()):
        self.connector.workers = workers
        self.connector.untold = frozenset(untold)
        self.connector._capabilities = capabilities
        await self.connector.probe(0)


@dataclasses.dataclass
class OverGraphQL:
    """The GraphQL connector, and the province that it speaks to."""

    connector: GraphQLConnector
    control: aiohttp.ClientSession
    url: str

    async def keep(self, workers, *, capabilities=WHOLE_CONTRACT, untold=()):
        told = {
            "code": "44",
            "version": capabilities.contract_version,
            "kinds": sorted(capabilities.kinds),
            "without": sorted(_without(capabilities)),
            "untold": [ROWS[kind] for kind in untold],
            "workers": {key: _told(worker) for key, worker in workers.items()},
        }
        async with self.control.put(self.url, json=told) as reply:
            assert reply.status == 200
        await self.connector.probe(_soon())


def _soon():
    return asyncio.get_running_loop().time() + 10


def _told(worker):
    return {**{rows: [] for rows in ROWS.values()}, **msgspec.to_builtins(worker)}


def _without(capabilities):
    for kind, served in capabilities.fields.items():
        for field in KINDS[kind].fields - served:
            yield f"{_TYPES[kind]}.{NAMES[kind][field].text}"
    for kind in set(RecordKind) - capabilities.kinds:
        if kind in ROWS:
            yield f"Worker.{ROWS[kind]}"


@pytest.fixture(scope="module")
def plain():
    with running("tests.provinces.plain") as told:
        yield told["url"]


@pytest.fixture(scope="module")
async def memory():
    return Memory(MemoryConnector(ProvinceCode("44"), {}, SystemClock()))


@pytest.fixture(scope="module")
async def over_graphql(plain):
    settings = ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", url=plain
    )
    clock = SystemClock()
    transport = Transport(settings, Credentials(None, None), clock)
    connector = GraphQLConnector(settings, transport, clock)
    async with aiohttp.ClientSession() as control:
        yield OverGraphQL(connector, control, plain)
    await connector.close()


@pytest.fixture(scope="session")
def node_provinces(tmp_path_factory):
    """The provinces that run on Node: one process for all tests."""
    provinces = in_node.provinces(tmp_path_factory.mktemp("node-provinces"))
    url = unless_missing(provinces.__enter__)
    yield url
    provinces.__exit__(None, None, None)


@pytest.fixture(scope="module")
async def over_node(node_provinces):
    async with (
        in_node.speaking(node_provinces) as connector,
        aiohttp.ClientSession() as control,
    ):
        yield OverGraphQL(connector, control, f"{node_provinces}/contract")


@pytest.fixture(scope="module")
async def over_foreign(node_provinces, tmp_path_factory):
    directory = tmp_path_factory.mktemp("foreign")
    async with foreign_subjects.over_foreign(node_provinces, directory) as subject:
        yield subject


@pytest.fixture(scope="module")
async def over_postgresql(postgres):
    async with over_sql.over(postgres.ensure_database("contracts")) as subject:
        yield subject


@pytest.fixture(scope="module")
async def over_mariadb(maria):
    async with over_sql.over(maria.database("contracts")) as subject:
        yield subject


@pytest.fixture(scope="module")
async def over_sqlite(tmp_path_factory):
    file = tmp_path_factory.mktemp("province") / "own.sqlite"
    file.touch()
    async with over_sql.over(f"sqlite:///{file}") as subject:
        yield subject


@pytest.fixture(scope="module")
async def over_kit(tmp_path_factory):
    file = tmp_path_factory.mktemp("province") / "own.sqlite"
    file.touch()
    async with (
        over_sql.over(f"sqlite:///{file}") as inner,
        over_kit_of.over(inner) as subject,
    ):
        yield subject


@pytest.fixture(scope="module")
async def over_files(tmp_path_factory):
    async with over_files_of.over(tmp_path_factory.mktemp("drop")) as subject:
        yield subject


@pytest.fixture(scope="module")
async def over_rest(tmp_path_factory):
    async with rest_subjects.over_rest(tmp_path_factory.mktemp("rest")) as subject:
        yield subject


@pytest.fixture(
    scope="module",
    params=[
        "memory", "over_graphql", "over_node", "over_postgresql", "over_sqlite",
        "over_mariadb", "over_rest", "over_kit", "over_files", "over_foreign",
    ],
)  # fmt: skip
def subject(request):
    return request.getfixturevalue(request.param)
