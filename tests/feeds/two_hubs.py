"""Two real hub processes over one database, and callers that follow both."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import sys
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import aiohttp

from deploy.demo.federation import HUB_RANK, start_issuer, url_of
from deploy.demo.issuer import Issuer, Role
from deploy.demo.looking_up import is_ready
from deploy.demo.ports import choose
from deploy.demo.processes import Child, Children
from deploy.demo.settings_files import Standing, environment, write_settings
from hub.clock import SystemClock
from tests.web.sockets import wire

FOLLOW = """
subscription($after: ID, $codes: [String!]) {
  provinceStatus(after: $after, codes: $codes) {
    cursor at was state seenBy
    province { code name state contractVersion kinds }
  }
}
"""


@dataclass(frozen=True)
class Pair:
    """Two hubs, and whom they believe."""

    ports: tuple[int, int]
    processes: tuple[Child, Child]
    token: str

    def follow(self, hub, kind="websocket", **variables):
        """Follow the provinces through one of the hubs."""
        how = {"websocket": by_websocket, "sse": by_sse}[kind]
        return how(self.ports[hub], self.token, variables)


@contextmanager
def pair(directory: Path, database_url: str, province: str):
    """Start both; province 44 is at an address, at 51 there is nobody."""
    keys = directory / "keys"
    with Children(directory) as children:
        issuer = url_of(start_issuer(children, keys, ""))
        now = SystemClock().now().timestamp()
        token = Issuer(keys).token(Role.INFLOW, url=issuer, now=now)
        nobody = f"http://127.0.0.1:{choose(0)}/graphql"
        provinces = [
            Standing("44", "广东", "Guangdong", province),
            Standing("51", "四川", "Sichuan", nobody),
        ]
        secrets = environment(
            database_url, os.urandom(32).hex(), {"44": "x", "51": "x"}
        )
        ports = choose(0), choose(0)
        hubs = []
        for port in ports:
            settings = write_settings(
                directory / f"hub-{port}",
                port=port,
                issuer=issuer,
                provinces=provinces,
            )
            hubs.append(_start(children, f"hub-{port}", settings, secrets))
        for port, hub in zip(ports, hubs, strict=True):
            hub.wait_until(functools.partial(is_ready, port), 60.0)
        yield Pair(ports, tuple(hubs), token)


def _start(children, name, settings, secrets):
    for province in (settings.parent / "provinces").glob("*.toml"):
        with province.open("a") as written:
            written.write('probe_every = "1s"\n')
    return children.start(
        name,
        [sys.executable, "-m", "hub", "serve", "--config", settings],
        env=secrets,
        rank=HUB_RANK,
    )


class Following:
    """What one caller was told, and when."""

    def __init__(self, events):
        self._events = events
        self._said_by = None

    def only(self, said_by):
        """Leave out from now on what others say: the hubs look at provinces too."""
        self._said_by = said_by
        return self

    async def _next(self):
        while True:
            event = await anext(self._events)
            if self._said_by in {None, event["seenBy"]}:
                return event

    async def take(self, count, within=10.0):
        async with asyncio.timeout(within):
            return [await self._next() for _ in range(count)]

    async def timed(self, count, within=20.0):
        """Take so many, each with the moment at which it came."""
        async with asyncio.timeout(within):
            return [(await self._next(), perf_counter()) for _ in range(count)]


@asynccontextmanager
async def by_websocket(port, token, variables):
    async with wire(("127.0.0.1", port)) as socket:
        await socket.init(token)
        await socket.subscribe(FOLLOW, variables=variables)

        async def events():
            while True:
                message = await socket.hear(within=60)
                if message["type"] == "ping":
                    await socket.say(type="pong")
                    continue
                assert message["type"] == "next", message
                assert "errors" not in message["payload"], message
                yield message["payload"]["data"]["provinceStatus"]

        made = Following(events())
        made.socket = socket
        yield made


@asynccontextmanager
async def by_sse(port, token, variables):
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"http://127.0.0.1:{port}/graphql",
            json={"query": FOLLOW, "variables": variables},
            headers=headers,
        ) as answer,
    ):

        async def events():
            async for line in answer.content:
                if line.startswith(b"data: "):
                    body = json.loads(line.removeprefix(b"data: "))
                    assert "errors" not in body, body
                    yield body["data"]["provinceStatus"]

        made = Following(events())
        made.answer = answer
        yield made
