"""Adapter: a stub province in a process of its own, as fast as Python can be.

``python -m tests.bench.stub --province 44`` writes ``ready http://…`` and serves
``POST /graphql`` (the province contract), ``POST /latency`` (seconds that every
answer takes from then on) and ``GET /last`` (the body of the last question).
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Final, cast

import uvloop

from tests.bench.answering import Answering

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
)
_LENGTH: Final = b"content-length:"


class Stub:
    """What all connections of the process share."""

    def __init__(self, province: str) -> None:
        self.answering = Answering(province)
        self.latency = 0.0
        self.last = b""

    def answer(self, path: bytes, body: bytes) -> tuple[bytes, float]:
        """Answer one request: the body, and after how many seconds it goes."""
        if path == b"/graphql":
            self.last = body
            return self.answering.answer(body), self.latency
        if path == b"/latency":
            self.latency = float(body)
            return b"null", 0.0
        return self.last, 0.0


class Connection(asyncio.Protocol):
    """One connection: plain HTTP/1.1 with a length, one request at a time."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._held = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        # uvloop's transports are no asyncio.Transport by descent
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is there in whole."""
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end].lower()
            start = head.find(_LENGTH)
            length = 0
            if start >= 0:
                length = int(head[start + len(_LENGTH) :].split(b"\r", 1)[0])
            if len(self._held) < end + 4 + length:
                return
            body = self._held[end + 4 : end + 4 + length]
            self._held = self._held[end + 4 + length :]
            answer, wait = self._stub.answer(head.split(b" ", 2)[1], body)
            self._send(_HEAD % len(answer) + answer, wait)

    def _send(self, answer: bytes, wait: float) -> None:
        assert self._transport is not None
        if wait:
            loop = asyncio.get_running_loop()
            loop.call_later(wait, self._transport.write, answer)
        else:
            self._transport.write(answer)


async def _serve(province: str) -> None:
    loop = asyncio.get_running_loop()
    stub = Stub(province)
    server = await loop.create_server(lambda: Connection(stub), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"ready http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, stopped.set)
    await stopped.wait()
    server.close()


def main(words: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stub")
    parser.add_argument("--province", required=True)
    uvloop.run(_serve(parser.parse_args(words).province))


if __name__ == "__main__":
    main()
