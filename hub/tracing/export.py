"""Adapter: sends spans to a collector, and never keeps a request waiting for it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Self

import aiohttp

from hub.tracing.otlp import body_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.tracing.settings import TracingSettings
    from hub.tracing.spans import Kept

_LOG = logging.getLogger(__name__)

#: Spans in one export: more would hold the event loop for milliseconds.
_AT_ONCE: Final = 512
_PATIENCE: Final = aiohttp.ClientTimeout(total=10)
_PASSING: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT,
    }
)  # fmt: skip


class Exporter:
    """Collects spans and sends them from time to time.

    While the collector is away spans wait, up to a number; the oldest are dropped
    then. Traces are a help: nothing of the hub depends on them.

    Args:
        settings: Where to send, how often, how many may wait.
        environ: Where the collector's token is.
        counted: Is told ``exported`` or ``dropped`` and of how many spans.
    """

    def __init__(
        self,
        settings: TracingSettings,
        environ: Mapping[str, str],
        counted: Callable[[str, int], None],
    ) -> None:
        self._url = f"{settings.endpoint}/v1/traces"
        self._service = settings.service
        self._every = settings.every.total_seconds()
        self._most = settings.waiting
        self._headers = {"Content-Type": "application/json"}
        token = environ.get(settings.bearer_env or "", "").strip()
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._counted = counted
        self._waiting: deque[Kept] = deque()
        self._away = False
        self._session: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[None] | None = None

    def take(self, span: Kept) -> None:
        """Take a span that has ended."""
        self._waiting.append(span)
        if len(self._waiting) > self._most:
            self._waiting.popleft()
            self._counted("dropped", 1)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            headers=self._headers, timeout=_PATIENCE, trust_env=False
        )
        self._task = asyncio.create_task(self._send_on(), name="traces")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Send what is left, once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        while self._waiting and await self._send():
            pass
        if self._session is not None:
            await self._session.close()

    async def _send_on(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            while self._waiting and await self._send():
                pass

    async def _send(self) -> bool:
        """Send some; tell whether it is worth going on.

        What could not be sent waits on, unless the collector does not want it.
        """
        size = min(len(self._waiting), _AT_ONCE)
        batch = [self._waiting.popleft() for _ in range(size)]
        trouble = await self._post(body_of(batch, self._service))
        if trouble == "" or not _may_pass(trouble):
            self._counted("dropped" if trouble else "exported", size)
        else:
            self._waiting.extendleft(reversed(batch))
            while len(self._waiting) > self._most:
                self._waiting.popleft()
                self._counted("dropped", 1)
        if bool(trouble) is not self._away:
            self._away = bool(trouble)
            _LOG.warning("traces outcome=%s", trouble or "exported again")
        return not trouble

    async def _post(self, body: bytes) -> str:
        """Tell what was wrong: a status, or the name of an exception's class."""
        assert self._session is not None  # noqa: S101  # only __aenter__ leads here
        try:
            async with self._session.post(self._url, data=body) as response:
                await response.read()
                return "" if response.ok else str(response.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__


def _may_pass(trouble: str) -> bool:
    return not trouble.isdecimal() or int(trouble) in _PASSING
