"""Adapter: answers as server-sent events (graphql-sse, distinct connections mode).

What is wrong with a request is told before the stream begins, with a status and as
JSON. Lines end with LF alone: clients in use split at nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson

from hub.web import sentences, stream_sentences
from hub.web.errors import BadRequest, Code, as_body, problem
from hub.web.negotiate import EVENT_STREAM
from hub.web.respond import OUTCOME, bad

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from starlette.types import Receive, Scope, Send

    from hub.access.caller import Caller
    from hub.web.operation import Answer, Asker
    from hub.web.places import Places
    from hub.web.ports import WebParts

_log = logging.getLogger("hub.bug")

#: Under this key of the scope the protocol puts how to drop a connection whose
#: caller takes nothing more; closing it in order would wait for ever.
DROP: Final = "hub.drop"

_HEADERS: Final = (
    (b"content-type", f"{EVENT_STREAM}; charset=utf-8".encode()),
    # Else some proxies collect the events before they pass them on.
    (b"x-accel-buffering", b"no"),
    (b"vary", b"Accept, Accept-Language"),
)
_COMPLETE: Final = b"event: complete\ndata:\n\n"
_STILL_HERE: Final = b":\n\n"


async def once(answer: Answer) -> AsyncGenerator[Answer, None]:
    """Make a stream of one answer."""
    yield answer


class EventStreams:
    """Sends streams, so many at once."""

    def __init__(self, parts: WebParts, places: Places) -> None:
        """Keep to the settings of ``parts``, and to the places of each caller."""
        self._parts = parts
        self._places = places
        self._settings = parts.streams
        self._open = 0

    @contextmanager
    def place(self, caller: Caller) -> Iterator[None]:
        """Take a place for a subscription, until the block ends.

        Raises:
            BadRequest: There is none left: of the hub's, or of the caller's.
        """
        if self._open >= self._settings.event_streams or self._parts.stopping.is_set():
            raise bad(Code.BUSY, stream_sentences.TOO_MANY_STREAMS)
        with self._places.take(caller):
            self._open += 1
            try:
                yield
            finally:
                self._open -= 1

    async def send(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        answers: AsyncGenerator[Answer, None],
        asker: Asker,
    ) -> None:
        """Send a stream to its end, or until its caller leaves.

        Args:
            scope: The request; its body has been read.
            receive: Tells when the caller leaves.
            send: Where to.
            answers: What to send; it is closed at the end.
            asker: Who gets it: for what ends the stream with a reason.
        """
        self._parts.figures.streams.labels("sse").inc()
        leaving = [
            asyncio.create_task(_left(receive)),
            asyncio.create_task(self._parts.stopping.wait()),
        ]
        try:
            async with aclosing(answers):
                await self._send(scope, send, answers, asker, leaving)
        except TimeoutError:
            scope[OUTCOME] = Code.SLOW_SUBSCRIBER.value
            scope.get(DROP, _nothing)()
        finally:
            self._parts.figures.streams.labels("sse").dec()
            for task in leaving:
                task.cancel()
            await asyncio.wait(leaving)

    async def _send(
        self,
        scope: Scope,
        send: Send,
        answers: AsyncGenerator[Answer, None],
        asker: Asker,
        leaving: list[asyncio.Task[Any]],
    ) -> None:
        start = {"type": "http.response.start", "status": HTTPStatus.OK}
        await send({**start, "headers": list(_HEADERS)})
        await self._write(send, _STILL_HERE)
        every = self._settings.ping_every.total_seconds()
        coming: asyncio.Task[Answer | None] | None = None
        try:
            while True:
                coming = coming or asyncio.create_task(_next(answers))
                done, _ = await asyncio.wait(
                    [coming, *leaving],
                    timeout=every,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if not done:
                    await self._write(send, _STILL_HERE)
                    continue
                if any(task in done for task in leaving):
                    # Without `complete`: a client that is still there comes back.
                    scope.setdefault(OUTCOME, "DISCONNECTED")
                    break
                body, last = self._event(scope, coming, asker)
                coming = None
                await self._write(send, body)
                if last:
                    break
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.wait([coming])
        async with asyncio.timeout(self._settings.send_within.total_seconds()):
            await send({"type": "http.response.body", "body": b""})

    def _event(
        self, scope: Scope, came: asyncio.Task[Answer | None], asker: Asker
    ) -> tuple[bytes, bool]:
        """Write what came, and tell whether it is the last."""
        try:
            answer = came.result()
            if answer is None:
                return _COMPLETE, True
            return _next_event(answer.body), False
        except BadRequest as wrong:
            ending = wrong
        except Exception as error:  # noqa: BLE001  # the stream has begun: end it in order
            self._parts.figures.bug()
            _log.error("unexpected exception", exc_info=error)
            ending = BadRequest(problem(Code.INTERNAL, sentences.INTERNAL))
        scope[OUTCOME] = ending.problems[0].code.value
        body = as_body(ending.problems, asker.language, asker.request_id)
        return _next_event(body) + _COMPLETE, True

    async def _write(self, send: Send, body: bytes) -> None:
        """Send, or give up on a caller who does not take it.

        Raises:
            TimeoutError: Nothing was taken for too long.
        """
        async with asyncio.timeout(self._settings.send_within.total_seconds()):
            await send({"type": "http.response.body", "body": body, "more_body": True})


async def _next(answers: AsyncGenerator[Answer, None]) -> Answer | None:
    return await anext(answers, None)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _next_event(body: dict[str, Any]) -> bytes:
    # JSON writes line ends within strings as escapes: the data is one line.
    return b"event: next\ndata: " + orjson.dumps(body) + b"\n\n"


def _nothing() -> None:
    """There is no connection to drop: a test's."""
