"""Adapter: whether the hub lives, whether it may be asked, and its figures."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from hub.web import sentences
from hub.web.authentication import authenticate, send_unauthenticated
from hub.web.body import header
from hub.web.errors import Code
from hub.web.logs import fields
from hub.web.respond import bad, send_json, send_problems

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from hub.web.ports import WebParts

_log = logging.getLogger("hub.health")

#: One check may take so long; a balancer does not wait for ever either.
_PATIENCE_S = 2.0


async def live(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Say that the process answers; nothing else is looked at."""
    await send_json(send, HTTPStatus.OK, {"live": True})


class Ready:
    """Says whether the hub may be asked, with each check by name."""

    def __init__(self, parts: WebParts) -> None:
        """Use the checks of ``parts``."""
        self._checks = parts.checks
        self._settings_told = parts.settings_told

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer 200 if all is well, else 503.

        Settings that cannot be taken do not make it unwell: the old ones hold.
        """
        async with asyncio.TaskGroup() as group:
            running = {
                name: group.create_task(_judge(name, check))
                for name, check in self._checks.items()
            }
        told = {name: task.result() for name, task in running.items()}
        ready = all(told.values())
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        checks = {name: "ok" if well else "failing" for name, well in told.items()}
        body: dict[str, Any] = {"ready": ready, "checks": checks}
        if self._settings_told is not None:
            body["settings"] = self._settings_told()
        await send_json(send, status, body)


async def _judge(name: str, check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return bool(await check())
    except Exception as error:  # noqa: BLE001  # a check that fails is an answer
        _log.warning(
            "check failed", extra=fields(check=name, reason=type(error).__name__)
        )
        return False


class Metrics:
    """Shows the figures to Prometheus."""

    def __init__(self, parts: WebParts) -> None:
        """Show the figures of ``parts``."""
        self._parts = parts

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer with all figures, if the caller may see them."""
        parts = self._parts
        if not parts.server.metrics_public and (
            await authenticate(scope, parts.verifier) is None
        ):
            await send_unauthenticated(scope, send)
            return
        body, media_type = parts.figures.text(header(scope, b"accept") or "")
        headers = [
            (b"content-type", media_type.encode()),
            (b"vary", b"Accept"),
            (b"content-length", str(len(body)).encode()),
        ]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})


def by_get(app: ASGIApp) -> ASGIApp:
    """Let only GET and HEAD through."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in {"GET", "HEAD"}:
            await app(scope, receive, send)
            return
        wrong = bad(Code.METHOD_NOT_ALLOWED, sentences.METHOD, allow="GET, HEAD")
        await send_problems(scope, send, wrong, headers=[(b"allow", b"GET, HEAD")])

    return guarded
