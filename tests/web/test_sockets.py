"""Peers that are slow, idle or send too much, on the bare socket."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from time import perf_counter

import pytest

from hub.config.server import ServerSettings
from hub.web.serve import bind
from schema.records.refusal import Refused

QUICK = {
    "head_timeout": timedelta(seconds=0.3),
    "body_timeout": timedelta(seconds=0.3),
    "keep_alive": timedelta(seconds=1),
}
HEAD = b"POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer good\r\n"


async def tell(address, *parts, pause=0.0):
    """Send parts, and read until the other side hangs up."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_a_connection_that_says_nothing_is_closed(ask_with):
    async with ask_with(server=QUICK) as ask:
        began = perf_counter()
        answer = await tell(ask.address)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert perf_counter() - began < 1.5


async def test_a_head_that_drips_is_cut_off(ask_with):
    async with ask_with(server=QUICK) as ask:
        drops = [b"GET /livez HTTP/1.1\r\n", *[b"a: b\r\n"] * 30]
        began = perf_counter()
        answer = await tell(ask.address, *drops, pause=0.05)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
    assert perf_counter() - began < 4


async def test_the_head_of_a_second_request_has_the_same_time(ask_with):
    async with ask_with(server=QUICK) as ask:
        whole = b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n"
        answer = await tell(ask.address, whole, b"GET /livez HT", pause=0.1)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


async def test_a_body_that_does_not_come_is_408(ask_with):
    async with ask_with(server=QUICK) as ask:
        head = HEAD + b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        answer = await tell(ask.address, head)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"REQUEST_TIMED_OUT" in answer
    assert b"connection: close" in answer


async def test_a_giant_body_is_413_as_soon_as_it_is_announced(ask):
    kind = b"Content-Type: application/json\r\n"
    answer = await tell(
        ask.address, HEAD + kind + b"Content-Length: 104857600\r\n\r\n" + b" " * 1000
    )

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_an_idle_connection_is_closed(ask_with):
    async with ask_with(server=QUICK) as ask:
        began = perf_counter()
        answer = await tell(ask.address, b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert perf_counter() - began < 3


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nx: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /livez HTTP/1.1\r\n" + b"x: y\r\n" * 8_000 + b"\r\n",
        b"GET /livez HTTP/1.1\r\nx: " + b"a" * 400_000,
    ],
)
async def test_a_head_that_is_too_large_is_431(ask, head):
    answer = await tell(ask.address, head)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


async def test_a_large_head_is_told_why(ask):
    head = b"GET /livez HTTP/1.1\r\nx: " + b"a" * 33_000 + b"\r\n\r\n"
    answer = await tell(ask.address, head)

    assert b"HEADERS_TOO_LARGE" in answer


@pytest.mark.parametrize(
    "request_line",
    [b"nonsense\r\n\r\n", b"GET http:// HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00"],
)
async def test_what_is_no_http_is_400_and_the_hub_goes_on(ask, request_line):
    answer = await tell(ask.address, request_line)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert (await ask("{hello}")).status == 200


async def test_a_caller_that_leaves_in_the_middle_harms_nobody(ask):
    for part in (b"", HEAD, HEAD + b"Content-Length: 50\r\n\r\n{"):
        _, writer = await asyncio.open_connection(*ask.address)
        writer.write(part)
        await writer.drain()
        writer.close()

    assert (await ask("{hello}")).json == {"data": {"hello": "world"}}


async def test_two_requests_at_once_on_one_connection_are_both_answered(ask):
    one = b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n"
    last = b"GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

    assert (await tell(ask.address, one + one + last)).count(b"200 OK") == 3


def test_a_port_in_use_is_said_so():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused) as refused:
            bind(ServerSettings(port=port))

    refusal = refused.value.refusal
    assert refusal.code == "PORT_IN_USE"
    assert str(port) in refusal.message.zh
    assert "HUB__SERVER__PORT" in refusal.remedy.en


def test_an_address_of_another_machine_is_said_so():
    with pytest.raises(Refused) as refused:
        bind(ServerSettings(host="192.0.2.1", port=0))

    assert refused.value.refusal.code == "ADDRESS_NOT_USABLE"
