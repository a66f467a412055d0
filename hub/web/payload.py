"""Decider: what a request says, as JSON in a body or as parts of an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec
import orjson

from hub.web import sentences
from hub.web.errors import BadRequest, Code, problem
from hub.web.scrub import scrub

if TYPE_CHECKING:
    from hub.config.server import LimitSettings

_PARAMETERS: tuple[tuple[str, type, str, str], ...] = (
    ("query", str, "字符串", "a string"),
    ("operationName", str, "字符串", "a string"),
    ("variables", dict, "对象", "an object"),
    ("extensions", dict, "对象", "an object"),
    ("documentId", str, "字符串", "a string"),
)

#: How both forms of trusted documents name one; without regard to case.
_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.ASCII | re.IGNORECASE)

#: More parts than any request needs; the rest of an address is not even read.
_MOST_PARTS = 16


class Asked(msgspec.Struct, frozen=True):
    """One GraphQL request.

    Attributes:
        query: The document; empty if it is only named by its hash.
        operation: Which operation of the document, if it is said.
        variables: Their values by name.
        document_hash: SHA-256 of the document in hex, if the caller said it.
        wants_cost: Whether the answer should tell what the document costs
            (``extensions: {"cost": true}``).
    """

    query: str
    operation: str | None
    variables: dict[str, Any]
    document_hash: str = ""
    wants_cost: bool = False


def from_body(body: bytes, limits: LimitSettings) -> Asked:
    """Read the JSON body of a POST.

    Raises:
        BadRequest: It is no JSON object, nests too deeply, holds too much, or has
            parameters of wrong types.
    """
    return _checked(_parse(body, limits, ("请求正文", "The request body")), limits)


def from_value(said: Any, limits: LimitSettings) -> Asked:
    """Read a request that stood within other JSON, as a message of a WebSocket.

    Raises:
        BadRequest: As for ``from_body``.
    """
    _measure(said, limits)
    return _checked(said, limits)


def from_address(query_string: bytes, limits: LimitSettings) -> Asked:
    """Read the query string of a GET; ``variables`` and ``extensions`` are JSON.

    Raises:
        BadRequest: It cannot be read, has parameters of wrong types, or holds what
            may be a resident ID number.
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
            problem(Code.BAD_REQUEST, sentences.BAD_QUERY_STRING, most=_MOST_PARTS)
        ) from error
    said: dict[str, Any] = dict(parts)
    for name in ("variables", "extensions"):
        if name in parts:
            raw = parts[name].encode()
            said[name] = _parse(raw, limits, (name, name)) if raw else None
    # Not the extensions: a hash may hold as many digits, and is no number. Variables
    # are written anew, since JSON has several spellings for a digit.
    for text in (parts.get("query", ""), orjson.dumps(said.get("variables")).decode()):
        if text != scrub(text):
            raise BadRequest(problem(Code.BAD_REQUEST, sentences.NUMBER_IN_ADDRESS))
    return _checked(said, limits)


def _parse(text: bytes, limits: LimitSettings, what: tuple[str, str]) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        zh, en = what
        raise BadRequest(
            problem(Code.BAD_REQUEST, sentences.BAD_JSON, what=zh, what_en=en)
        ) from error
    # Few brackets and commas cannot nest deeply or hold much: most requests need
    # no walk.
    brackets = text.count(b"[") + text.count(b"{")
    if brackets > limits.json_depth or text.count(b",") > limits.values:
        _measure(value, limits)
    return value


def _measure(value: Any, limits: LimitSettings) -> None:
    """Look how deeply a value nests and how much it holds, level by level."""
    level = [value]
    held = 0
    for _ in range(limits.json_depth + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
        held += len(level)
        if held > limits.values:
            raise BadRequest(
                problem(Code.PAYLOAD_TOO_LARGE, sentences.VALUES, limit=limits.values)
            )
    raise BadRequest(
        problem(Code.BAD_REQUEST, sentences.JSON_DEEP, limit=limits.json_depth)
    )


def _checked(said: Any, limits: LimitSettings) -> Asked:
    if not isinstance(said, dict):
        raise BadRequest(problem(Code.BAD_REQUEST, sentences.NOT_OBJECT))
    wrong = [
        problem(Code.BAD_REQUEST, sentences.WRONG_PARAMETER, name=name, zh=zh, en=en)
        for name, kind, zh, en in _PARAMETERS
        if not isinstance(said.get(name), kind | None)
    ]
    if wrong:
        raise BadRequest(*wrong)
    query = said.get("query") or ""
    extensions = said.get("extensions") or {}
    document_hash = _hash_of(said.get("documentId"), extensions)
    if not query and not document_hash:
        raise BadRequest(problem(Code.BAD_REQUEST, sentences.NO_QUERY))
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
    return Asked(
        query,
        said.get("operationName"),
        said.get("variables") or {},
        document_hash,
        extensions.get("cost") is True,
    )


def _hash_of(document_id: str | None, extensions: dict[str, Any]) -> str:
    """Read the hash of a trusted document, in either of its two forms, or both.

    Raises:
        BadRequest: There is one, and it is no SHA-256; or the two differ.
    """
    said: dict[str, Any] = {}
    if document_id:
        said["documentId"] = document_id
    if (persisted := extensions.get("persistedQuery")) is not None:
        good = isinstance(persisted, dict) and persisted.get("version") == 1
        said["extensions.persistedQuery"] = persisted.get("sha256Hash") if good else ""
    hashes = {_hash(name, one) for name, one in said.items()}
    if len(hashes) > 1:
        raise BadRequest(problem(Code.BAD_REQUEST, sentences.TWO_HASHES))
    return hashes.pop() if hashes else ""


def _hash(name: str, said: Any) -> str:
    found = _HASH.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        zh, en = "文档的 SHA-256 摘要", "the SHA-256 of a document, in hex"
        raise BadRequest(
            problem(
                Code.BAD_REQUEST, sentences.WRONG_PARAMETER, name=name, zh=zh, en=en
            )
        )
    return found[1].lower()
