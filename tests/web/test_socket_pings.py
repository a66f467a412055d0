"""Pings are small, and no more than anybody needs; nothing is unpacked."""

from __future__ import annotations

import json

import pytest
from websockets.asyncio.client import connect

from hub.web.socket_messages import Close, Closing
from hub.web.socket_pings import Pings
from tests.web.sockets import SUBPROTOCOL, running, streaming, wire

LARGE = json.dumps({"type": "ping", "payload": {"a": [{}] * 1_000}})


@pytest.fixture(scope="module")
def served():
    with running(streaming()) as address:
        yield address


@pytest.mark.parametrize("kind", ["ping", "pong"])
@pytest.mark.parametrize("known", [True, False], ids=["known", "stranger"])
async def test_a_large_ping_or_pong_is_no_message(served, kind, known):
    async with wire(served) as socket:
        if known:
            await socket.init()
        await socket.raw(LARGE.replace("ping", kind))
        code, reason = await socket.closed()

    assert code == Close.INVALID_MESSAGE
    assert "1024" in reason


async def test_a_small_payload_comes_back(served):
    async with wire(served) as socket:
        said = {"type": "ping", "payload": {"a": ["x" * 900]}}
        await socket.say(**said)
        assert await socket.hear() == {**said, "type": "pong"}


async def test_a_stranger_says_no_more_than_headers_would(served):
    async with wire(served) as socket:
        await socket.say(type="connection_init", payload={"x": "x" * 40_000})
        stranger = await socket.closed()
    async with wire(served) as socket:
        await socket.init()
        await socket.subscribe("{hello}" + " " * 40_000)
        known = await socket.hear()

    assert stranger[0] == Close.INVALID_MESSAGE
    assert known["payload"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


@pytest.mark.parametrize("kind", ["ping", "pong"])
@pytest.mark.parametrize("known", [True, False], ids=["known", "stranger"])
async def test_who_pings_without_end_is_told_to_come_back(served, kind, known):
    async with wire(served) as socket:
        if known:
            await socket.init()
        for _ in range(300):
            await socket.say(type=kind)
        heard, (code, _) = await socket.hear_until_closed()

    assert code == Close.TRY_LATER
    assert len(heard) >= (100 if kind == "ping" else 0)


def test_ten_pings_a_second_are_well_however_long():
    pings = Pings(0.0)
    for number in range(1, 5_000):
        pings.count(number / 10)
    for _ in range(100):
        pings.count(510.0)
    with pytest.raises(Closing):
        pings.count(510.0)


async def test_messages_are_not_packed(served):
    host, port = served
    address = f"ws://{host}:{port}/graphql"
    async with connect(address, subprotocols=[SUBPROTOCOL]) as socket:
        asked = socket.request.headers["Sec-WebSocket-Extensions"]
        agreed = socket.response.headers.get("Sec-WebSocket-Extensions")

    assert "permessage-deflate" in asked
    assert agreed is None
