"""Each operation on a WebSocket is the root of a trace, or a part of its caller's."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from connectors.tracing import part
from hub.clock import SystemClock
from hub.tracing.spans import Sampling
from tests.web.sockets import running, streaming, wire

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
OTHER = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture
def kept():
    return []


@pytest.fixture
def address(kept):
    made = streaming(kind="three")

    async def traced(*_):
        with part("gather"):
            await asyncio.sleep(0)
        return "world"

    made.schema.query_type.fields["hello"].resolve = traced
    tracer = Sampling(1.0, SystemClock(), kept.append)
    with running(replace(made, tracer=tracer)) as where:
        yield where


async def _ask(address, query="query Greeting { hello }", headers=None, **payload):
    async with wire(address, additional_headers=headers or {}) as socket:
        await socket.init(**payload)
        await socket.subscribe(query)
        while (await socket.hear())["type"] == "next":
            pass


async def _roots(kept):
    for _ in range(100):
        if roots := [one for one in kept if one.name == "WEBSOCKET /graphql"]:
            return roots
        await asyncio.sleep(0.01)
    return []


async def test_an_operation_is_a_span_and_what_it_does_stands_below(address, kept):
    await _ask(address)
    (root,) = await _roots(kept)
    (below,) = [one for one in kept if one.name == "gather"]

    assert (below.trace, below.parent) == (root.trace, root.id)
    assert (root.parent, root.kind, root.failed) == ("", 2, "")
    assert root.told.pop("request")
    assert root.told == {
        "route": "/graphql",
        "operation": "Greeting",
        "outcome": "ok",
    }


@pytest.mark.parametrize("query", ["subscription { ticks }", "{ hello }"])
@pytest.mark.parametrize("by", ["headers", "payload"])
async def test_it_joins_the_callers_trace(address, kept, query, by):
    said = {"traceparent": PARENT, "tracestate": "vendor=x"}
    await _ask(address, query, **(said if by == "payload" else {"headers": said}))
    (root,) = await _roots(kept)

    assert (root.trace, root.parent, root.state) == (TRACE, SPAN, "vendor=x")


async def test_connection_init_counts_more_than_the_upgrade(address, kept):
    upgrade = {"traceparent": PARENT, "tracestate": "vendor=x"}
    said = f"00-{OTHER}-{SPAN}-01"
    await _ask(address, headers=upgrade, Traceparent=said)
    (root,) = await _roots(kept)

    assert (root.trace, root.state) == (OTHER, "")


@pytest.mark.parametrize("said", ["nonsense", "", 1, ["x"], f"00-{'0' * 32}-{SPAN}-01"])
async def test_what_is_no_trace_context_begins_a_new_one(address, kept, said):
    await _ask(address, traceparent=said)
    (root,) = await _roots(kept)

    assert root.parent == ""


@pytest.mark.parametrize(
    ("query", "outcome", "failed"),
    [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED", ""),
        ("{ slow }", "DEADLINE", "DEADLINE"),
    ],
)
async def test_how_it_ended_is_told_by_a_code(address, kept, query, outcome, failed):
    await _ask(address, query)
    (root,) = await _roots(kept)

    assert (root.told["outcome"], root.failed) == (outcome, failed)


async def test_each_operation_of_a_socket_has_a_span_of_its_own(address, kept):
    async with wire(address) as socket:
        await socket.init(traceparent=PARENT)
        for name in "ab":
            await socket.subscribe("{ hello }", name)
            while (await socket.hear())["type"] == "next":
                pass
    roots = await _roots(kept)

    assert len({one.id for one in roots}) == 2
    assert {(one.trace, one.parent) for one in roots} == {(TRACE, SPAN)}
