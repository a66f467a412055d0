"""Itinerary: one operation on a WebSocket, from ``subscribe`` to its last word."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Protocol

from graphql import OperationType

from hub.web import sentences
from hub.web.errors import BadRequest, Code, as_error
from hub.web.event_stream import once
from hub.web.logs import REQUEST_ID, fields
from hub.web.operation import TokenExpired
from hub.web.payload import from_value
from hub.web.respond import bad
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
) -> None:
    """Run an operation of whatever kind; what is wrong with it ends only it.

    Args:
        socket: Where to answer.
        parts: What the web needs.
        operations: What runs it.
        message: What was asked for.
        asker: Who asks.
    """
    REQUEST_ID.set(asker.request_id)
    outcome = "CANCELLED"
    try:
        stream = await _begin(parts, operations, message, asker)
        async with aclosing(stream):
            async for answer in stream:
                body = answer.body
                await socket.say({"id": message.id, "type": "next", "payload": body})
                # A source that always has more must not keep the others waiting.
                await asyncio.sleep(0)
        socket.forget(message.id)
        await socket.say({"id": message.id, "type": "complete"})
        outcome = "ok"
    except BadRequest as wrong:
        outcome = wrong.problems[0].code
        await _fail(socket, message.id, wrong, asker)
    except Closing as closing:
        outcome = closing.code.name
        socket.end(closing)
    except OSError:
        outcome = "DISCONNECTED"
    except Exception:  # noqa: BLE001  # a bug ends one operation, not all of them
        outcome = Code.INTERNAL
        parts.figures.bug()
        _bugs.exception("unexpected exception")
        await _fail(socket, message.id, bad(Code.INTERNAL, sentences.INTERNAL), asker)
    finally:
        _log.info("operation", extra=fields(outcome=outcome))


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
        operation = operations.read(asked, asker.caller)
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
