"""Itinerary: one GraphQL request over HTTP, from its first byte to its last.

method → token → media types → body → operation (``hub.web.operations``) → answer.

It follows the GraphQL-over-HTTP specification: with
``application/graphql-response+json`` a request of which nothing was executed is
answered 4xx without ``data``; with ``application/json`` it is 200 once the document
has been read.
"""

from __future__ import annotations

from contextlib import ExitStack
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from graphql import OperationType

from hub.web import sentences, stream_sentences
from hub.web.authentication import authenticate, send_unauthenticated
from hub.web.body import Disconnected, header, read_body
from hub.web.connected import while_connected
from hub.web.errors import BadRequest, Code
from hub.web.event_stream import EventStreams, once
from hub.web.negotiate import (
    JSON,
    body_is_json,
    language,
    media_type,
    stream_wish,
)
from hub.web.operation import Answer, Asker
from hub.web.payload import from_address, from_body
from hub.web.respond import (
    OPERATION,
    OUTCOME,
    REQUEST,
    bad,
    send_json,
    send_problems,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Receive, Scope, Send

    from hub.access.caller import Caller
    from hub.web.negotiate import StreamWish
    from hub.web.operations import Operations
    from hub.web.payload import Asked
    from hub.web.ports import WebParts

_VARY = ((b"vary", b"Accept, Accept-Language"),)
_ALLOW = ((b"allow", b"GET, POST"),)
_ALLOW_POST = (*_VARY, (b"allow", b"POST"))

#: Found in a document that was read: HTTP itself went well, and a caller that
#: takes ``application/json`` is told with 200.
_OF_THE_DOCUMENT = frozenset(
    {
        Code.GRAPHQL_PARSE_FAILED,
        Code.GRAPHQL_VALIDATION_FAILED,
        Code.COST_EXCEEDED,
        Code.BAD_USER_INPUT,
        Code.INTROSPECTION_OFF,
        # Apollo's clients look for these two in an answer that went well.
        Code.PERSISTED_QUERY_MISMATCH,
        Code.PERSISTED_QUERY_NOT_FOUND,
    }
)


#: The media type of a plain answer, if there is one that will do; and the wish for
#: a stream.
_Accepted: TypeAlias = "tuple[str | None, StreamWish]"


class GraphQLEndpoint:
    """The ASGI application behind ``/graphql``."""

    def __init__(self, parts: WebParts, operations: Operations) -> None:
        """Serve the graph of ``parts``.

        Args:
            parts: What the web needs.
            operations: What runs operations; one for all protocols.
        """
        self._parts = parts
        self._under_way = 0
        self._operations = operations
        self._streams = EventStreams(parts, operations.admission.places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in {"GET", "POST"}:
            wrong = bad(Code.METHOD_NOT_ALLOWED, sentences.METHOD, allow="GET, POST")
            await send_problems(scope, send, wrong, headers=_ALLOW)
            return
        caller = await authenticate(scope, self._parts.verifier)
        if caller is None:
            await send_unauthenticated(scope, send)
            return
        accept = header(scope, b"accept")
        accepted = media_type(accept), stream_wish(accept)
        answer_as, wish = accepted
        if answer_as is None and wish == "no":
            wrong = bad(Code.NOT_ACCEPTABLE, sentences.NOT_ACCEPTABLE)
            await send_problems(scope, send, wrong, headers=_VARY)
            return
        if self._under_way >= self._parts.server.requests:
            retry = (*_VARY, (b"retry-after", b"2"))
            wrong = bad(Code.BUSY, sentences.BUSY)
            await send_problems(scope, send, wrong, answer_as or JSON, retry)
            return
        self._under_way += 1
        self._parts.figures.in_flight.inc()
        stream = None
        with ExitStack() as held:
            try:
                stream = await self._serve(
                    scope, receive, send, caller, accepted, held=held
                )
            except Disconnected:
                scope[OUTCOME] = "DISCONNECTED"
            finally:
                self._under_way -= 1
                self._parts.figures.in_flight.dec()
            if stream is not None:
                # It is no longer a request under way: it may last for days.
                asker = asker_of(scope, caller)
                await self._streams.send(scope, receive, send, stream, asker)

    async def _serve(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        caller: Caller,
        accepted: _Accepted,
        *,
        held: ExitStack,
    ) -> AsyncGenerator[Answer, None] | None:
        """Answer, or give back the stream that is the answer; ``held`` has its place."""
        answer_as, wish = accepted
        try:
            with self._operations.admission.enter(caller):
                asked = await self._read(scope, receive)
                answer = await self._execute(
                    scope, receive, asked, caller, wish, held=held
                )
        except BadRequest as wrong:
            code = wrong.problems[0].code
            lenient = answer_as == JSON and wish != "first" and code in _OF_THE_DOCUMENT
            await send_problems(
                scope,
                send,
                wrong,
                answer_as or JSON,
                _ALLOW_POST if code is Code.METHOD_NOT_ALLOWED else _VARY,
                status=HTTPStatus.OK if lenient else None,
            )
            return None
        if not isinstance(answer, Answer):
            return answer
        if answer.outcome:
            scope[OUTCOME] = answer.outcome
        if answer_as is None or wish == "first":
            # It is a request under way until it is taken: it has no place as a stream.
            asker = asker_of(scope, caller)
            await self._streams.send(scope, receive, send, once(answer), asker)
            return None
        await send_json(send, HTTPStatus.OK, answer.body, answer_as, _VARY)
        return None

    async def _read(self, scope: Scope, receive: Receive) -> Asked:
        asked = await self._parse(scope, receive)
        if header(scope, b"x-hub-cost") == "1":
            return msgspec.structs.replace(asked, wants_cost=True)
        return asked

    async def _parse(self, scope: Scope, receive: Receive) -> Asked:
        parts = self._parts
        if scope["method"] == "GET":
            return from_address(scope["query_string"], parts.limits)
        coding = header(scope, b"content-encoding") or "identity"
        if coding != "identity" or not body_is_json(header(scope, b"content-type")):
            raise bad(Code.UNSUPPORTED_MEDIA_TYPE, sentences.MEDIA_TYPE)
        body = await read_body(scope, receive, parts.server, parts.limits)
        return from_body(body, parts.limits)

    async def _execute(
        self,
        scope: Scope,
        receive: Receive,
        asked: Asked,
        caller: Caller,
        wish: StreamWish,
        *,
        held: ExitStack,
    ) -> Answer | AsyncGenerator[Answer, None]:
        operation = await self._operations.take_in(asked, caller)
        if operation.kind is OperationType.MUTATION and scope["method"] == "GET":
            raise bad(Code.METHOD_NOT_ALLOWED, sentences.MUTATION_BY_GET)
        scope[OPERATION] = operation.name
        asker = asker_of(scope, caller)
        if operation.kind is OperationType.MUTATION:
            # What is begun is done to its end, whether or not anybody stays to hear.
            return await self._operations.answer(operation, asker)
        if operation.kind is not OperationType.SUBSCRIPTION:
            async with while_connected(receive):
                return await self._operations.answer(operation, asker)
        if wish == "no":
            raise bad(Code.NOT_ACCEPTABLE, stream_sentences.STREAMS_ONLY)
        held.enter_context(self._streams.place(caller))
        return await self._operations.stream(operation, asker)


def asker_of(scope: Scope, caller: Caller) -> Asker:
    """Tell who asks, and how the answer should read, by the request's headers."""
    return Asker(
        caller,
        scope[REQUEST],
        language(header(scope, b"accept-language")),
        header(scope, b"purpose-of-use"),
    )
