"""Starts the provinces that run on Node (``tests/provinces/node``)."""

from __future__ import annotations

import contextlib
import io
import shutil
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec

from connectors.credentials import Credentials
from connectors.graphql.connector import GraphQLConnector
from connectors.settings import ProvinceSettings
from connectors.transport import Transport
from hub.clock import SystemClock
from tests.peers.node import installed
from tests.provinces.launch import started

HERE = Path(__file__).parent / "node"
SDL = Path(__file__).parents[2] / "schema" / "province.graphql"
TOKEN = "a-token-of-the-node-tests"  # noqa: S105


def modules() -> Path:
    """Install what they need, unless it is there.

    Raises:
        Missing: There is no Node, or no registry to install from.
    """
    return installed("node-provinces", HERE)


@contextlib.contextmanager
def provinces(directory: Path) -> Iterator[str]:
    """Run both until the block ends; tells their address.

    Args:
        directory: Where they run, and keep what must outlive them.

    Raises:
        Missing: There is no Node, or no registry to install from.
    """
    beside = directory / "node_modules"
    if not beside.exists():
        beside.symlink_to(modules())
    for program in (*HERE.glob("*.mjs"), HERE / "package.json"):
        shutil.copy(program, directory)
    argv = ["node", "provinces.mjs", str(SDL), str(directory)]
    with started(argv, directory, PROVINCE_TOKEN=TOKEN) as told:
        yield told["url"]


@contextlib.asynccontextmanager
async def speaking(url: str) -> AsyncIterator[GraphQLConnector]:
    """A connector to the one that serves the contract."""
    settings = ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", url=f"{url}/contract",
        deadline="10s",
    )  # fmt: skip
    clock = SystemClock()
    transport = Transport(settings, Credentials(TOKEN, None), clock)
    connector = GraphQLConnector(settings, transport, clock)
    try:
        yield connector
    finally:
        await connector.close()


def control(method: str, address: str, **told: object) -> None:
    """Tell a province what it keeps (``PUT``), how it fails, or what happened."""
    body = io.BytesIO(msgspec.json.encode(told))
    asked = urllib.request.Request(address, body, method=method)  # noqa: S310  # our own
    with urllib.request.urlopen(asked) as reply:  # noqa: S310
        assert reply.status == 200
