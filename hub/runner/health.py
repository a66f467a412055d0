"""Adapter: whether the runner lives and works, and its figures, over HTTP."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from hub.runner.figures import RunnerFigures


@asynccontextmanager
async def told(
    listener: socket.socket,
    checks: Mapping[str, Callable[[], Awaitable[bool]]],
    figures: RunnerFigures,
    settings_told: Callable[[], Mapping[str, object]],
) -> AsyncIterator[None]:
    """Answer ``/livez``, ``/readyz`` and ``/metrics`` until the context is left.

    Args:
        listener: Where; it is bound already.
        checks: What must be well, by name.
        figures: What ``/metrics`` shows.
        settings_told: Tells what keeps settings of provinces from being taken.
    """

    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def ready(_request: web.Request) -> web.Response:
        found = {name: await check() for name, check in checks.items()}
        well = all(found.values())
        told = {name: "ok" if fine else "failing" for name, fine in found.items()}
        return web.json_response(
            {"ready": well, "checks": told, "settings": settings_told()},
            status=200 if well else 503,
        )

    async def metrics(request: web.Request) -> web.Response:
        body, media_type = figures.text(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": media_type})

    app = web.Application()
    app.add_routes(
        [
            web.get("/livez", live),
            web.get("/readyz", ready),
            web.get("/metrics", metrics),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()
