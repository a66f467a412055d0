"""Attacks by WebSocket: many at once, many that say nothing, floods of small frames."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from time import perf_counter

from deploy.demo.issuer import Role
from tests.attacks.attack import Attack
from tests.attacks.wire import Answer

#: One connection each, besides those of the others; the limit of the hub is 4,096.
_CROWD = 1000
_POURED_S = 2.0
_IDLE = 100
_TEXT, _PING, _CLOSE = 1, 9, 8

OPENED = frozenset({(101, "")})
INVALID = frozenset({(101, "4400")})
SENT_AWAY = frozenset({(101, ""), (101, "4408")})


def upgrade() -> bytes:
    """Write the request to open a WebSocket."""
    key = base64.b64encode(os.urandom(16))
    return (
        b"GET /graphql HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + key
        + b"\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )


def frame(data: bytes, opcode: int = _TEXT) -> bytes:
    """Write a frame, masked with zeros."""
    size = len(data)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 1 << 16:
        length = b"\xfe" + struct.pack("!H", size)
    else:
        length = b"\xff" + struct.pack("!Q", size)
    return bytes([0x80 | opcode]) + length + bytes(4) + data


class Socket:
    """One WebSocket on a bare connection."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.began = perf_counter()
        self.head = b""

    async def opened(self):
        self.writer.write(upgrade())
        self.head = await self.reader.readuntil(b"\r\n\r\n")
        return self

    async def init(self, token: str) -> Socket:
        payload = {"Authorization": f"Bearer {token}"}
        said = json.dumps({"type": "connection_init", "payload": payload})
        self.writer.write(frame(said.encode()))
        head = await self.reader.readexactly(2)
        assert b"connection_ack" in await self.reader.readexactly(head[1])
        return self

    def ended(self, left: bytes = b"") -> Answer:
        """Tell how it ended: with which close code, if it was closed."""
        code = ""
        if left[:1] == bytes([0x80 | _CLOSE]):
            code = str(struct.unpack("!H", left[2:4])[0])
        body = json.dumps({"errors": [{"extensions": {"code": code}}]} if code else {})
        status = int(self.head.split(b" ")[1]) if self.head else 0
        took = perf_counter() - self.began
        return Answer(status, self.head, body.encode(), took)


async def _connect(target) -> Socket:
    return Socket(*await asyncio.open_connection("127.0.0.1", target.port))


async def _crowd(target):
    """Connect all, and only then let all ask for a WebSocket at once; say no more."""
    sockets = [await _connect(target) for _ in range(_CROWD)]
    try:
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            for one in sockets:
                group.create_task(one.opened())
        # Whoever knows who they are is let in beside all these.
        known = await (await _connect(target)).opened()
        async with asyncio.timeout(2):
            await known.init(target.tokens[Role.INFLOW])
        known.writer.transport.abort()
        await asyncio.sleep(0.5)
        ends = []
        for one in sockets:
            left = b""
            try:
                async with asyncio.timeout(0.001):
                    left = await one.reader.read(256)
            except TimeoutError:
                pass  # one of those that may wait
            ends.append(one.ended(left))
        return [*ends, known.ended()]
    finally:
        for one in sockets:
            one.writer.transport.abort()


async def _known(target) -> Socket:
    opened = await (await _connect(target)).opened()
    return await opened.init(target.tokens[Role.INFLOW])


async def _pour(one: Socket, data: bytes):
    poured = data * (64 * 1024 // len(data))
    while True:
        one.writer.write(poured)
        await one.writer.drain()


async def _drink(one: Socket):
    while await one.reader.read(1 << 16):
        pass


def _flood(data: bytes):
    """Make the run that pours small frames, beside sockets that are idle."""

    async def run(target):
        one, *idle = [await _known(target) for _ in range(_IDLE)]
        tasks = [
            asyncio.create_task(_pour(one, data)),
            asyncio.create_task(_drink(one)),
        ]
        await asyncio.wait(tasks, timeout=_POURED_S, return_when="FIRST_COMPLETED")
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for each in (one, *idle):
            each.writer.transport.abort()
        return [one.ended()]

    return run


def _large_pings(data: bytes, sockets: int, each: int, *, known: bool):
    """Make the run that sends large pings on many sockets at once."""

    async def ping(one: Socket) -> Answer:
        left = b""
        try:
            async with asyncio.timeout(8):
                one.writer.write(frame(data) * each)
                left = await one.reader.read(256)
        except (TimeoutError, ConnectionError):
            pass
        return one.ended(left)

    async def run(target):
        if known:
            opened = [await _known(target) for _ in range(sockets)]
        else:
            opened = [await (await _connect(target)).opened() for _ in range(sockets)]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ping(one)) for one in opened]
        for one in opened:
            # What was not taken will not be: it would keep the connection half shut.
            one.writer.transport.abort()
        await asyncio.sleep(0)
        return [task.result() for task in tasks]

    return run


_OBJECTS = json.dumps({"type": "ping", "payload": {"a": [{}] * 60_000}}).encode()

ATTACKS = [
    Attack("1,000 WebSockets at once that say nothing", _crowd, SENT_AWAY, slow=True),
    Attack("a flood of empty pings on a WebSocket", _flood(
        frame(b"", _PING)), OPENED, slow=True),
    Attack("a flood of messages on a WebSocket", _flood(
        frame(b'{"type":"ping"}')), OPENED, slow=True),
    Attack("60 sockets of strangers, 8 pings of 240 kB each", _large_pings(
        _OBJECTS, 60, 8, known=False), INVALID, slow=True),
    Attack("60 sockets, 8 pings of 240 kB each", _large_pings(
        _OBJECTS, 60, 8, known=True), INVALID, slow=True),
]  # fmt: skip
