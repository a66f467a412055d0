"""Adapter: the routes of the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from hub.web import sentences
from hub.web.batch_upload import BatchUpload
from hub.web.callbacks import Callbacks
from hub.web.credentials import CredentialDocuments
from hub.web.envelope import Envelope
from hub.web.errors import Code
from hub.web.explorer.endpoint import Explorer
from hub.web.graphql import GraphQLEndpoint
from hub.web.health import Metrics, Ready, by_get, live
from hub.web.operations import Operations
from hub.web.respond import bad, send_problems
from hub.web.sockets import Sockets, refusing

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from hub.web.ports import WebParts


class Raw:
    """An ASGI application as the endpoint of a route.

    Starlette would take a plain function for one that returns a response.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        await self._app(scope, receive, send)


async def _nothing_here(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        send = refusing(scope, send)
    await send_problems(scope, send, bad(Code.NOT_FOUND, sentences.NOT_FOUND))


def build(parts: WebParts) -> Starlette:
    """Build the application.

    Args:
        parts: What it needs of the rest of the hub.

    Returns:
        An application with ``/graphql``, ``/livez``, ``/readyz`` and ``/metrics``,
        with ``/explorer`` where the settings want it, and with what is published of
        the credentials where the hub issues any, ``/transfers/batches`` where it
        takes batches, and ``/callbacks/{province}`` for what provinces push.
    """
    operations = Operations(parts)
    endpoints: dict[str, ASGIApp] = {
        "/graphql": GraphQLEndpoint(parts, operations),
        "/livez": by_get(live),
        "/readyz": by_get(Ready(parts)),
        "/metrics": by_get(Metrics(parts)),
    }
    if parts.server.explorer:
        explorer = Explorer()
        endpoints["/explorer"] = by_get(explorer.page)
        endpoints["/explorer/{name}"] = by_get(explorer.file)
    if parts.credentials is not None:
        published = CredentialDocuments(parts.credentials)
        endpoints["/credentials/jwks.json"] = by_get(published.keys)
        endpoints["/credentials/status/{number}"] = by_get(published.status_list)
    if parts.uploads is not None:
        endpoints["/transfers/batches"] = BatchUpload(
            parts, parts.uploads, operations.admission
        )
    if parts.case_files is not None:
        endpoints["/callbacks/{province}"] = Callbacks(
            parts, parts.case_files, parts.callback_secrets
        )
    app = Starlette(
        routes=[
            WebSocketRoute("/graphql", Raw(Sockets(parts, operations))),
            *(Route(path, Raw(endpoint)) for path, endpoint in endpoints.items()),
        ],
        middleware=[
            Middleware(
                Envelope,
                figures=parts.figures,
                tracer=parts.tracer,
                routes=frozenset(endpoints),
            )
        ],
    )
    # A slash at the end would be answered with a redirect, which POST does not
    # survive: it is simply not there.
    app.router.redirect_slashes = False
    app.router.default = _nothing_here
    return app
