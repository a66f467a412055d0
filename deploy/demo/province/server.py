"""Adapter: the subgraph over HTTP, for callers that bear the token."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import re
import time
from typing import TYPE_CHECKING, Any

import orjson
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from deploy.demo.province.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from deploy.demo.province.acting import Desk
    from deploy.demo.province.register import Register
    from deploy.demo.province.subgraph import Subgraph

LOG = logging.getLogger("province")

#: The longest body that is read, in bytes.
LONGEST_BODY = 1_000_000

#: What may stand in a log line from outside: an id, and no second line.
_PLAIN = re.compile(r"[A-Za-z0-9._:,-]{1,128}")


class Server:
    """Checks the token, runs the query, and logs one line without a person in it.

    Attributes:
        app: The ASGI application: ``POST /graphql`` and ``GET /health``.
    """

    def __init__(
        self,
        register: Register,
        subgraph: Subgraph,
        token: str,
        delay: float = 0,
        desk: Desk | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            register: What is read.
            subgraph: What is served.
            token: The bearer token that callers must show.
            delay: Seconds to wait before each answer, to play a slow province.
            desk: Where acts are taken, if any are.
        """
        self._register = register
        self._subgraph = subgraph
        self._bearer = f"Bearer {token}".encode()
        self._delay = delay
        self._desk = desk
        self.app = Starlette(
            routes=[
                Route("/graphql", self.graphql, methods=["POST"]),
                Route("/health", self.health, methods=["GET"]),
            ]
        )

    async def health(self, request: Request) -> Response:  # noqa: ARG002
        """Tell that the province is up."""
        return _json({"status": "ok"})

    async def graphql(self, request: Request) -> Response:
        """Answer one GraphQL request, and log that it was."""
        started = time.perf_counter()
        acts = self._desk.request() if self._desk else None
        reading = Reading(self._register, acts)
        response = await self._answer(request, reading)
        LOG.info(
            "request=%s purpose=%s status=%d statements=%d ms=%.1f",
            _plain(request.headers.get("x-request-id")),
            _plain((request.headers.get("purpose-of-use") or "").replace(", ", ",")),
            response.status_code,
            reading.statements,
            (time.perf_counter() - started) * 1000,
        )
        return response

    async def _answer(self, request: Request, reading: Reading) -> Response:
        shown = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(shown, self._bearer):
            return _refused(
                401, "令牌缺失或有误。", "The bearer token is missing or wrong."
            )
        if self._delay:
            await asyncio.sleep(self._delay)
        body = await _body(request)
        if body is None:
            return _refused(413, "请求超过 1 MB。", "The request is longer than 1 MB.")
        asked = _asked(body)
        if asked is None:
            return _refused(
                400,
                '请求体应为 JSON：{"query": "…", "variables": {…}}。',
                'The body must be JSON: {"query": "…", "variables": {…}}.',
            )
        query, variables, operation = asked
        # What was done is on disk before it is told.
        async with reading.acts or contextlib.nullcontext():
            result = await self._subgraph.execute(
                query,
                variable_values=variables,
                operation_name=operation,
                context_value=reading,
            )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = _shown(result.errors)
        return _json(answer)


async def _body(request: Request) -> bytes | None:
    """Read the body; none if it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            return None
    return bytes(body)


def _asked(body: bytes) -> tuple[str, dict[str, Any] | None, str | None] | None:
    """Take a GraphQL request out of its JSON; none if it is not one."""
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    match asked:
        case {"query": str() as query, **rest}:
            variables, operation = rest.get("variables"), rest.get("operationName")
        case _:
            return None
    if not isinstance(variables, dict | None) or not isinstance(operation, str | None):
        return None
    return query, variables, operation


def _shown(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Show errors to the caller: a mistake of ours is logged, not told."""
    shown = []
    for error in errors:
        cause = error.original_error
        told: dict[str, Any] = dict(error.formatted)
        if cause is not None and not isinstance(cause, GraphQLError):
            LOG.error("bug=%s path=%s", type(cause).__name__, error.path)
            told["message"] = "省系统内部错误。 Internal error of the province."
        shown.append(told)
    return shown


def _plain(text: str | None) -> str:
    """Let only plain ids into the log."""
    return text if text is not None and _PLAIN.fullmatch(text) else "-"


def _json(answer: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(answer), status, media_type="application/json")


def _refused(status: int, zh: str, en: str) -> Response:
    """Refuse a request as GraphQL refuses: an error, in both languages."""
    return _json({"errors": [{"message": f"{zh} {en}"}]}, status)
