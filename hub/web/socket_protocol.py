"""Adapter: uvicorn's WebSocket protocol, so that nothing of it grows without end.

As it comes, a caller that reads nothing makes the hub keep the pongs to all its
pings, a message may come in any number of empty frames, a read full of small frames
keeps everybody else waiting for seconds, and a connection that is closed while its
caller takes nothing is kept until TCP gives up. Who is refused is told in plain text,
or never if the head cannot be read, and a refusal in order is logged as an error.
"""

from __future__ import annotations

import logging
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Final

import orjson
from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)
from websockets.datastructures import Headers
from websockets.http11 import Response

from hub.clock import new_request_id
from hub.web import sentences, stream_sentences
from hub.web.envelope import HEADERS
from hub.web.errors import Code, as_body, problem
from hub.web.negotiate import JSON

if TYPE_CHECKING:
    import asyncio

    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
    from websockets.frames import Frame

#: So many bytes are taken apart at a time; then others have their turn. The
#: smallest frame has six.
_SLICE: Final = 512
#: A message may come in so many frames.
_MOST_FRAMES: Final = 256
#: After the farewell a caller has so long to take what was sent, in seconds.
_FAREWELL_S: Final = 5.0
_GOING_AWAY: Final = 1001
_NOT_UTF8: Final = 1007
_TOO_BIG: Final = 1009

# uvicorn writes the whole address of each connection, websockets each frame: both
# may hold anything. What there is to tell, our own line tells.
_quiet = logging.getLogger("hub.socket.transport")
_quiet.setLevel(logging.ERROR)


class LimitedSocket(WebSocketsSansIOProtocol):
    """Reads no more than is taken in, and lets go of callers who take nothing."""

    frame_bytes: ClassVar[int] = 256 * 1024

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.logger = _quiet
        self.conn.logger, self.conn.debug = _quiet, False
        self.conn.max_message_size = self.frame_bytes
        self.conn.reject = _rejection  # type: ignore[method-assign]
        self.close_timeout = _FAREWELL_S
        self._unread = bytearray()
        self._scheduled = False
        self._dropping: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Take what came apart, a little at a time."""
        self._unread += data
        if not self._scheduled:
            self._take_apart()

    def _take_apart(self) -> None:
        self._scheduled = False
        if self.transport.is_closing():
            self._unread.clear()
            return
        if self._unread:
            piece = bytes(self._unread[:_SLICE])
            del self._unread[:_SLICE]
            super().data_received(piece)
            if self.conn.handshake_exc is not None and not self.handshake_initiated:
                self._refuse_head()
        self._go_on()

    def _refuse_head(self) -> None:
        """Refuse a request to open a socket that the library cannot even read."""
        answer = b"".join(self.conn.data_to_send())  # it wrote one, or it did not
        if not answer:
            answer = _rejection(HTTPStatus.BAD_REQUEST, "").serialize()
        self.handshake_complete = self.close_sent = True
        self.transport.write(answer)
        self.transport.close()

    def _go_on(self) -> None:
        """Read on, if all that came was taken, here and by the caller."""
        if self.transport.is_closing():
            return
        if self._unread or self.read_paused or not self.writable.is_set():
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()
        held = self.read_paused or not self.writable.is_set()
        if self._unread and not held and not self._scheduled:
            self._scheduled = True
            self.loop.call_soon(self._take_apart)

    def pause_writing(self) -> None:
        """Read nothing more while the caller takes nothing: pings are answered."""
        super().pause_writing()
        self._go_on()

    def resume_writing(self) -> None:
        """Go on reading, unless the application has not taken what came."""
        super().resume_writing()
        self._go_on()

    async def receive(self) -> ASGIReceiveEvent:
        """Give the application the next message."""
        message = await super().receive()
        self._go_on()
        return message

    async def send(self, message: ASGISendEvent) -> None:
        """Send; a farewell does not wait for what went before it to be taken."""
        if message["type"] == "websocket.close":
            self.writable.set()
        await super().send(message)
        if message["type"] == "websocket.close":
            self._go_on()  # to the caller's own farewell
        elif self.initial_response is not None and self.close_sent:
            # The request was refused in order: nothing is missing.
            self.handshake_complete = True

    def handle_cont(self, event: Frame) -> None:
        """Take one frame more of a message."""
        if len(self.frames) >= _MOST_FRAMES:
            self._fail(_TOO_BIG, "too many frames")
            return
        super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Hand a whole message on, if it is what it says."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self._fail(_NOT_UTF8, "not UTF-8")
                return
        super().send_receive_event_to_app()

    def shutdown(self) -> None:
        """Say that the hub is going away; the caller may come to another process."""
        if self.handshake_complete and not self.close_sent:
            self.stop_keepalive()
            self.queue.put_nowait({"type": "websocket.disconnect", "code": _GOING_AWAY})
            self.conn.send_close(_GOING_AWAY, "the hub stops")
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.transport.close()
            self._drop_later()
            return
        super().shutdown()
        self._drop_later()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Let go of the connection, whether its caller takes the rest or not."""
        super().on_task_complete(task)
        self._drop_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything: nothing is kept for a caller who has left."""
        super().connection_lost(exc)
        self._unread.clear()
        if self._dropping is not None:
            self._dropping.cancel()

    def _drop_later(self) -> None:
        if not self.disconnected and self._dropping is None:
            self._dropping = self.loop.call_later(_FAREWELL_S + 1, self._drop)

    def _drop(self) -> None:
        if not self.disconnected:
            self.transport.abort()

    def _fail(self, code: int, reason: str) -> None:
        self.frames = []
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()


def _rejection(status: int, text: str) -> Response:
    """Refuse a request to open a socket; ``text`` is the library's, and not shown."""
    del text
    chosen, request = HTTPStatus(status), new_request_id()
    if chosen is HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
        made = problem(Code.HEADERS_TOO_LARGE, sentences.HEAD_TOO_LARGE)
    elif chosen is HTTPStatus.METHOD_NOT_ALLOWED:
        made = problem(Code.METHOD_NOT_ALLOWED, sentences.METHOD, allow="GET")
    elif chosen is HTTPStatus.INTERNAL_SERVER_ERROR:
        made = problem(Code.INTERNAL, sentences.INTERNAL)
    else:
        made = problem(Code.BAD_REQUEST, stream_sentences.NO_HANDSHAKE)
    body = orjson.dumps(as_body([made], "en", request))
    headers = {
        "date": formatdate(usegmt=True),
        "connection": "close",
        "content-length": str(len(body)),
        "content-type": f"{JSON}; charset=utf-8",
        "x-request-id": request,
    }
    headers |= {name.decode(): value.decode() for name, value in HEADERS}
    return Response(chosen.value, chosen.phrase, Headers(headers), body)


def limited_socket(frame_bytes: int) -> type[LimitedSocket]:
    """Make a protocol class with this limit; uvicorn takes a class."""
    return type("LimitedSocket", (LimitedSocket,), {"frame_bytes": frame_bytes})
