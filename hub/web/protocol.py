"""Adapter: uvicorn's HTTP/1.1 protocol, with limits on the head of a request.

uvicorn with httptools waits for headers without end and takes as many of them as
are sent. Here a connection has a time to send a whole head, also for the first
time, and the head has a size. Whatever is refused here is told in JSON too, in both
languages and with an id, although there is no request yet.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.clock import new_request_id
from hub.web import sentences
from hub.web.envelope import HEADERS
from hub.web.errors import Code, as_body, problem
from hub.web.event_stream import DROP
from hub.web.socket_turns import Turns

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from hub.web.unsent import Unsent
    from schema.records.refusal import Bilingual

    Sentences = tuple[Bilingual, Bilingual]

#: So much that was received is taken in one turn of the loop, of all connections
#: together; the head of a request takes some 0.1 ms, and what it begins a few times
#: as much.
_READS_AT_ONCE = 32
#: So many WebSockets are opened in one turn of the loop; each takes some 0.2 ms.
_UPGRADES_AT_ONCE = 8

_ANSWER = (
    b"HTTP/1.1 %d %s\r\ncontent-type: application/json; charset=utf-8\r\n"
    b"content-length: %d\r\nx-request-id: %s\r\n%sconnection: close\r\n\r\n%s"
)


class LimitedProtocol(HttpToolsProtocol):
    """Gives every head a time and a size; see ``limited``.

    Attributes:
        head_seconds: How long a head may take.
        head_bytes: How large a head may be.
        reads: In which turns what was received is taken.
        upgrades: In which turns WebSockets are opened.
        unsent: Sees to what callers do not take.
    """

    head_seconds: ClassVar[float] = 10.0
    head_bytes: ClassVar[int] = 32 * 1024
    reads: ClassVar[Turns] = Turns(_READS_AT_ONCE)
    upgrades: ClassVar[Turns] = Turns(_UPGRADES_AT_ONCE)
    unsent: ClassVar[Unsent]

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head_size = 0
        self._refused = False
        self._behind = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time for the first head."""
        super().connection_made(transport)
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        self._stop()
        self.unsent.forget(self.transport)
        super().connection_lost(exc)
        self._let_go()

    def data_received(self, data: bytes) -> None:
        """Take what is received when it is its turn."""
        if self.reads.take(partial(self._take, data)):
            return
        # Others were first, and nothing more shall come meanwhile.
        self._behind = True
        self.transport.pause_reading()

    def _take(self, data: bytes) -> None:
        """Count what is received of a head."""
        if self._behind:
            self._behind = False
            if self.transport.is_closing():
                return
            if not self.flow.read_paused:
                self.transport.resume_reading()
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > self.head_bytes:
            self._refuse(Code.HEADERS_TOO_LARGE, sentences.HEAD_TOO_LARGE)

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
            self._refuse(Code.HEADERS_TOO_LARGE, sentences.HEAD_TOO_LARGE)
            return
        most = self.limit_concurrency
        if most is not None and max(len(self.connections), len(self.tasks)) >= most:
            self._refuse(Code.BUSY, sentences.BUSY, b"retry-after: 2\r\n")
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

    def on_response_complete(self) -> None:
        """The answer is handed over; the caller may not have taken it."""
        self.unsent.look(self.transport)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The caller does not take what is sent."""
        super().pause_writing()
        self.unsent.look(self.transport)

    def resume_writing(self) -> None:
        """The caller took most of it."""
        super().resume_writing()
        self.unsent.taken(self.transport)

    def on_body(self, body: bytes) -> None:
        """Pass on the body of a request that was not refused."""
        if not self._refused:
            super().on_body(body)

    def handle_websocket_upgrade(self) -> None:
        """Open a WebSocket when it is its turn: a thousand may want to at once."""
        if self._refused:
            return
        # What comes too soon is read later, by who can read it.
        self.transport.pause_reading()
        self.upgrades.take(self._upgrade)

    def _upgrade(self) -> None:
        if not self.transport.is_closing():
            super().handle_websocket_upgrade()
        self._let_go()  # it has no further part in the connection

    def _let_go(self) -> None:
        """Undo what refers to one another, so that all of it is gone at once.

        Left so, thousands of connections wait for the collector, which then stops
        everybody for a third of a second.
        """
        self.parser = None  # type: ignore[assignment]  # as uvicorn does
        if self.scope:
            self.scope.pop(DROP, None)  # type: ignore[typeddict-item]

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
        self._refuse(Code.REQUEST_TIMED_OUT, sentences.HEAD_SLOW)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; ``msg`` is the library's, and is not shown."""
        del msg
        self._stop()
        self._refuse(Code.BAD_REQUEST, sentences.NO_HTTP)

    def _refuse(self, code: Code, sentence: Sentences, more: bytes = b"") -> None:
        """Answer and hang up, unless an answer to an earlier request is under way."""
        self._refused = True
        transport: asyncio.Transport | None = self.transport
        if transport is None or transport.is_closing():
            return
        earlier: RequestResponseCycle | None = self.cycle
        if earlier is None or earlier.response_complete:
            transport.write(_answer(code, sentence, more))
        transport.close()


def _answer(code: Code, sentence: Sentences, more: bytes) -> bytes:
    request, told = new_request_id(), problem(code, sentence)
    body = orjson.dumps(as_body([told], "en", request))
    status, phrase = told.status, told.status.phrase.encode()
    more += b"".join(b"%s: %s\r\n" % pair for pair in HEADERS)
    return _ANSWER % (status, phrase, len(body), request.encode(), more, body)


def limited(
    head_seconds: float, head_bytes: int, unsent: Unsent
) -> type[LimitedProtocol]:
    """Make a protocol class with these limits; uvicorn takes a class."""
    return type(
        "LimitedProtocol",
        (LimitedProtocol,),
        {
            "head_seconds": head_seconds,
            "head_bytes": head_bytes,
            "reads": Turns(_READS_AT_ONCE),
            "upgrades": Turns(_UPGRADES_AT_ONCE),
            "unsent": unsent,
        },
    )
