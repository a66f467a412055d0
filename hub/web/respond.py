"""Adapter: sends one whole answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from hub.web.body import header
from hub.web.errors import BadRequest, as_body, problem
from hub.web.negotiate import JSON, language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Scope, Send

    from hub.web.errors import Code

#: Under these keys of the scope the answer's outcome stands, for log and figures.
OUTCOME = "hub.outcome"
OPERATION = "hub.operation"
#: And here the id of the request.
REQUEST = "hub.request"

#: After these the rest of the request may still be under way, or never come.
_HANG_UP = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}


async def send_bytes(
    send: Send,
    status: int,
    media_type: str,
    body: bytes,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """Send an answer of known length."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", f"{media_type}; charset=utf-8".encode()),
                (b"content-length", str(len(body)).encode()),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def send_json(
    send: Send,
    status: int,
    value: Any,
    media_type: str = JSON,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """Send a value as JSON."""
    await send_bytes(send, status, media_type, orjson.dumps(value), headers)


async def send_problems(
    scope: Scope,
    send: Send,
    bad: BadRequest,
    media_type: str = JSON,
    headers: Sequence[tuple[bytes, bytes]] = (),
    *,
    status: int | None = None,
) -> None:
    """Send what was wrong with a request of which nothing was executed.

    Args:
        scope: The request.
        send: Where to.
        bad: What was wrong; the first problem's status is the answer's.
        media_type: Either of the two that GraphQL answers have.
        headers: Further headers.
        status: The status, if it is not the problem's own.
    """
    first = bad.problems[0]
    scope[OUTCOME] = first.code.value
    chosen = first.status if status is None else status
    if first.retry_after:
        headers = [*headers, (b"retry-after", str(first.retry_after).encode())]
    if chosen in _HANG_UP:
        headers = [*headers, (b"connection", b"close")]
    if not any(name == b"vary" for name, _ in headers):
        headers = [*headers, (b"vary", b"Accept-Language")]  # the words depend on it
    wished = language(header(scope, b"accept-language"))
    body = as_body(bad.problems, wished, scope.get(REQUEST))
    await send_json(send, chosen, body, media_type, headers)


def bad(code: Code, sentence: Any, **blanks: object) -> BadRequest:
    """Make the exception of a single problem."""
    return BadRequest(problem(code, sentence, **blanks))
