"""Decider: what a request says, as JSON in a body or as parts of an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec
import orjson

from hub.web import sentences
from hub.web.errors import BadRequest, Code, problem

if TYPE_CHECKING:
    from hub.config.server import LimitSettings

_PARAMETERS: tuple[tuple[str, type, str, str], ...] = (
    ("query", str, "字符串", "a string"),
    ("operationName", str, "字符串", "a string"),
    ("variables", dict, "对象", "an object"),
    ("extensions", dict, "对象", "an object"),
)

#: More parts than any request needs; the rest of an address is not even read.
_MOST_PARTS = 16


class Asked(msgspec.Struct, frozen=True):
    """One GraphQL request.

    Attributes:
        query: The document.
        operation: Which operation of the document, if it is said.
        variables: Their values by name.
    """

    query: str
    operation: str | None
    variables: dict[str, Any]


def from_body(body: bytes, limits: LimitSettings) -> Asked:
    """Read the JSON body of a POST.

    Raises:
        BadRequest: It is no JSON object, nests too deeply, or has parameters of
            wrong types.
    """
    return _checked(_parse(body, limits, ("请求正文", "The request body")), limits)


def from_address(query_string: bytes, limits: LimitSettings) -> Asked:
    """Read the query string of a GET; ``variables`` and ``extensions`` are JSON.

    Raises:
        BadRequest: It cannot be read, or has parameters of wrong types.
    """
    try:
        parts = dict(
            parse_qsl(
                query_string.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_MOST_PARTS,
            )
        )
    except ValueError as error:
        raise BadRequest(
            problem(
                Code.BAD_REQUEST,
                sentences.BAD_JSON,
                what="地址中的查询串",
                what_en="The query string",
            )
        ) from error
    said: dict[str, Any] = dict(parts)
    for name in ("variables", "extensions"):
        if name in parts:
            text = parts[name].encode()
            said[name] = _parse(text, limits, (name, name)) if text else None
    return _checked(said, limits)


def _parse(text: bytes, limits: LimitSettings, what: tuple[str, str]) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        zh, en = what
        raise BadRequest(
            problem(Code.BAD_REQUEST, sentences.BAD_JSON, what=zh, what_en=en)
        ) from error
    # Few brackets cannot nest deeply: most requests need no walk.
    if text.count(b"[") + text.count(b"{") > limits.json_depth and not _shallow(
        value, limits.json_depth
    ):
        raise BadRequest(
            problem(Code.BAD_REQUEST, sentences.JSON_DEEP, limit=limits.json_depth)
        )
    return value


def _shallow(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False


def _checked(said: Any, limits: LimitSettings) -> Asked:
    if not isinstance(said, dict):
        raise BadRequest(problem(Code.BAD_REQUEST, sentences.NOT_OBJECT))
    query = said.get("query")
    if query is None or query == "":
        raise BadRequest(problem(Code.BAD_REQUEST, sentences.NO_QUERY))
    wrong = [
        problem(Code.BAD_REQUEST, sentences.WRONG_PARAMETER, name=name, zh=zh, en=en)
        for name, kind, zh, en in _PARAMETERS
        if not isinstance(said.get(name), kind | None)
    ]
    if wrong:
        raise BadRequest(*wrong)
    if len(query) > limits.document_chars:
        most = limits.document_chars
        raise BadRequest(
            problem(
                Code.PAYLOAD_TOO_LARGE,
                sentences.DOCUMENT_TOO_LARGE,
                zh=f"超过 {most} 个字符",
                en=f"more than {most} characters",
            )
        )
    return Asked(query, said.get("operationName"), said.get("variables") or {})
