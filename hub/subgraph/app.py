"""Adapter: the routes of the kit, and the line in the log that each request gets."""

from __future__ import annotations

import logging
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING

from hub.subgraph import sentences as own
from hub.subgraph.endpoint import COMMANDS, WORKERS, Endpoint
from hub.web import sentences
from hub.web.body import header
from hub.web.envelope import HEADERS, request_id_of
from hub.web.errors import Code
from hub.web.health import by_get, live
from hub.web.logs import REQUEST_ID, fields
from hub.web.respond import OUTCOME, REQUEST, bad, send_json, send_problems

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from hub.subgraph.bearers import Bearers
    from hub.subgraph.settings import KitSettings
    from hub.subgraph.source import Source

_log = logging.getLogger("hub.request")


def build(source: Source, bearers: Bearers, settings: KitSettings) -> ASGIApp:
    """Build the application: ``/graphql``, ``/livez`` and ``/readyz``.

    Args:
        source: Who is asked.
        bearers: Whose questions are taken.
        settings: The limits.
    """
    return App(
        {
            "/graphql": Endpoint(source, bearers, settings),
            "/livez": by_get(live),
            "/readyz": by_get(Ready(source)),
        }
    )


class Ready:
    """Says whether the province may be asked."""

    def __init__(self, source: Source) -> None:
        """Look at this source."""
        self._source = source

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer 200 if the source answers, else 503."""
        ready = self._source.ready
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        checks = {"source": "ok" if ready else "failing"}
        await send_json(send, status, {"ready": ready, "checks": checks})


class App:
    """Gives every request an id, an answer, and a line in the log."""

    def __init__(self, routes: dict[str, ASGIApp]) -> None:
        """Serve these paths."""
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1000})
            return
        began = perf_counter()
        request = request_id_of(header(scope, b"x-request-id"))
        scope[REQUEST] = request
        token = REQUEST_ID.set(request)
        status = 0

        async def covered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                said = [*message.get("headers", ()), *HEADERS]
                said.append((b"x-request-id", request.encode("ascii")))
                message["headers"] = said
            await send(message)

        try:
            await self._route(scope, receive, covered)
        except Exception:
            logging.getLogger("hub.bug").exception("unexpected exception")
            if not status:
                wrong = bad(Code.INTERNAL, sentences.INTERNAL)
                await send_problems(scope, covered, wrong)
        finally:
            self._note(scope, status, perf_counter() - began)
            REQUEST_ID.reset(token)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._routes.get(scope["path"])
        if app is None:
            wrong = bad(Code.NOT_FOUND, own.NOT_FOUND)
            await send_problems(scope, send, wrong)
            return
        await app(scope, receive, send)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Write the line of a request: how much it asked for, never for whom."""
        path = scope["path"] if scope["path"] in self._routes else "other"
        level = logging.INFO if path == "/graphql" else logging.DEBUG
        outcome = scope.get(OUTCOME) or (
            "ok" if status < HTTPStatus.BAD_REQUEST else str(status)
        )
        told = {
            "path": path,
            "status": status,
            "outcome": outcome,
            "workers": scope.get(WORKERS, 0),
            "commands": scope.get(COMMANDS, 0),
            "ms": round(seconds * 1000, 1),
        }
        _log.log(level, "request", extra=fields(**told))
