"""Adapter: what every request gets: an id, a line in the log, and a cover.

Pure ASGI: one wrapper, because each further one costs as much as the route.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING

from connectors.tracing import CURRENT
from hub.clock import new_request_id
from hub.web import sentences
from hub.web.body import header
from hub.web.errors import Code
from hub.web.logs import REQUEST_ID, fields
from hub.web.respond import OPERATION, OUTCOME, REQUEST, bad, send_problems
from hub.web.scrub import holds_number, holds_phone, safe_name

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from connectors.tracing import Span
    from hub.tracing.spans import Tracer
    from hub.web.metrics import Figures

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)

#: There is nothing to show in a browser here, and nothing to keep; a page that is
#: made to be shown says its own.
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)

_log = logging.getLogger("hub.request")


def request_id_of(sent: str | None) -> str:
    """Take the id that was sent if it is well-formed, or make one.

    An id is written to logs and sent to provinces, so one that could hold a
    resident ID number or a telephone number is not taken.
    """
    if sent and _WELL_FORMED.fullmatch(sent):
        telling = holds_number(sent) or holds_phone(sent)
        return new_request_id() if telling else sent
    return new_request_id()


class Envelope:
    """Wraps the whole application."""

    def __init__(
        self, app: ASGIApp, figures: Figures, tracer: Tracer, routes: frozenset[str]
    ) -> None:
        """Wrap an application.

        Args:
            app: What answers.
            figures: Where requests are counted.
            tracer: Begins their traces.
            routes: The paths that are ours; others are counted as ``other``.
        """
        self._app = app
        self._figures = figures
        self._tracer = tracer
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        request = request_id_of(header(scope, b"x-request-id"))
        scope[REQUEST] = request
        span = self._begin(scope)
        tokens = REQUEST_ID.set(request), CURRENT.set(span)
        status = 0

        async def covered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                said = list(message.get("headers", ()))
                own = {name for name, _ in said}
                said += [pair for pair in HEADERS if pair[0] not in own]
                said.append((b"x-request-id", request.encode("ascii")))
                message["headers"] = said
            await send(message)

        try:
            await self._app(scope, receive, covered)
        except Exception:
            self._figures.bug()
            logging.getLogger("hub.bug").exception("unexpected exception")
            if not status:
                wrong = bad(Code.INTERNAL, sentences.INTERNAL)
                await send_problems(scope, covered, wrong)
        finally:
            self._note(scope, status, perf_counter() - began, span)
            REQUEST_ID.reset(tokens[0])
            CURRENT.reset(tokens[1])

    def _begin(self, scope: Scope) -> Span | None:
        """Begin the span of a request; that the hub lives is not worth one."""
        if scope["path"] != "/graphql":
            return None
        parent, state = (
            [value.decode("latin-1") for key, value in scope["headers"] if key == name]
            for name in (b"traceparent", b"tracestate")
        )
        return self._tracer.begin(f"{scope['method']} /graphql", parent, state)

    def _note(
        self, scope: Scope, status: int, seconds: float, span: Span | None
    ) -> None:
        """Count the request and write its line; never its query string."""
        path = scope["path"]
        route = path if path in self._routes else "other"
        outcome = scope.get(OUTCOME) or (
            "ok" if status < HTTPStatus.BAD_REQUEST else str(status)
        )
        self._figures.answered_request(route, outcome, seconds)
        operation = safe_name(scope.get(OPERATION, ""))
        if span is not None:
            span.tell(
                request=scope[REQUEST],
                method=scope["method"],
                route=route,
                status=status,
                outcome=outcome,
                operation=operation,
            )
            span.end("" if status < HTTPStatus.INTERNAL_SERVER_ERROR else outcome)
        level = logging.INFO if route == "/graphql" else logging.DEBUG
        if not _log.isEnabledFor(level):
            return
        told = {
            "method": scope["method"],
            "path": path if route != "other" else "other",
            "status": status,
            "outcome": outcome,
            "ms": round(seconds * 1000, 1),
        }
        if operation:
            told["operation"] = operation
        _log.log(level, "request", extra=fields(**told))
