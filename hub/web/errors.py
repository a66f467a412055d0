"""Decider: what a caller is told when a request cannot be served.

There are three families. A *refusal* says what was wrong with the request and
how to mend it. A *fault* of a province is data of the answer and never comes
here. A *bug* is named ``INTERNAL``; the caller gets the id of the request and
nothing else. Every sentence is bilingual, and no text leaves without passing
``scrub``.
"""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from hub.web.scrub import scrub
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.web.negotiate import Language
    from schema.records.refusal import Refusal


class Code(StrEnum):
    """Stable names of what went wrong; clients and alarms rely on them."""

    BAD_REQUEST = "BAD_REQUEST"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    BUSY = "BUSY"
    COST_EXCEEDED = "COST_EXCEEDED"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    CURSOR_INVALID = "CURSOR_INVALID"
    DEADLINE = "DEADLINE"
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    FORBIDDEN = "FORBIDDEN"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    HEADERS_TOO_LARGE = "HEADERS_TOO_LARGE"
    INTERNAL = "INTERNAL"
    INTROSPECTION_OFF = "INTROSPECTION_OFF"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    NOT_FOUND = "NOT_FOUND"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    PERSISTED_QUERY_MISMATCH = "PERSISTED_QUERY_MISMATCH"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    RATE_LIMITED = "RATE_LIMITED"
    REQUEST_TIMED_OUT = "REQUEST_TIMED_OUT"
    SLOW_SUBSCRIBER = "SLOW_SUBSCRIBER"
    STORE_UNAVAILABLE = "STORE_UNAVAILABLE"
    TRAIL_UNAVAILABLE = "TRAIL_UNAVAILABLE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"


#: The HTTP status that goes with a code when nothing was executed.
STATUS = {
    Code.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.DEADLINE: HTTPStatus.GATEWAY_TIMEOUT,
    Code.DOCUMENT_NOT_TRUSTED: HTTPStatus.FORBIDDEN,
    Code.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Code.HEADERS_TOO_LARGE: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    Code.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    Code.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    Code.NOT_ACCEPTABLE: HTTPStatus.NOT_ACCEPTABLE,
    Code.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Code.PAYLOAD_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Code.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Code.REQUEST_TIMED_OUT: HTTPStatus.REQUEST_TIMEOUT,
    Code.STORE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.TRAIL_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Code.UNSUPPORTED_MEDIA_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


#: Refusals of the policy: mending the input would not help.
_FORBIDDEN = frozenset({"PURPOSE_NOT_ALLOWED", "NO_RELATION", "SCOPE_MISSING"})


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of ``errors``, in both languages.

    Attributes:
        code: Its stable name.
        message: What was wrong.
        remedy: What to do about it.
        reason: The refusal's own code, where a rule refused.
        rule: The rule that refused.
        allowed: The values that would do, where they are few.
        locations: Line and column in the document.
        path: Where in the answer.
        retry_after: Seconds after which to come back; 0 if waiting does not help.
        cost: What the document costs and the limit, where that was too much.
    """

    code: Code
    message: Bilingual
    remedy: Bilingual
    reason: str = ""
    rule: str = ""
    allowed: tuple[str, ...] = ()
    locations: tuple[tuple[int, int], ...] = ()
    path: tuple[str | int, ...] | None = None
    retry_after: int = 0
    cost: tuple[int, int] | None = None

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status if nothing was executed."""
        return STATUS.get(self.code, HTTPStatus.BAD_REQUEST)


class BadRequest(Exception):
    """Carries problems from where they are found to the edge that shows them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(one.code for one in problems))
        self.problems = problems


def problem(
    code: Code, sentences: tuple[Bilingual, Bilingual], **blanks: object
) -> Problem:
    """Make a problem of a message and a remedy, and fill in their blanks."""
    message, remedy = sentences
    return Problem(
        code=code, message=message.format(**blanks), remedy=remedy.format(**blanks)
    )


def of_refusal(refusal: Refusal) -> Problem:
    """Make the problem of a refusal that a resolver raised.

    A refusal whose code is one of ours (``FORBIDDEN``) keeps it; all others are
    bad input, and their code is the ``reason``.
    """
    code = Code.FORBIDDEN if refusal.code in _FORBIDDEN else Code.BAD_USER_INPUT
    return Problem(
        code=Code.__members__.get(refusal.code, code),
        message=refusal.message,
        remedy=refusal.remedy,
        reason=refusal.code,
        rule=refusal.rule,
    )


def as_error(
    one: Problem, language: Language, request_id: str | None
) -> dict[str, Any]:
    """Write a problem as the GraphQL specification wants an error."""
    zh, en = scrub(one.message.zh), scrub(one.message.en)
    extensions: dict[str, Any] = {
        "code": one.code.value,
        "zh": zh,
        "en": en,
        "remedy": {"zh": scrub(one.remedy.zh), "en": scrub(one.remedy.en)},
    }
    more = {
        "requestId": request_id,
        "reason": one.reason,
        "rule": one.rule,
        "allowed": list(one.allowed),
        "retryAfter": one.retry_after,
        "cost": one.cost and {"cost": one.cost[0], "limit": one.cost[1]},
    }
    extensions |= {name: value for name, value in more.items() if value}
    error: dict[str, Any] = {"message": zh if language == "zh" else en}
    if one.locations:
        error["locations"] = [
            {"line": line, "column": column} for line, column in one.locations
        ]
    if one.path is not None:
        error["path"] = list(one.path)
    error["extensions"] = extensions
    return error


def as_body(
    problems: Sequence[Problem], language: Language, request_id: str | None
) -> dict[str, Any]:
    """Write the whole answer to a request of which nothing was executed."""
    return {"errors": [as_error(one, language, request_id) for one in problems]}
