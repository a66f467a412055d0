"""Adapter: reads the body of a request, up to a size and within a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.web import sentences
from hub.web.errors import BadRequest, Code, problem

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from hub.config.server import LimitSettings, ServerSettings
    from hub.web.errors import Problem


#: So many times the limit is read and thrown away before 413 is answered: who is
#: cut off while sending often does not see the answer.
_PATIENCE = 8


class Disconnected(Exception):  # nobody is left to be told an error
    """The caller left before the body was whole."""


def header(scope: Scope, name: bytes) -> str | None:
    """Find a header; several of the same name are joined, as HTTP has it."""
    found = [value for key, value in scope["headers"] if key == name]
    return b", ".join(found).decode("latin-1") if found else None


async def read_body(
    scope: Scope, receive: Receive, server: ServerSettings, limits: LimitSettings
) -> bytes:
    """Read the whole body.

    Raises:
        BadRequest: It is too large, or did not arrive in time.
        Disconnected: The caller left.
    """
    most = limits.body_bytes
    announced = header(scope, b"content-length") or ""
    if announced.isdigit() and int(announced[:18]) > most * _PATIENCE:
        raise BadRequest(_too_large(most))
    try:
        async with asyncio.timeout(server.body_timeout.total_seconds()):
            return await _collect(receive, most)
    except TimeoutError as error:
        raise BadRequest(
            problem(Code.REQUEST_TIMED_OUT, sentences.BODY_SLOW)
        ) from error


async def _collect(receive: Receive, most: int) -> bytes:
    chunks: list[bytes] = []
    size, more = 0, True
    while more and size <= most * _PATIENCE:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body = message.get("body", b"")
        size += len(body)
        if size <= most:
            chunks.append(body)
        more = message.get("more_body", False)
    if size > most:
        raise BadRequest(_too_large(most))
    return b"".join(chunks)


def _too_large(most: int) -> Problem:
    return problem(Code.PAYLOAD_TOO_LARGE, sentences.BODY_TOO_LARGE, limit=most)
