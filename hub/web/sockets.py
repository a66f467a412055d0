"""Adapter: GraphQL over WebSockets: who may open one, and how it is closed."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hub.web import stream_sentences
from hub.web.body import header
from hub.web.envelope import HEADERS as COVER
from hub.web.envelope import request_id_of
from hub.web.errors import BadRequest, Code
from hub.web.logs import REQUEST_ID, fields
from hub.web.respond import OUTCOME, REQUEST, bad, send_problems
from hub.web.socket_messages import SUBPROTOCOL, Close, Closing, try_later
from hub.web.socket_session import HEADERS, Session
from hub.web.socket_turns import Turns
from hub.web.socket_waiting import WaitingRoom, address_of

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from hub.access.caller import Caller
    from hub.web.operations import Operations
    from hub.web.ports import WebParts

_log = logging.getLogger("hub.socket")
_bugs = logging.getLogger("hub.bug")

#: So many messages, of all sockets together, are begun in one turn of the loop: the
#: heaviest takes about a millisecond until it waits for something.
_AT_ONCE = 16
#: Who finds all sockets taken may come back after so many seconds.
_RETRY: tuple[tuple[bytes, bytes], ...] = ((b"retry-after", b"5"),)


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
        self._room = WaitingRoom(parts.streams)
        self._turns = Turns(_AT_ONCE)
        self._strangers = Turns(1)
        #: Sockets that are initialised.
        self._seated = 0
        waiting = parts.figures.streams.labels("waiting")
        waiting.set_function(lambda: float(len(self._room)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket, from the request to open it to its close."""
        request = scope[REQUEST] = request_id_of(header(scope, b"x-request-id"))
        token = REQUEST_ID.set(request)
        self._parts.figures.streams.labels("websocket").inc()
        try:
            await receive()  # websocket.connect
            wrong = self._wrong(scope)
            if wrong is not None:
                busy = wrong.problems[0].code is Code.BUSY
                headers = _RETRY if busy else ()
                await send_problems(
                    scope, refusing(scope, send), wrong, headers=headers
                )
                _log.info("socket", extra=fields(outcome=scope[OUTCOME], operations=0))
                return
            await self._serve(scope, receive, send)
        except OSError:
            _log.debug("left before it was open")
        finally:
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
        if self._seated >= self._parts.streams.sockets:
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
        session: Session | None = None
        try:
            with ExitStack() as held:
                if agreed:
                    session = self._session(scope, receive, send, held)
                    closing = await session.run()
                else:
                    closing = Closing(Close.SUBPROTOCOL, "Subprotocol not acceptable")
        except Exception:  # noqa: BLE001  # it is closed in order whatever happens
            self._parts.figures.bug()
            _bugs.exception("unexpected exception")
            closing = Closing(Close.INTERNAL, "Internal server error")
        told = {
            "outcome": "left" if closing is None else closing.code.name,
            "operations": 0 if session is None else session.served,
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

    def _session(
        self, scope: Scope, receive: Receive, send: Send, held: ExitStack
    ) -> Session:
        """Make the session of one who waits; ``held`` has the place that it takes."""
        said = {
            name: value
            for name in HEADERS
            if (value := header(scope, name.encode())) is not None
        }

        def admit(caller: Caller) -> None:
            if self._seated >= self._parts.streams.sockets:
                raise try_later()
            try:
                held.enter_context(self._operations.admission.places.take(caller))
            except BadRequest as error:
                raise try_later() from error
            leave()
            self._seated += 1
            held.callback(self._stand_up)

        session = Session(
            self._parts,
            self._operations,
            receive,
            send,
            said,
            admit=admit,
            turns=self._turns,
            strangers=self._strangers,
        )
        address = address_of(scope, self._parts.streams.proxies)
        leave = held.enter_context(self._room.enter(address, session.send_away))
        return session

    def _stand_up(self) -> None:
        self._seated -= 1


def refusing(scope: Scope, send: Send) -> Send:
    """Answer the request to open a socket as an HTTP request, with the same cover."""
    request = scope.setdefault(REQUEST, request_id_of(header(scope, b"x-request-id")))

    async def refuse(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = (b"x-request-id", request.encode("ascii"))
            message["headers"] = [*message["headers"], *COVER, own]
        await send({**message, "type": f"websocket.{message['type']}"})

    return refuse
