"""Value: an operation, who asks for it, and what came of it."""

from __future__ import annotations

from typing import Any

import msgspec
from graphql import OperationType
from graphql.utilities import get_operation_ast

from hub.access.caller import Caller
from hub.web import stream_sentences
from hub.web.errors import BadRequest, Code
from hub.web.negotiate import Language
from hub.web.payload import Asked
from hub.web.respond import bad

#: Longer names are cut: a log line is not a place for a document.
_LONGEST_NAME = 80


class Asker(msgspec.Struct, frozen=True):
    """Who asks for an operation, and how the answer should read.

    Attributes:
        caller: Who.
        request_id: Of the operation; a subscription has one for all its events.
        language: Of ``message`` and of free text.
        purpose: The ``Purpose-Of-Use`` as it was sent, if it was.
    """

    caller: Caller
    request_id: str
    language: Language
    purpose: str | None


class Operation(msgspec.Struct, frozen=True):
    """A good document, and which of its operations runs.

    Attributes:
        asked: What was sent.
        document: As parsed.
        kind: Query, mutation or subscription; none if it is not clear which of
            several operations should run.
        cost: Fields that the answer may have.
        closed: Whether the graph itself is hidden from the caller.
    """

    asked: Asked
    document: Any
    kind: OperationType | None
    cost: int
    closed: bool

    @property
    def name(self) -> str:
        """What to call it in the log and in the trace.

        The name that it bears in the document, whether or not it was sent as
        ``operationName`` too; what is nameless is called by its kind.
        """
        node = get_operation_ast(self.document, self.asked.operation)
        if node is not None and node.name is not None:
            return node.name.value[:_LONGEST_NAME]
        return self.kind.value if self.kind else ""


class Answer(msgspec.Struct, frozen=True):
    """What came of an operation, or of one event of a subscription.

    Attributes:
        body: As GraphQL has it.
        outcome: The code of the first error; empty if there is none.
    """

    body: dict[str, Any]
    outcome: str


class TokenExpired(BadRequest):
    """The token has expired while the caller was being served."""

    def __init__(self) -> None:
        super().__init__(
            *bad(Code.UNAUTHENTICATED, stream_sentences.TOKEN_EXPIRED).problems
        )
