"""One subject never takes another's place, and who has no name nobody's."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from pydantic import ValidationError
from websockets.exceptions import InvalidStatus

from hub.config.streams import StreamSettings
from hub.web.socket_waiting import WaitingRoom, address_of
from tests.web.sockets import running, streaming, wire
from tests.web.test_sse import TICKS, asking

PLACES = {"subject": 3, "office": 5}
#: Her token: it opens nothing.
ANN = "ann@a"


@pytest.fixture
def few():
    with running(streaming(streams=PLACES)) as address:
        yield address


async def _closed_at_once(address, token):
    async with wire(address) as socket:
        payload = {"Authorization": f"Bearer {token}"}
        await socket.say(type="connection_init", payload=payload)
        return await socket.closed()


async def test_a_subject_has_its_places_and_takes_no_others(few):
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(3):
            socket = await stack.enter_async_context(wire(few))
            await socket.init("ann@a")
        how = await _closed_at_once(few, "ann@a")
        another = await stack.enter_async_context(wire(few))
        await another.init("bob@a")

    assert how == (1013, "Try again later: all places are taken")


async def test_an_office_has_its_places_whoever_takes_them(few):
    async with contextlib.AsyncExitStack() as stack:
        for subject in ("ann", "ann", "bob", "bob", "cid"):
            socket = await stack.enter_async_context(wire(few))
            await socket.init(f"{subject}@a")
        assert (await _closed_at_once(few, "dan@a"))[0] == 1013
        another = await stack.enter_async_context(wire(few))
        await another.init("dan@b")


async def test_sockets_operations_and_event_streams_are_counted_together(few):
    async with contextlib.AsyncExitStack() as stack:
        socket = await stack.enter_async_context(wire(few))
        await socket.init("ann@a")
        await socket.subscribe(name="1")
        for _ in range(3):
            await socket.hear()
        stream = await stack.enter_async_context(asking(few, TICKS, token=ANN))
        assert stream.status == 200

        more = await stack.enter_async_context(asking(few, TICKS, token=ANN))
        told = (await more.body())["errors"][0]["extensions"]
        await socket.subscribe(name="2")
        refused = await socket.hear()

        assert (more.status, more.headers["retry-after"]) == (429, "5")
        assert told["code"] == "RATE_LIMITED"
        assert (refused["id"], refused["type"]) == ("2", "error")
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert refused["payload"][0]["extensions"]["zh"]

        await socket.say(id="1", type="complete")
        await asyncio.sleep(0.05)
        await socket.subscribe(name="2")
        assert (await socket.hear())["type"] == "next"


async def test_whoever_leaves_gives_their_places_back(few):
    for _ in range(4):
        async with contextlib.AsyncExitStack() as stack:
            socket = await stack.enter_async_context(wire(few))
            await (await socket.init("ann@a")).subscribe()
            await socket.hear()
            stream = await stack.enter_async_context(asking(few, TICKS, token=ANN))
            assert stream.status == 200
        await asyncio.sleep(0.1)


async def test_a_query_as_an_event_stream_is_a_request_and_takes_no_place():
    with running(streaming(streams={"subject": 1, "event_streams": 1})) as address:
        async with wire(address) as socket:
            await socket.init("ann@a")
            async with asking(address, "{ hello }", token=ANN) as stream:
                assert await stream.next() == {"data": {"hello": "world"}}


async def test_a_subscription_is_under_way_only_while_it_begins():
    pace = {"rate": 100, "burst": 100, "at_once": 1}
    limits = {"callers": {"subject": pace}}
    with running(streaming(limits=limits)) as address:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(3):
                stream = await stack.enter_async_context(asking(address, TICKS))
                await stream.next()
            async with asking(address, "{ hello }", "application/json") as query:
                assert query.status == 200


async def test_sockets_that_say_nothing_shut_nobody_out():
    streams = {"sockets": 2, "waiting": 5, "waiting_per_address": 3}
    made = streaming(streams=streams)
    with running(made) as address:
        async with contextlib.AsyncExitStack() as stack:
            silent = [await stack.enter_async_context(wire(address)) for _ in range(12)]
            for _ in range(2):
                known = await stack.enter_async_context(wire(address))
                await known.init()
                await known.subscribe("{ hello }")
                assert (await known.hear())["type"] == "next"
            ends = [await one.closed(within=1) for one in silent[:9]]
            shown = made.figures.registry.get_sample_value
            waiting = shown("hub_streams", {"kind": "waiting"})
            with pytest.raises(InvalidStatus) as full:
                await stack.enter_async_context(wire(address))

    assert {code for code, _ in ends} == {4408}
    assert {reason for _, reason in ends} == {
        "Connection initialisation timeout: others wait"
    }
    assert 1 <= waiting <= 3
    assert full.value.response.status_code == 503
    assert full.value.response.headers["Retry-After"] == "5"


async def test_a_socket_that_waited_takes_a_place_only_if_one_is_left():
    with running(streaming(streams={"sockets": 1})) as address:
        async with wire(address) as first, wire(address) as second:
            await second.init()
            payload = {"Authorization": "Bearer good"}
            await first.say(type="connection_init", payload=payload)
            assert (await first.closed())[0] == 1013


async def test_who_waits_is_counted_by_the_address_that_a_proxy_tells():
    streams = {"waiting_per_address": 1, "proxies": ["127.0.0.0/8"]}
    with running(streaming(streams=streams)) as address:
        async with contextlib.AsyncExitStack() as stack:

            async def come(told):
                headers = {"X-Forwarded-For": told} if told else {}
                return await stack.enter_async_context(
                    wire(address, additional_headers=headers)
                )

            first = await come("192.0.2.7, 203.0.113.1")
            other = await come("192.0.2.7, 203.0.113.2, 127.0.0.9")
            unknown = [await come(None) for _ in range(3)]
            again = await come("203.0.113.1")
            assert (await first.closed(within=1))[0] == 4408
            for one in (other, again, *unknown):
                await one.init()


def _scope(peer, *forwarded):
    headers = [(b"x-forwarded-for", one) for one in forwarded]
    return {"client": peer and (peer, 1), "headers": headers}


@pytest.mark.parametrize(
    ("scope", "address"),
    [
        (_scope("203.0.113.1"), "203.0.113.1"),
        (_scope("203.0.113.1", b"192.0.2.1"), "203.0.113.1"),  # nobody of ours says so
        (_scope("10.0.0.1", b"192.0.2.1"), "192.0.2.1"),
        (_scope("10.0.0.1", b"192.0.2.9, 192.0.2.1 , 10.0.0.2"), "192.0.2.1"),
        (_scope("10.0.0.1", b"192.0.2.9", b"192.0.2.1:4000"), "192.0.2.1"),
        (_scope("::ffff:10.0.0.1", b"192.0.2.1"), "192.0.2.1"),
        (_scope("10.0.0.1", b"[2001:db8:0:1::5]:4000"), "20010db800000001::"),
        (_scope("2001:db8:0:1::9"), "20010db800000001::"),
        (_scope("10.0.0.1"), ""),
        (_scope("10.0.0.1", b"unknown"), ""),
        (_scope("10.0.0.1", b"10.0.0.2"), ""),
        (_scope("10.0.0.1", b"192.0.2.1, \xff"), ""),
        (_scope(None), ""),
    ],
)
def test_the_address_of_a_caller(scope, address):
    proxies = StreamSettings(proxies=["10.0.0.0/8"]).proxies

    assert address_of(scope, proxies) == address


def test_what_is_no_network_is_said_so():
    with pytest.raises(ValidationError, match="IP address or network"):
        StreamSettings(proxies=["proxy.example"])


def test_the_oldest_of_the_most_crowded_address_makes_way():
    room = WaitingRoom(StreamSettings(waiting=4, waiting_per_address=3))
    away = []
    with contextlib.ExitStack() as stack:

        def come(name, address):
            return stack.enter_context(room.enter(address, lambda: away.append(name)))

        come("a1", "a")
        for name in ("b1", "b2", "b3"):
            come(name, "b")
        come("c1", "c")
        assert away == ["b1"]
        leave = come("b4", "b")
        assert away == ["b1", "b2"]
        leave()
        leave()
        assert len(room) == 3
    assert len(room) == 0
