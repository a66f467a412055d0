"""Itinerary: one operation on a WebSocket, from ``subscribe`` to its last word."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from graphql import OperationType

from connectors.tracing import CURRENT
from hub.web import sentences
from hub.web.errors import BadRequest, Code, as_error
from hub.web.event_stream import once
from hub.web.logs import REQUEST_ID, fields
from hub.web.operation import TokenExpired
from hub.web.payload import from_value
from hub.web.respond import bad
from hub.web.scrub import safe_name
from hub.web.socket_messages import Closing, expired, too_slow

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hub.web.operation import Answer, Asker
    from hub.web.operations import Operations
    from hub.web.ports import WebParts
    from hub.web.socket_messages import Subscribe

_bugs = logging.getLogger("hub.bug")
_log = logging.getLogger("hub.operation")


class Socket(Protocol):
    """What an operation may do with its socket."""

    async def say(self, message: dict[str, Any]) -> None:
        """Send one message, when those before it were taken.

        Raises:
            Closing: The caller takes nothing.
            OSError: The caller has left.
        """
        ...

    def forget(self, name: str) -> None:
        """Free the id of an operation that is about to say its last word."""
        ...

    def end(self, closing: Closing) -> None:
        """Close the socket."""
        ...


async def operate(
    socket: Socket,
    parts: WebParts,
    operations: Operations,
    message: Subscribe,
    asker: Asker,
    *,
    traced: tuple[str, str],
) -> None:
    """Run an operation of whatever kind; what is wrong with it ends only it.

    It is the root of a trace, or a part of the caller's, as a request by HTTP is.

    Args:
        socket: Where to answer.
        parts: What the web needs.
        operations: What runs it.
        message: What was asked for.
        asker: Who asks.
        traced: What the caller said as ``traceparent`` and ``tracestate``; empty
            where nothing.
    """
    REQUEST_ID.set(asker.request_id)
    parent, state = ([one] if one else [] for one in traced)
    span = parts.tracer.begin("WEBSOCKET /graphql", parent, state)
    CURRENT.set(span)
    outcome, failed = "CANCELLED", ""
    try:
        with operations.admission.places.take(asker.caller):
            stream = await _begin(parts, operations, message, asker)
            await _send(socket, message.id, stream)
        outcome = "ok"
    except BadRequest as wrong:
        outcome = wrong.problems[0].code
        if wrong.problems[0].status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            failed = outcome
        await _fail(socket, message.id, wrong, asker)
    except Closing as closing:
        outcome = closing.code.name
        socket.end(closing)
    except OSError:
        outcome = "DISCONNECTED"
    except Exception:  # noqa: BLE001  # a bug ends one operation, not all of them
        outcome = failed = Code.INTERNAL
        parts.figures.bug()
        _bugs.exception("unexpected exception")
        await _fail(socket, message.id, bad(Code.INTERNAL, sentences.INTERNAL), asker)
    finally:
        _log.info("operation", extra=fields(outcome=outcome))
        if span is not None:
            span.tell(request=asker.request_id, route="/graphql", outcome=outcome)
            span.end(failed)


async def _send(
    socket: Socket, name: str, stream: AsyncGenerator[Answer, None]
) -> None:
    """Send every answer, and the last word."""
    async with aclosing(stream):
        async for answer in stream:
            await socket.say({"id": name, "type": "next", "payload": answer.body})
            # A source that always has more must not keep the others waiting.
            await asyncio.sleep(0)
    socket.forget(name)
    await socket.say({"id": name, "type": "complete"})


def error_message(name: str, wrong: BadRequest, asker: Asker) -> dict[str, Any]:
    """Write the message that ends an operation with a reason."""
    payload = [
        as_error(one, asker.language, asker.request_id) for one in wrong.problems
    ]
    return {"id": name, "type": "error", "payload": payload}


async def _begin(
    parts: WebParts, operations: Operations, message: Subscribe, asker: Asker
) -> AsyncGenerator[Answer, None]:
    """Run a query or a mutation, or begin a subscription; both are streams."""
    with operations.admission.enter(asker.caller):
        asked = from_value(message.payload, parts.limits)
        operation = await operations.take_in(asked, asker.caller)
        if (span := CURRENT.get()) is not None:
            span.tell(operation=safe_name(operation.name))
        if operation.kind is OperationType.SUBSCRIPTION:
            return await operations.stream(operation, asker)
        return once(await operations.answer(operation, asker))


async def _fail(socket: Socket, name: str, wrong: BadRequest, asker: Asker) -> None:
    """Say why an operation has ended; some reasons end the socket."""
    socket.forget(name)
    if isinstance(wrong, TokenExpired):
        socket.end(expired())
        return
    if wrong.problems[0].code is Code.SLOW_SUBSCRIBER:
        # All that is sent here goes one way: it is the caller that is slow.
        socket.end(too_slow())
        return
    try:
        await socket.say(error_message(name, wrong, asker))
    except Closing as closing:
        socket.end(closing)
    except OSError:
        pass
