"""The province kit as a subject of the contract suite: over HTTP, before a connector."""

from __future__ import annotations

import asyncio
import contextlib
import socket

from connectors.credentials import load
from connectors.graphql.connector import GraphQLConnector
from connectors.port import WHOLE_CONTRACT
from connectors.settings import ProvinceSettings
from connectors.sql.settings import SqlSettings
from connectors.transport import Transport
from hub.clock import SystemClock
from hub.config.server import ServerSettings
from hub.subgraph.app import build
from hub.subgraph.bearers import Bearers
from hub.subgraph.serve import server_for
from hub.subgraph.settings import KitSettings
from hub.subgraph.source import Source

TOKEN = "a-token-of-the-tests"  # noqa: S105
CLOCK = SystemClock()

#: What the kit is told of the province: how long its own system may take.
OWN = ProvinceSettings(
    code="44", name_zh="广东", name_en="Guangdong", kind="sql",
    mapping_file="44.mapping.toml", sql=SqlSettings(url_env="X"),
)  # fmt: skip


def source(connector, own=OWN, settings=None):
    """Put a connector behind the kit; it is not asked yet."""
    limits = (settings or KitSettings(ServerSettings(), ())).limits
    return Source(connector, own, limits, CLOCK, 0.85)


class Kit:
    """A kit that serves one connector after another, under one address."""

    def __init__(self, settings=None):
        self.settings = settings or KitSettings(ServerSettings(port=0), ())
        self.source = None
        self.url = ""
        self._app = None

    async def put(self, connector, own=OWN):
        """Serve this connector from now on; who put it closes it."""
        self.source = source(connector, own, self.settings)
        await self.source.probe()
        self._app = build(self.source, Bearers([TOKEN]), self.settings)

    async def __call__(self, scope, receive, send):
        await self._app(scope, receive, send)


@contextlib.asynccontextmanager
async def running(settings=None):
    """Run a kit in this process; uvicorn and a socket are real."""
    kit = Kit(settings)
    # Named TCP, so that asyncio sends at once what is written (TCP_NODELAY).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    kit.url = f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
    server = server_for(kit, kit.settings)
    task = asyncio.create_task(server._serve([listener]))
    try:
        yield kit
    finally:
        server.should_exit = True
        await task
        listener.close()


@contextlib.asynccontextmanager
async def speaking(url, token=TOKEN, **more):
    """Speak to a kit as the hub does."""
    settings = ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", url=url, bearer_env="T", **more
    )
    line = Transport(settings, load(settings, {"T": token}), CLOCK)
    connector = GraphQLConnector(settings, line, CLOCK)
    try:
        yield connector
    finally:
        await connector.close()


@contextlib.asynccontextmanager
async def before(connector):
    """Speak to a kit that is put before a connector."""
    async with running() as kit:
        await kit.put(connector)
        async with speaking(kit.url) as outside:
            await outside.probe(asyncio.get_running_loop().time() + 10)
            yield outside


class OverKit:
    """The kit before a database whose rows are set anew for each test."""

    def __init__(self, inner, kit, connector):
        self.connector = connector
        self._inner = inner
        self._kit = kit
        self._behind = None

    async def keep(self, workers, *, capabilities=WHOLE_CONTRACT, untold=()):
        await self._inner.keep(workers, capabilities=capabilities, untold=untold)
        if self._inner.connector is not self._behind:
            self._behind = self._inner.connector
            await self._kit.put(self._behind)
        await self.connector.probe(asyncio.get_running_loop().time() + 10)


@contextlib.asynccontextmanager
async def over(inner):
    """Put a kit before a subject of the suite."""
    async with running() as kit:
        await kit.put(inner.connector)
        async with speaking(kit.url) as outside:
            yield OverKit(inner, kit, outside)
