"""How the REST province of the tests fails, by name."""

from __future__ import annotations

import asyncio

from starlette.responses import JSONResponse, Response


async def _slow(_request):
    await asyncio.sleep(5)
    return JSONResponse({})


def _plain(body, status=200, kind="application/json", **headers):
    async def told(_request):
        named = {name.replace("_", "-"): one for name, one in headers.items()}
        return Response(body, status, named, media_type=kind)

    return told


FAULTS = {
    "500": _plain('{"error": "table locked"}', 500),
    "503 html": _plain("<h1>busy</h1>", 503, "text/html"),
    "429": _plain('{"error": "slowly"}', 429, retry_after="1"),
    "401": _plain('{"error": "who?"}', 401),
    "403": _plain('{"error": "no"}', 403),
    "400": _plain('{"error": "no such column"}', 400),
    "405": _plain('{"error": "not so"}', 405),
    "404 html": _plain("<h1>not found</h1>", 404, "text/html"),
    "302": _plain("", 302, location="/elsewhere"),
    "torn": _plain('{"data": [{"GRBH": "gd-1", "GX'),
    "html": _plain("<h1>maintenance</h1>", 200, "text/html"),
    "no rows": _plain('{"data": "none"}'),
    "not utf-8": _plain(b'{"data": "\xff"}'),
    "202": _plain('{"data": []}', 202),
    "206": _plain('{"data": []}', 206),
    "slow": _slow,
}
