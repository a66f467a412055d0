"""Itinerary: one GraphQL request to the kit, from its first byte to its last.

token → place → media types → body → document → one question to the source → answer.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, GraphQLError, OperationType

from hub.reading.pace import Pace
from hub.subgraph import sentences as own
from hub.subgraph.problems import BAD_USER_INPUT, Told
from hub.subgraph.request import Request
from hub.subgraph.writing import writing
from hub.web import sentences
from hub.web.body import Disconnected, header, read_body
from hub.web.connected import while_connected
from hub.web.documents import operation_type
from hub.web.errors import BadRequest, Code, as_error, problem
from hub.web.negotiate import GRAPHQL, JSON, body_is_json, language, media_type
from hub.web.outcome import let_go
from hub.web.payload import from_body
from hub.web.respond import OUTCOME, REQUEST, bad, send_json, send_problems
from hub.web.translate import cause_of, translate
from schema.records.purpose import PurposeOfUse

if TYPE_CHECKING:
    from graphql import GraphQLSchema
    from starlette.types import Receive, Scope, Send

    from hub.subgraph.bearers import Bearers
    from hub.subgraph.settings import KitSettings
    from hub.subgraph.source import Source
    from hub.web.payload import Asked

#: Under these keys of the scope stand, for the log, how much was asked.
WORKERS = "hub.subgraph.workers"
COMMANDS = "hub.subgraph.commands"

_LOG = logging.getLogger("hub.bug")
_VARY = ((b"vary", b"Accept, Accept-Language"),)
_ALLOW = ((b"allow", b"POST"),)
_CHALLENGE = ((b"www-authenticate", b'Bearer realm="province"'),)
_LATER_S = b"1"
_MOST_COMPLAINTS = 10
_PURPOSES = frozenset(PurposeOfUse)
#: graphql-core's own complaints of what the caller sent begin so.
_OF_THE_CALLER = (
    "Variable '", "Argument '", "Must provide", "Unknown operation",
    "Too many errors processing variables",
)  # fmt: skip


class Endpoint:
    """The ASGI application behind ``/graphql``."""

    def __init__(self, source: Source, bearers: Bearers, settings: KitSettings) -> None:
        """Serve a source to who bears a token.

        Args:
            source: Who is asked.
            bearers: Whose questions are taken.
            settings: The limits.
        """
        self._source = source
        self._bearers = bearers
        self._server = settings.server
        self._limits = settings.limits
        self._executor = writing(Pace())
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            wrong = bad(Code.METHOD_NOT_ALLOWED, sentences.METHOD, allow="POST")
            await send_problems(scope, send, wrong, headers=_ALLOW)
            return
        if not self._bearers.take(header(scope, b"authorization")):
            wrong = bad(Code.UNAUTHENTICATED, own.UNAUTHENTICATED)
            await send_problems(scope, send, wrong, headers=_CHALLENGE)
            return
        answer_as = media_type(header(scope, b"accept"))
        if answer_as is None:
            wrong = bad(Code.NOT_ACCEPTABLE, sentences.NOT_ACCEPTABLE)
            await send_problems(scope, send, wrong, headers=_VARY)
            return
        if self._under_way >= self._server.requests:
            wrong = bad(Code.BUSY, own.CROWDED)
            retry = (*_VARY, (b"retry-after", _LATER_S))
            await send_problems(scope, send, wrong, answer_as, retry)
            return
        self._under_way += 1
        try:
            await self._serve(scope, receive, send, answer_as)
        except Disconnected:
            scope[OUTCOME] = "DISCONNECTED"
        finally:
            self._under_way -= 1

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, answer_as: str
    ) -> None:
        try:
            body = await self._answer(scope, receive)
        except BadRequest as wrong:
            kind = GRAPHQL if answer_as == GRAPHQL else JSON
            await send_problems(scope, send, wrong, kind, _VARY)
            return
        await send_json(send, HTTPStatus.OK, body, answer_as, _VARY)

    async def _answer(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        coding = header(scope, b"content-encoding") or "identity"
        if coding != "identity" or not body_is_json(header(scope, b"content-type")):
            raise bad(Code.UNSUPPORTED_MEDIA_TYPE, sentences.MEDIA_TYPE)
        sent = await read_body(scope, receive, self._server, self._limits)
        asked = from_body(sent, self._limits)
        if not asked.query:
            raise bad(Code.PERSISTED_QUERY_NOT_FOUND, sentences.NO_QUERY)
        served = self._source.served
        document = served.documents.prepare(
            asked.query, asked.variables, closed=False
        ).document
        request = Request(
            self._source,
            served,
            scope[REQUEST],
            _purpose(header(scope, b"purpose-of-use")),
            self._limits.workers,
        )
        try:
            if operation_type(document, asked.operation) is OperationType.MUTATION:
                # What is begun is done to its end, whoever stays to hear.
                result = await self._execute(document, asked, request)
            else:
                async with while_connected(receive):
                    result = await self._execute(document, asked, request)
        finally:
            await request.close()
            scope[WORKERS], scope[COMMANDS] = request.workers, request.commands
        return _written(scope, served.schema, result, request)

    async def _execute(
        self, document: Any, asked: Asked, request: Request
    ) -> ExecutionResult:
        """Execute, in turns; the source's own deadlines hold within."""
        executor = self._executor.build(
            request.served.schema,
            document,
            context_value=request,
            raw_variable_values=asked.variables,
            operation_name=asked.operation,
            max_coercion_errors=_MOST_COMPLAINTS,
        )
        if isinstance(executor, list):
            return ExecutionResult(None, executor)
        async with asyncio.timeout(self._limits.execution.total_seconds()):
            result: Any = executor.execute_operation()
            if inspect.isawaitable(result):
                result = await result
        executor.collected_errors = type(executor.collected_errors)()
        return result  # type: ignore[no-any-return]


def _written(
    scope: Scope, schema: GraphQLSchema, result: ExecutionResult, request: Request
) -> dict[str, Any]:
    """Write down what came of it.

    Raises:
        BadRequest: Nothing was executed.
    """
    errors = [*(result.errors or ()), *request.besides]
    began = result.data is not None or any(one.path is not None for one in errors)
    if errors and not began:
        code = Code.BAD_USER_INPUT
        raise BadRequest(
            *(translate(one, code, schema, closed=False) for one in errors)
        )
    body: dict[str, Any] = {"data": result.data}
    if errors:
        body["errors"] = [_shown(scope, schema, one) for one in errors]
        scope[OUTCOME] = body["errors"][0]["extensions"]["code"]
        for one in errors:
            let_go(one)
    return body


def _shown(scope: Scope, schema: GraphQLSchema, error: GraphQLError) -> dict[str, Any]:
    """Show an error; a mistake of ours is logged with its traceback, and not told."""
    cause = cause_of(error)
    if isinstance(cause, Told):
        shown: dict[str, Any] = {"message": cause.message}
        if error.path is not None:
            shown["path"] = list(error.path)
        shown["extensions"] = {**(cause.extensions or {}), "requestId": scope[REQUEST]}
        return shown
    wished = language(header(scope, b"accept-language"))
    if isinstance(cause, GraphQLError) and error.message.startswith(_OF_THE_CALLER):
        made = translate(error, Code(BAD_USER_INPUT), schema, closed=False)
    else:
        _LOG.error("unexpected exception", exc_info=cause)
        made = problem(Code.INTERNAL, sentences.INTERNAL)
    said = as_error(made, wished, scope[REQUEST])
    if error.path is not None:
        said["path"] = list(error.path)
    return said


def _purpose(sent: str | None) -> str:
    """Pass on the purposes that there are; what else stands there is dropped."""
    told = (one.strip() for one in (sent or "").split(","))
    return ",".join(one for one in told if one in _PURPOSES)
