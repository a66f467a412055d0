"""Decider at the edge: which family an error of the execution belongs to.

A refusal is shown as it is; the trail and the store may be out of order; an
argument may have been wrong. Everything else is a bug: it is written to the log
once, with its traceback, and the caller is told only the id of the request.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec
from graphql import GraphQLError

from hub.audit.trail import TrailUnavailable
from hub.web import sentences
from hub.web.errors import Code, problem
from hub.web.translate import cause_of, places, refusal_of, translate

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from hub.web.errors import Problem
    from hub.web.metrics import Figures

_log = logging.getLogger("hub.bug")

#: How graphql-core begins when it complains of what the caller sent.
_OF_THE_CALLER = (
    "Variable '", "Argument '", "Must provide", "Unknown operation",
    "Too many errors processing variables",
)  # fmt: skip


def let_go(error: BaseException) -> None:
    """Undo what an error that was told refers to, so that all of it is gone at once.

    A traceback holds the frames, and they hold the error. Twenty thousand of them in one
    answer are 40 MB that wait for the collector, which then stops everybody.
    """
    chain: list[BaseException | None] = [error]
    while chain:
        one = chain.pop()
        if one is None:
            continue
        chain += [one.__cause__, one.__context__]
        if isinstance(one, GraphQLError):
            chain.append(one.original_error)
            one.original_error = None
        one.__traceback__ = one.__cause__ = one.__context__ = None


class Outcomes:
    """Makes problems of the errors of an execution."""

    def __init__(self, schema: GraphQLSchema, figures: Figures) -> None:
        """Prepare.

        Args:
            schema: Whose enumerations are named.
            figures: Where bugs are counted.
        """
        self._schema = schema
        self._figures = figures

    def problem_of(self, error: GraphQLError, *, closed: bool) -> Problem:
        """Make the problem of one error, and log it if it is a bug.

        Args:
            error: Of the execution.
            closed: The graph is hidden from the caller: name nothing of it.
        """
        cause = cause_of(error)
        if refusal_of(error) is not None or (
            isinstance(cause, GraphQLError) and error.message.startswith(_OF_THE_CALLER)
        ):
            code = Code.BAD_USER_INPUT
            return translate(error, code, self._schema, closed=closed)
        if isinstance(cause, TrailUnavailable):
            _log.error("the audit trail is out of order", exc_info=cause)
            made = problem(Code.TRAIL_UNAVAILABLE, sentences.TRAIL)
        else:
            self._figures.bug()
            _log.error("unexpected exception", exc_info=cause)
            made = problem(Code.INTERNAL, sentences.INTERNAL)
        path = None if error.path is None else tuple(error.path)
        return msgspec.structs.replace(made, locations=places(error), path=path)
