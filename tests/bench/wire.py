"""Adapter: the smallest HTTP client that keeps a connection open.

A library's client would cost more than the hub: this one sends bytes that were
made beforehand, and reads a length and as many bytes.
"""

from __future__ import annotations

import asyncio
from typing import Final, cast

_LENGTH: Final = b"content-length:"


class Lost(ConnectionError):
    """The other side closed the connection, or speaks no plain HTTP/1.1."""


class Line(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._held = b""
        self._wanted = -1
        self._body_at = 0
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where requests go."""
        # uvloop's transports are no asyncio.Transport by descent
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Lost(str(exc or "closed")))

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer."""
        self._held = self._held + data if self._held else data
        if self._wanted < 0:
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._held[:end].lower()
            start = head.find(_LENGTH)
            if start < 0:
                self._close(Lost("an answer without a length"))
                return
            length = int(head[start + len(_LENGTH) :].split(b"\r", 1)[0])
            self._body_at = end + 4
            self._wanted = self._body_at + length
        if len(self._held) >= self._wanted and self._answer is not None:
            status = int(self._held[9:12])
            body = self._held[self._body_at : self._wanted]
            self._held, self._wanted = b"", -1
            if not self._answer.done():
                self._answer.set_result((status, body))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; answers its status and body.

        Raises:
            Lost: The connection is gone.
        """
        if self._transport is None or self._transport.is_closing():
            raise Lost("closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def _close(self, why: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(why)
        self.close()


async def connect(port: int) -> Line:
    """Open a connection to a program on this machine."""
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(Line, "127.0.0.1", port)
    return line


def post(path: str, body: bytes, headers: str = "") -> bytes:
    """Write a request with a JSON body.

    Args:
        path: Where to.
        body: The JSON.
        headers: Further header lines, each ended by a line break.
    """
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json"
        f"\r\n{headers}content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str) -> bytes:
    """Write a request without a body."""
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()
