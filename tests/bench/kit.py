"""Adapter: a request to the province kit, without a line: what the kit itself costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connectors.graphql.document import body
from hub.config.server import ServerSettings
from hub.subgraph.app import build
from hub.subgraph.bearers import Bearers
from hub.subgraph.settings import KitSettings
from tests.provinces import over_kit
from tests.provinces.over_kit import TOKEN

if TYPE_CHECKING:
    from connectors.port import Connector, Question

_HEADERS: Final = [
    (b"authorization", f"Bearer {TOKEN}".encode()),
    (b"content-type", b"application/json"),
]
_SCOPE: Final = {
    "type": "http",
    "method": "POST",
    "path": "/graphql",
    "headers": _HEADERS,
}


class Kit:
    """The kit before a connector; it is asked one question again and again."""

    def __init__(self, behind: Connector, question: Question) -> None:
        """Put it before a connector."""
        self._source = over_kit.source(behind)
        settings = KitSettings(ServerSettings(), ())
        self._app = build(self._source, Bearers([TOKEN]), settings)
        self._sent = body(question)

    async def ask(self) -> bytes:
        """Send the request, and give the body of the answer."""
        answered: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": self._sent, "more_body": False}

        async def send(message: Any) -> None:
            answered.append(message)

        await self._app(_SCOPE, receive, send)
        start, last = answered
        assert start["status"] == 200
        told: bytes = last["body"]
        return told

    async def close(self) -> None:
        """Close what it is before."""
        await self._source.close()
