"""Adapter: GraphQL over WebSockets: who may open one, and how it is closed."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hub.web import stream_sentences
from hub.web.body import header
from hub.web.envelope import request_id_of
from hub.web.errors import Code
from hub.web.logs import REQUEST_ID, fields
from hub.web.respond import REQUEST, bad, send_problems
from hub.web.socket_messages import SUBPROTOCOL, Close, Closing
from hub.web.socket_session import HEADERS, Session

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from hub.web.errors import BadRequest
    from hub.web.operations import Operations
    from hub.web.ports import WebParts

_log = logging.getLogger("hub.socket")
_bugs = logging.getLogger("hub.bug")


class Sockets:
    """The ASGI application behind ``/graphql`` for WebSockets."""

    def __init__(self, parts: WebParts, operations: Operations) -> None:
        """Serve the graph of ``parts``.

        Args:
            parts: What the web needs.
            operations: What runs operations; one for all protocols.
        """
        self._parts = parts
        self._operations = operations
        self._origins = frozenset(parts.streams.origins)
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket, from the request to open it to its close."""
        request = scope[REQUEST] = request_id_of(header(scope, b"x-request-id"))
        token = REQUEST_ID.set(request)
        self._open += 1
        self._parts.figures.streams.labels("websocket").inc()
        try:
            await receive()  # websocket.connect
            wrong = self._wrong(scope)
            if wrong is not None:
                await send_problems(scope, refusing(send), wrong)
                return
            await self._serve(scope, receive, send)
        except OSError:
            _log.debug("left before it was open")
        finally:
            self._open -= 1
            self._parts.figures.streams.labels("websocket").dec()
            REQUEST_ID.reset(token)

    def _wrong(self, scope: Scope) -> BadRequest | None:
        """Tell why a socket may not be opened, if it may not."""
        origin = header(scope, b"origin")
        host = header(scope, b"host") or ""
        if origin is not None and not (
            origin in self._origins or urlsplit(origin).netloc == host
        ):
            return bad(Code.FORBIDDEN, stream_sentences.FOREIGN_ORIGIN)
        if self._open > self._parts.streams.sockets:
            return bad(Code.BUSY, stream_sentences.TOO_MANY_STREAMS)
        return None

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        agreed = SUBPROTOCOL in scope["subprotocols"]
        request = scope[REQUEST].encode("ascii")
        await send(
            {
                "type": "websocket.accept",
                "subprotocol": SUBPROTOCOL if agreed else None,
                "headers": [(b"x-request-id", request)],
            }
        )
        began = perf_counter()
        closing: Closing | None = None
        served = 0
        try:
            if agreed:
                said = {
                    name: value
                    for name in HEADERS
                    if (value := header(scope, name.encode())) is not None
                }
                session = Session(self._parts, self._operations, receive, send, said)
                try:
                    closing = await session.run()
                finally:
                    served = session.served
            else:
                closing = Closing(Close.SUBPROTOCOL, "Subprotocol not acceptable")
        except Exception:  # noqa: BLE001  # it is closed in order whatever happens
            self._parts.figures.bug()
            _bugs.exception("unexpected exception")
            closing = Closing(Close.INTERNAL, "Internal server error")
        told = {
            "outcome": "left" if closing is None else closing.code.name,
            "operations": served,
            "ms": round((perf_counter() - began) * 1000, 1),
        }
        _log.info("socket", extra=fields(**told))
        if closing is not None:
            await send(
                {
                    "type": "websocket.close",
                    "code": int(closing.code),
                    "reason": closing.reason,
                }
            )


def refusing(send: Send) -> Send:
    """Answer the request to open a socket as an HTTP request."""

    async def refuse(message: Message) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    return refuse
