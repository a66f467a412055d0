"""Itinerary: one GraphQL operation, whatever it came by and whatever carries the answer.

admission (trusted, parsed, weighed, validated; cached) → execute, within the deadline → answer;
or, for a subscription, one answer for each event. HTTP, server-sent events and
WebSockets differ in how they carry these, not in what is allowed.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, GraphQLError
from graphql.execution import Executor, create_source_event_stream

from hub.audit.before_showing import written_first
from hub.audit.trail import TrailUnavailable
from hub.web import sentences
from hub.web.admission import Admission
from hub.web.documents import operation_type
from hub.web.errors import BadRequest, Code, as_error
from hub.web.executor import paced
from hub.web.operation import Answer, Operation, TokenExpired
from hub.web.outcome import Outcomes, let_go
from hub.web.respond import bad

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from graphql import DocumentNode

    from hub.access.caller import Caller
    from hub.web.errors import Problem
    from hub.web.operation import Asker
    from hub.web.payload import Asked
    from hub.web.ports import WebParts

_log = logging.getLogger("hub.bug")

#: No timer is set for longer, in seconds: ten years.
_LONGEST_S = 10 * 365 * 86_400.0


#: So many mistakes in variables are listed.
_MOST_COMPLAINTS = 10


class Operations:
    """Runs operations on one graph."""

    def __init__(self, parts: WebParts) -> None:
        """Serve the graph of ``parts``."""
        self._parts = parts
        self._outcomes = Outcomes(parts.schema, parts.figures)
        #: One for all protocols: a caller has one pace, whatever they speak.
        self.admission = Admission(parts)
        self._executor = paced(parts.pace)

    async def take_in(self, asked: Asked, caller: Caller) -> Operation:
        """Take in a document when it is its turn: as ``read``.

        Many may have come at once: between those that must be examined others have
        theirs.
        """
        if not self.admission.is_quick(asked):
            await self._parts.pace.breathe()
        return self.read(asked, caller)

    def read(self, asked: Asked, caller: Caller) -> Operation:
        """Take in a document.

        Args:
            asked: What was sent.
            caller: Who asks; not everyone may ask for the graph itself.

        Raises:
            BadRequest: It is wrong, asks for too much, or is not for this caller.
        """
        admitted = self.admission.admit(asked, caller)
        document: DocumentNode = admitted.document
        return Operation(
            asked,
            document,
            operation_type(document, asked.operation),
            admitted.cost,
            self.admission.closed_to(caller),
        )

    async def answer(self, operation: Operation, asker: Asker) -> Answer:
        """Run a query or a mutation.

        Raises:
            BadRequest: Nothing was executed: a variable or the choice of the
                operation was wrong. Or it took too long.
        """
        return await self._run(operation, asker, None)

    async def stream(
        self, operation: Operation, asker: Asker
    ) -> AsyncGenerator[Answer, None]:
        """Begin a subscription.

        Returns:
            The answer to each event. Whoever leaves it closes it (``aclose``), and
            it raises ``BadRequest`` when it ends with a reason, ``TokenExpired``
            when that is it.

        Raises:
            BadRequest: It cannot begin.
        """
        parts, asked = self._parts, operation.asked
        executor = Executor.build(
            parts.schema,
            operation.document,
            context_value=self._context(asker),
            raw_variable_values=asked.variables,
            operation_name=asked.operation,
            hide_suggestions=operation.closed,
        )
        if isinstance(executor, list):
            raise self._bad(executor, asker.caller)
        source: Any = create_source_event_stream(executor)
        if inspect.isawaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            raise self._bad(source.errors or (), asker.caller)
        return self._events(operation, asker, source)

    async def _events(
        self, operation: Operation, asker: Asker, source: AsyncGenerator[Any, None]
    ) -> AsyncGenerator[Answer, None]:
        async with aclosing(source):
            while True:
                within = asyncio.timeout(self._remaining(asker))
                try:
                    async with within:
                        event = await anext(source)
                except StopAsyncIteration:
                    return
                except TimeoutError as error:
                    if not within.expired():
                        raise
                    raise TokenExpired from error
                except BadRequest:
                    raise
                except Exception as error:
                    raise self._bad([_as_graphql(error)], asker.caller) from error
                # Who expired while the event came does not get it either.
                self._remaining(asker)
                yield await self._run(operation, asker, event)

    def _remaining(self, asker: Asker) -> float:
        """Tell for how many seconds the token still holds.

        Raises:
            TokenExpired: It does not.
        """
        now = self._parts.clock.now().timestamp()
        if now >= asker.caller.expires_at:
            raise TokenExpired
        return min(asker.caller.expires_at - now, _LONGEST_S)

    async def _run(self, operation: Operation, asker: Asker, root: Any) -> Answer:
        """Execute once, with doors of its own: what is loaded lives no longer."""
        context = self._context(asker)
        limit = self._parts.limits.execution.total_seconds()
        within = asyncio.timeout(limit)
        try:
            async with within, written_first():
                result = await self._execute(operation, context, root)
                answer = await self._answer(result, operation, asker, context)
        except TrailUnavailable as error:
            _log.exception("the audit trail is out of order")
            raise bad(Code.TRAIL_UNAVAILABLE, sentences.TRAIL) from error
        except TimeoutError as error:
            if not within.expired():
                raise
            raise bad(
                Code.DEADLINE, sentences.DEADLINE, seconds=f"{limit:g}"
            ) from error
        return answer

    async def _execute(self, operation: Operation, context: Any, root: Any) -> Any:
        """Execute, in turns: a thousand variables take time before any resolver."""
        asked, pace = operation.asked, self._parts.pace
        await pace.breathe()
        executor = self._executor.build(
            self._parts.schema,
            operation.document,
            root_value=root,
            context_value=context,
            raw_variable_values=asked.variables,
            operation_name=asked.operation,
            hide_suggestions=operation.closed,
            max_coercion_errors=_MOST_COMPLAINTS,
        )
        if isinstance(executor, list):
            return ExecutionResult(None, executor)
        await pace.breathe()
        result = executor.execute_operation()
        if inspect.isawaitable(result):
            result = await result
        # It refers to itself: what it keeps of errors would wait for the collector.
        executor.collected_errors = type(executor.collected_errors)()
        return result

    def _context(self, asker: Asker) -> Any:
        return self._parts.context_for(
            asker.caller, asker.request_id, asker.language, asker.purpose
        )

    def _bad(self, errors: Iterable[GraphQLError], caller: Caller) -> BadRequest:
        return BadRequest(*self._problems(errors, caller))

    def _problems(
        self, errors: Iterable[GraphQLError], caller: Caller
    ) -> list[Problem]:
        closed = self.admission.closed_to(caller)
        return [self._outcomes.problem_of(one, closed=closed) for one in errors]

    async def _answer(
        self,
        result: ExecutionResult,
        operation: Operation,
        asker: Asker,
        context: Any,
    ) -> Answer:
        """Write down what came of it.

        Raises:
            BadRequest: Nothing was executed.
        """
        body: dict[str, Any] = {}
        outcome = ""
        problems: list[Problem] = []
        closed = self.admission.closed_to(asker.caller)
        for error in result.errors or ():
            await self._parts.pace.breathe()
            problems.append(self._outcomes.problem_of(error, closed=closed))
            let_go(error)
        if problems:
            never_began = result.data is None and all(
                one.path is None for one in problems
            )
            if never_began:
                raise BadRequest(*problems)
            outcome = problems[0].code.value
            body["errors"] = errors = []
            for one in problems:
                await self._parts.pace.breathe()
                errors.append(as_error(one, asker.language, asker.request_id))
        body["data"] = result.data
        extensions = dict(self._parts.extensions_of(context))
        if operation.asked.wants_cost:
            limit = self._parts.limits.cost
            extensions["cost"] = {"cost": operation.cost, "limit": limit}
        if extensions:
            body["extensions"] = extensions
        return Answer(body, outcome)


def _as_graphql(error: Exception) -> GraphQLError:
    """Wrap what a source of events raised as graphql-core wraps a resolver's."""
    if isinstance(error, GraphQLError):
        return error
    return GraphQLError(str(error), original_error=error)
