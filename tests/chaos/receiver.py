"""Adapter: the systems of the provinces' unions, which the hub tells of cases.

They are as unreliable as real ones: they refuse, they hang, and now and then they take a
message and lose the answer, so that it comes again under the same id.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from typing import Final, NamedTuple

from aiohttp import web

#: So much rarer is everything that goes wrong, once all else is whole again.
_CALMER: Final = 8


class Message(NamedTuple):
    """A message that was taken.

    Attributes:
        endpoint: By whom.
        id: Its id: the same however often it is sent.
        body: What it says.
    """

    endpoint: str
    id: str
    body: bytes


class Receiver:
    """All endpoints, served by a thread of their own.

    Attributes:
        port: Where.
        taken: Every message that was taken, as often as it came.
        calm: Less goes wrong: everything else is whole again.
        faults: What went wrong here, counted.
    """

    def __init__(self, port: int, seed: int) -> None:
        self.port = port
        self.taken: list[Message] = []
        self.calm = False
        self.faults: Counter[str] = Counter()
        self._rng = random.Random(f"receiver/{seed}")  # noqa: S311  # a seed, no secret
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="receiver", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        chance = self._rng.random() * (_CALMER if self.calm else 1)
        if chance < 0.06:
            self.faults["office refuses a message"] += 1
            return web.Response(status=503)
        if chance < 0.07:
            self.faults["office hangs"] += 1
            await asyncio.sleep(1.5)
        id_ = request.headers["webhook-id"]
        self.taken.append(Message(request.path.strip("/"), id_, body))
        if chance < 0.12 and request.transport is not None:
            self.faults["office loses the answer"] += 1
            request.transport.close()  # it was taken, and the answer is lost
        return web.Response(status=204)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        app.router.add_post("/{endpoint}", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        self._loop.run_until_complete(site.start())
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()
