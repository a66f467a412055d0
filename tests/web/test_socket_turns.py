"""A thousand at once have their turns, and leave nothing behind for the collector."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import socket
import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from hub.web.metrics import Figures
from hub.web.protocol import LimitedProtocol
from hub.web.socket_protocol import LimitedSocket
from hub.web.socket_session import Session
from hub.web.socket_turns import Turns
from tests.web.sockets import running, streaming
from tests.web.test_slow import frame, hear, opened, reluctant

UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
    + base64.b64encode(bytes(16))
    + b"\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


async def test_so_many_begin_in_a_turn_and_in_the_order_in_which_they_came():
    turns, begun, seen = Turns(3), [], []

    async def ask(number):
        await turns.mine()
        begun.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(ask(number))
        while len(begun) < 10:
            seen.append(len(begun))
            await asyncio.sleep(0)

    assert begun == list(range(10))
    assert max(b - a for a, b in pairwise(seen)) <= 3


async def test_what_is_done_later_is_done_in_order_too():
    turns, done = Turns(2), []
    at_once = [turns.take(lambda n=number: done.append(n)) for number in range(5)]

    assert at_once == [True, True, False, False, False]
    assert done == [0, 1]
    for _ in range(4):
        await asyncio.sleep(0)
    assert done == [0, 1, 2, 3, 4]


async def test_who_gives_up_in_the_line_holds_nobody_up():
    turns = Turns(1)
    await turns.mine()
    waiting = [asyncio.create_task(turns.mine()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    async with asyncio.timeout(1):
        await waiting[1]
        await waiting[2]


class Stretches(Figures):
    """Keeps how long the loop worked without a pause, at the most."""

    worked = 0.0

    def held_up(self, lag, worked):
        super().held_up(lag, worked)
        self.worked = max(self.worked, worked)


def _crowd(address, count):
    """Connect so many, and only then let all ask for a WebSocket at once."""
    peers = []
    for _ in range(count):
        peer = socket.create_connection(tuple(address))
        peer.settimeout(20)
        peers.append(peer)
    for peer in peers:
        peer.sendall(UPGRADE)
    return peers


@pytest.fixture
def no_collector():
    """All that the tests before have made is no matter of the hub's."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.slow
@pytest.mark.usefixtures("no_collector")
async def test_many_that_come_at_once_do_not_hold_up_the_loop():
    made = replace(streaming(), figures=Stretches())
    with running(made) as address:
        peers = await asyncio.to_thread(_crowd, address, 400)
        told = [await asyncio.to_thread(peer.recv, 64) for peer in peers]
        worked = made.figures.worked
        for peer in peers:
            peer.close()

    assert all(one.startswith(b"HTTP/1.1 101") for one in told)
    # All in one stretch they took 57 ms of the processor, in turns 10 to 13.
    assert worked < 0.035


async def _alive(*kinds, within=2.0):
    """Tell what is left of some classes, when it has had time to go."""
    end = time.monotonic() + within
    while True:
        left = [type(one).__name__ for one in gc.get_objects() if _is(one, kinds)]
        if not left or time.monotonic() > end:
            return left
        await asyncio.sleep(0.05)


def _is(one, kinds):
    return issubclass(type(one), kinds)


def _leaves(address):
    opened(address).close()


def _says_goodbye(address):
    peer = opened(address)
    peer.sendall(frame(b"\x03\xe8", opcode=8))
    hear(peer, b"\x88")
    peer.close()


def _without_a_token(address):
    peer = reluctant(address)
    peer.sendall(UPGRADE)
    hear(peer, b"\r\n\r\n")
    peer.sendall(frame(json.dumps({"type": "connection_init"})))
    hear(peer, b"Forbidden")
    peer.close()


def _too_late(address):
    peer = reluctant(address)
    peer.sendall(UPGRADE)
    hear(peer, b"timeout")
    peer.close()


def _by_http(address):
    peer = reluctant(address)
    peer.sendall(b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n")
    hear(peer, b"\r\n\r\n")
    peer.close()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize(
    "come", [_leaves, _says_goodbye, _without_a_token, _too_late, _by_http]
)
async def test_whoever_left_is_gone_without_the_collector(come):
    streams = {"init_timeout": timedelta(seconds=0.2)}
    with running(streaming(streams=streams)) as address:
        for _ in range(5):
            await asyncio.to_thread(come, address)
        left = await _alive(LimitedProtocol, LimitedSocket, Session)

    # Each socket left some sixty objects that only the collector could free; after
    # a few thousand it stopped everybody for a third of a second.
    assert left == []
