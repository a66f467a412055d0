"""Server-sent events as graphql-sse has them, byte by byte, on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import timedelta

import pytest

from hub.web.negotiate import stream_wish
from tests.web.sockets import Source, running, streaming

STREAM = "text/event-stream"
PLAIN = "application/graphql-response+json"
URQL = f"{PLAIN}, application/graphql+json, application/json, {STREAM}, multipart/mixed"
TICKS = "subscription { ticks }"


class Stream:
    """One request on a bare socket."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.status = 0
        self.headers = {}

    async def head(self):
        async with asyncio.timeout(5):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.rstrip().split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = dict(line.lower().split(": ", 1) for line in lines)
        return self

    async def chunk(self, within=5.0):
        """Read one chunk of the body; empty at its end."""
        async with asyncio.timeout(within):
            size = int(await self.reader.readline(), 16)
            return (await self.reader.readexactly(size + 2))[:-2]

    async def body(self):
        async with asyncio.timeout(5):
            return json.loads(
                await self.reader.readexactly(int(self.headers["content-length"]))
            )

    async def event(self):
        """Read one event; comments are passed over."""
        while (chunk := await self.chunk()).startswith(b":"):
            pass
        return chunk

    async def next(self):
        name, data = (await self.event()).decode().rstrip("\n").split("\n")
        assert name == "event: next"
        return json.loads(data.removeprefix("data: "))


@contextlib.asynccontextmanager
async def asking(address, query, accept=STREAM, token="good", **more):  # noqa: S107
    reader, writer = await asyncio.open_connection(*address)
    body = json.dumps({"query": query, **more}).encode()
    writer.write(
        b"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %s\r\nAccept: %s\r\nContent-Length: %d\r\n\r\n%s"
        % (token.encode(), accept.encode(), len(body), body)
    )
    try:
        yield await Stream(reader, writer).head()
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@pytest.fixture(scope="module")
def served():
    with running(streaming()) as address:
        yield address


@pytest.fixture(scope="module")
def three():
    with running(streaming(kind="three")) as address:
        yield address


async def test_a_subscription_is_streamed_to_its_end(three):
    async with asking(three, TICKS) as stream:
        chunks = []
        while chunk := await stream.chunk():
            chunks.append(chunk)

    assert stream.status == 200
    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert stream.headers["cache-control"] == "no-store"
    assert stream.headers["x-request-id"]
    assert b"".join(chunks) == (
        b":\n\n"
        b'event: next\ndata: {"data":{"ticks":1}}\n\n'
        b'event: next\ndata: {"data":{"ticks":2}}\n\n'
        b'event: next\ndata: {"data":{"ticks":3}}\n\n'
        b"event: complete\ndata:\n\n"
    )


async def test_each_event_is_sent_when_it_happens(served):
    async with asking(served, TICKS) as stream:
        assert [(await stream.next())["data"]["ticks"] for _ in range(3)] == [1, 2, 3]
        with pytest.raises(TimeoutError):
            await stream.chunk(within=0.2)


@pytest.mark.parametrize("accept", [URQL, f"*/*;q=0.1, {STREAM};q=0.2"])
async def test_urql_gets_its_subscriptions_as_a_stream(three, accept):
    async with asking(three, TICKS, accept) as stream:
        assert (await stream.next())["data"] == {"ticks": 1}


async def test_urql_gets_its_queries_as_json(served):
    async with asking(served, "{ hello }", URQL) as stream:
        assert stream.headers["content-type"].startswith(PLAIN)
        assert await stream.body() == {"data": {"hello": "world"}}


@pytest.mark.parametrize("accept", [STREAM, f"{STREAM}, application/json;q=0.5"])
@pytest.mark.parametrize(
    ("query", "data"),
    [("{ hello }", {"hello": "world"}), ("mutation{touch}", {"touch": 1})],
)
async def test_whoever_wants_a_stream_first_gets_every_answer_as_one(
    served, accept, query, data
):
    async with asking(served, query, accept) as stream:
        assert await stream.next() == {"data": data}
        assert await stream.event() == b"event: complete\ndata:\n\n"
        assert await stream.chunk() == b""


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", PLAIN, f"{STREAM};q=0, */*"]
)
async def test_a_subscription_to_whoever_takes_no_stream_is_406(served, accept):
    async with asking(served, TICKS, accept) as stream:
        error = (await stream.body())["errors"][0]

    assert stream.status == 406
    assert error["extensions"]["code"] == "NOT_ACCEPTABLE"
    assert "graphql-transport-ws" in error["extensions"]["remedy"]["zh"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("subscription {", 400, "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("{ nothing }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("", 400, "BAD_REQUEST"),
        ("subscription($x: Int!) { ticks }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query($t: String!) { echo(text: $t) }", 400, "BAD_USER_INPUT"),
    ],
)
@pytest.mark.parametrize("accept", [STREAM, f"{STREAM}, application/json"])
async def test_what_is_wrong_before_the_stream_is_json_with_a_status(
    served, query, status, code, accept
):
    async with asking(served, query, accept) as stream:
        error = (await stream.body())["errors"][0]

    assert (stream.status, error["extensions"]["code"]) == (status, code)
    assert stream.headers["content-type"].startswith("application/json")


async def test_a_bad_token_is_401_before_the_stream(served):
    async with asking(served, TICKS, token="wrong") as stream:  # noqa: S106
        assert stream.status == 401
        assert (await stream.body())["errors"][0]["extensions"]["code"] == (
            "UNAUTHENTICATED"
        )


async def test_a_source_that_breaks_ends_in_a_masked_error_and_complete():
    with running(streaming(kind="broken")) as address:
        async with asking(address, TICKS) as stream:
            assert await stream.next() == {"data": {"ticks": 1}}
            chunk = (await stream.event()).decode()

    assert chunk.endswith("\n\nevent: complete\ndata:\n\n")
    error = json.loads(chunk.split("\n")[1].removeprefix("data: "))["errors"][0]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] == stream.headers["x-request-id"]
    assert "secret" not in chunk


async def test_a_slow_subscriber_is_told_so():
    with running(streaming(kind="slow")) as address:
        async with asking(address, TICKS) as stream:
            await stream.next()
            chunk = (await stream.event()).decode()

    assert '"code":"SLOW_SUBSCRIBER"' in chunk
    assert chunk.endswith("event: complete\ndata:\n\n")


async def test_a_token_that_expires_ends_the_stream():
    source = Source()
    with running(streaming(source)) as address:
        async with asking(address, TICKS, token="brief") as stream:  # noqa: S106
            for _ in range(3):
                await stream.next()
            chunk = (await stream.event()).decode()
            assert await stream.chunk() == b""

    assert '"code":"UNAUTHENTICATED"' in chunk
    assert chunk.endswith("event: complete\ndata:\n\n")
    assert source.open == 0


async def test_a_caller_that_leaves_ends_its_source():
    source = Source()
    with running(streaming(source)) as address:
        async with asking(address, TICKS) as stream:
            await stream.next()
            assert source.open == 1
        for _ in range(50):
            await asyncio.sleep(0.01)
            if not source.open:
                break
        assert (source.open, source.closed) == (0, 1)


async def test_a_silent_stream_sends_comments():
    streams = {"ping_every": timedelta(seconds=0.1)}
    with running(streaming(streams=streams)) as address:
        async with asking(address, TICKS) as stream:
            for _ in range(3):
                await stream.next()
            assert [await stream.chunk() for _ in range(3)] == [b":\n\n"] * 3


async def test_more_streams_than_allowed_are_503():
    with running(streaming(streams={"event_streams": 1})) as address:
        async with asking(address, TICKS) as first:
            await first.next()
            async with asking(address, TICKS) as second:
                assert second.status == 503
                answer = await second.body()
            assert answer["errors"][0]["extensions"]["code"] == "BUSY"
            async with asking(address, "{ hello }") as query:
                assert query.status == 200


async def test_streams_do_not_take_the_place_of_requests():
    with running(streaming(server={"requests": 1})) as address:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(5):
                stream = await stack.enter_async_context(asking(address, TICKS))
                await stream.next()
            async with asking(address, "{ hello }", PLAIN) as query:
                assert query.status == 200


async def test_a_hub_that_stops_ends_its_streams_without_complete():
    source = Source()
    with contextlib.ExitStack() as running_hub:
        address = running_hub.enter_context(running(streaming(source)))
        async with asking(address, TICKS) as stream:
            for _ in range(3):
                await stream.next()
            ending = asyncio.create_task(stream.chunk())
            await asyncio.to_thread(running_hub.close)
            # A client that hears no `complete` comes back, to another process.
            assert await ending == b""
    assert source.open == 0


async def test_line_ends_in_data_do_not_break_events(served):
    text = "a\nb\r\nc\u2028d\rdata: x"
    query = "query($t: String!) { echo(text: $t) }"
    async with asking(served, query, variables={"t": text}) as stream:
        assert await stream.next() == {"data": {"echo": text}}


@pytest.mark.parametrize(
    ("accept", "wish"),
    [
        (None, "no"),
        ("", "no"),
        ("*/*", "no"),
        ("text/*", "no"),
        (f"{STREAM};q=0", "no"),
        (STREAM, "first"),
        (STREAM.upper(), "first"),
        (f"text/html, {STREAM}", "first"),
        (f"{STREAM}, {PLAIN}", "first"),
        (f"{PLAIN}, {STREAM}", "listed"),
        (f"{PLAIN};q=0.5, {STREAM}", "first"),
        (f"*/*, {STREAM}", "listed"),
        (URQL, "listed"),
    ],
)
def test_how_much_a_stream_is_wanted(accept, wish):
    assert stream_wish(accept) == wish
