"""Adapter: uvicorn's HTTP/1.1 protocol, with limits on the head of a request.

uvicorn with httptools waits for headers without end and takes as many of them as
are sent. Here a connection has a time to send a whole head, also for the first
time, and the head has a size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.web.event_stream import DROP

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_ANSWER = (
    b"HTTP/1.1 %s\r\ncontent-type: application/json; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s"
)
_TOO_LARGE = (
    '{"errors":[{"message":"The headers of the request are too large.",'
    '"extensions":{"code":"HEADERS_TOO_LARGE","zh":"请求头过大，请缩短地址和请求头。",'
    '"en":"The headers of the request are too large: shorten address and headers."}}]}'
).encode()
_TOO_SLOW = (
    '{"errors":[{"message":"The request did not arrive in time.",'
    '"extensions":{"code":"REQUEST_TIMED_OUT","zh":"请求没有在时限内到齐，请重新发送。",'
    '"en":"The request did not arrive in time: send it again."}}]}'
).encode()


class LimitedProtocol(HttpToolsProtocol):
    """Gives every head a time and a size; see ``limited``.

    Attributes:
        head_seconds: How long a head may take.
        head_bytes: How large a head may be.
    """

    head_seconds: ClassVar[float] = 10.0
    head_bytes: ClassVar[int] = 32 * 1024

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head_size = 0
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time for the first head."""
        super().connection_made(transport)
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what is received of a head."""
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > self.head_bytes:
            self._refuse(b"431 Request Header Fields Too Large", _TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head = True
        if self._timer is None:
            self._head_size = 0
            self._start()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._stop()
        self._in_head = False
        size = len(self.url) + sum(len(n) + len(v) + 4 for n, v in self.headers)
        if size > self.head_bytes:
            self._refuse(b"431 Request Header Fields Too Large", _TOO_LARGE)
            return
        self.scope[DROP] = self._drop  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: what follows is the head of the next."""
        if self._refused:
            return
        super().on_message_complete()
        self._in_head = True
        self._head_size = 0

    def on_body(self, body: bytes) -> None:
        """Pass on the body of a request that was not refused."""
        if not self._refused:
            super().on_body(body)

    def _drop(self) -> None:
        """Let the connection go at once, whatever was not taken yet."""
        self.transport.abort()

    def _start(self) -> None:
        self._timer = self.loop.call_later(self.head_seconds, self._too_slow)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        self._refuse(b"408 Request Timeout", _TOO_SLOW)

    def _refuse(self, status: bytes, body: bytes) -> None:
        """Answer and hang up, unless an answer to an earlier request is under way."""
        self._refused = True
        transport: asyncio.Transport | None = self.transport
        if transport is None or transport.is_closing():
            return
        earlier: RequestResponseCycle | None = self.cycle
        if earlier is None or earlier.response_complete:
            transport.write(_ANSWER % (status, len(body), body))
        transport.close()


def limited(head_seconds: float, head_bytes: int) -> type[LimitedProtocol]:
    """Make a protocol class with these limits; uvicorn takes a class."""
    return type(
        "LimitedProtocol",
        (LimitedProtocol,),
        {"head_seconds": head_seconds, "head_bytes": head_bytes},
    )
