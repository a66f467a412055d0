"""A province of the contract that wants to see a token, and takes its time.

``python -m tests.connecting.token_province NAME TOKENS MS``: its workers are called
NAME, in TOKENS stand the tokens that it takes, and each answer takes so long.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.provinces import plain

NAME, TOKENS, MS = sys.argv[1:]
CODE = NAME.partition("-")[0]


def accepted(token):
    return token in Path(TOKENS).read_text().split()


async def app(scope, receive, send):
    headers = dict(scope["headers"])
    token = headers.get(b"authorization", b"").removeprefix(b"Bearer ").decode()
    if not accepted(token):
        start = {"type": "http.response.start", "status": 401, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": b"{}"})
        return
    await asyncio.sleep(int(MS) / 1000)
    await serve(scope, receive, send)


if __name__ == "__main__":
    plain.KEPT = plain.Kept(
        {
            "code": CODE,
            "version": "1.2",
            "kinds": ["WORKER"],
            "workers": {
                key: {"localId": key, "asOf": "2026-10-30T08:00:00Z", "name": NAME}
                for key in ("w1", "w2")
            },
        }
    )
    serve, plain.app = plain.app, app
    plain.main()
