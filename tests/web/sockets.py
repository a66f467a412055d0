"""The small graph with a subscription, and a caller that speaks raw messages."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import replace
from datetime import timedelta

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from hub.access.caller import Caller
from hub.config.streams import StreamSettings
from hub.feeds.events import SlowSubscriber
from tests.web.serving import OneToken, parts, running

SUBPROTOCOL = "graphql-transport-ws"
TICKS = "subscription { ticks }"

#: Quick enough for a test to see what happens to slow callers.
QUICK = {
    "init_timeout": timedelta(seconds=0.4),
    "ping_every": timedelta(seconds=0.3),
    "pong_within": timedelta(seconds=0.4),
    "send_within": timedelta(seconds=0.5),
}


class Tokens:
    """Believes ``good``, ``brief`` for a second, and ``subject@office``."""

    def __init__(self, clock):
        self._clock = clock
        self._others = OneToken()

    async def verify(self, token):
        if token == "brief":  # noqa: S105  # it opens nothing
            expires_at = self._clock.now().timestamp() + 1.0
            return Caller("brief", "issuer", "4401", "44", frozenset(), expires_at)
        if "@" in token:
            subject, office = token.split("@")
            return Caller(subject, "issuer", office, "44", frozenset(), 2e9)
        return await self._others.verify(token)


class Source:
    """What the subscription ``ticks`` gives, and whether anybody listens."""

    def __init__(self):
        self.open = 0
        self.closed = 0

    async def ticks(self, *_):
        """Count to three, slowly enough to be interrupted, then wait."""
        self.open += 1
        try:
            for number in (1, 2, 3):
                yield number
                await asyncio.sleep(0.01)
            await asyncio.sleep(60)
        finally:
            self.open -= 1
            self.closed += 1

    async def three(self, *_):
        for number in (1, 2, 3):
            yield number

    async def broken(self, *_):
        yield 1
        raise RuntimeError("secret of the source")

    async def slow(self, *_):
        yield 1
        raise SlowSubscriber

    async def flood(self, *_):
        self.open += 1
        try:
            while True:
                yield 0
        finally:
            self.open -= 1
            self.closed += 1


def streaming(source=None, streams=None, kind="ticks", **settings):
    """Parts whose ``ticks`` stream from a source."""
    made = parts(**settings)
    source = source or Source()
    field = made.schema.subscription_type.fields["ticks"]
    field.subscribe = getattr(source, kind)
    if kind == "flood":
        field.resolve = lambda *_: 1
    else:
        field.resolve = lambda number, *_: number
    return replace(
        made,
        verifier=Tokens(made.clock),
        streams=StreamSettings(**(streams or {})),
    )


class Wire:
    """One WebSocket."""

    def __init__(self, socket):
        self.socket = socket

    async def say(self, **message):
        await self.socket.send(json.dumps(message))

    async def raw(self, data):
        await self.socket.send(data)

    async def hear(self, within=3.0):
        async with asyncio.timeout(within):
            return json.loads(await self.socket.recv())

    async def hear_until_closed(self, within=5.0):
        """Hear everything, and tell how it was closed."""
        heard = []
        async with asyncio.timeout(within):
            while True:
                try:
                    heard.append(json.loads(await self.socket.recv()))
                except ConnectionClosed:
                    return heard, (self.socket.close_code, self.socket.close_reason)

    async def closed(self, within=5.0):
        _, how = await self.hear_until_closed(within)
        return how

    async def init(self, token="good", **payload):  # noqa: S107  # it opens nothing
        if token is not None:
            payload["Authorization"] = f"Bearer {token}"
        await self.say(type="connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}
        return self

    async def subscribe(self, query=TICKS, name="1", **more):
        await self.say(id=name, type="subscribe", payload={"query": query, **more})


@contextlib.asynccontextmanager
async def wire(address, *, subprotocols=(SUBPROTOCOL,), path="/graphql", **named):
    host, port = address
    async with connect(
        f"ws://{host}:{port}{path}",
        subprotocols=list(subprotocols) or None,
        compression=None,
        ping_interval=None,
        **named,
    ) as socket:
        yield Wire(socket)


__all__ = ["QUICK", "Source", "Wire", "running", "streaming", "wire"]
