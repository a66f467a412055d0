"""Decider: the messages of graphql-transport-ws, and what closes a socket.

The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

SUBPROTOCOL: Final = "graphql-transport-ws"

#: Longest reason that fits into a close frame, in bytes (RFC 6455, 5.5.1).
_REASON_BYTES: Final = 123
#: Longest id of an operation; it comes back in every message.
_ID_CHARS: Final = 256
#: Longest ``ping`` and ``pong``; the payload of a ping comes back.
_PING_CHARS: Final = 1024


class Close(IntEnum):
    """Why a socket is closed; those from 4400 on are the protocol's own."""

    #: The caller is gone: it did not answer a ping.
    GOING_AWAY = 1001
    #: All places are taken: those of the hub, or of the subject or its office. Or
    #: the caller pings without end.
    TRY_LATER = 1013
    INVALID_MESSAGE = 4400
    #: Something was asked for before ``connection_init`` was acknowledged.
    UNAUTHORIZED = 4401
    #: The token does not do, or has expired. Clients may come back with another.
    FORBIDDEN = 4403
    SUBPROTOCOL = 4406
    INIT_TIMEOUT = 4408
    DUPLICATE_ID = 4409
    #: Ours: the caller did not take what was sent; to resume, use ``after``.
    TOO_SLOW = 4410
    TOO_MANY_INITS = 4429
    INTERNAL = 4500


class Closing(Exception):
    """The socket has to be closed.

    Attributes:
        code: Why.
        reason: The same in words; what a caller sent is never repeated.
    """

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason.encode()[:_REASON_BYTES].decode(errors="ignore")


def expired() -> Closing:
    """Close because the token has expired."""
    return Closing(Close.FORBIDDEN, "Forbidden: the token has expired")


def try_later() -> Closing:
    """Close because all places are taken."""
    return Closing(Close.TRY_LATER, "Try again later: all places are taken")


def sent_away() -> Closing:
    """Close because others wait for ``connection_init`` too."""
    return Closing(Close.INIT_TIMEOUT, "Connection initialisation timeout: others wait")


def too_many_pings() -> Closing:
    """Close because the caller pings faster than anybody needs to."""
    return Closing(Close.TRY_LATER, "Try again later: too many pings")


def too_slow() -> Closing:
    """Close because the caller does not take what is sent."""
    return Closing(Close.TOO_SLOW, "Too slow: subscribe again with after")


class Init(msgspec.Struct, frozen=True):
    """``connection_init``; the payload may hold a token."""

    payload: dict[str, Any]


class Ping(msgspec.Struct, frozen=True):
    """``ping``; the answer has the same payload."""

    payload: dict[str, Any] | None


class Pong(msgspec.Struct, frozen=True):
    """``pong``."""

    payload: dict[str, Any] | None


class Subscribe(msgspec.Struct, frozen=True):
    """``subscribe``: run an operation of whatever kind.

    Attributes:
        id: What the caller calls it.
        payload: The request: ``query``, ``variables``, ...
    """

    id: str
    payload: dict[str, Any]


class Complete(msgspec.Struct, frozen=True):
    """``complete``: the caller no longer wants the operation."""

    id: str


Message: TypeAlias = Init | Ping | Pong | Subscribe | Complete


def read(text: str | None, most: int) -> Message:
    """Read what a caller sent.

    Args:
        text: The text; ``None`` if it was a binary frame.
        most: So many characters it may have.

    Raises:
        Closing: It is no message of the protocol.
    """
    if text is None:
        raise _invalid("text frames only")
    if len(text) > most:
        raise _invalid(f"more than {most} characters")
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _invalid("not JSON") from error
    if not isinstance(said, dict):
        raise _invalid("not a JSON object")
    name = said.get("type")
    reader = _READERS.get(name) if isinstance(name, str) else None
    if reader is None:
        raise _invalid("'type' must be one that callers send")
    if name in _PINGS and len(text) > _PING_CHARS:
        raise _invalid(f"'{name}' of more than {_PING_CHARS} characters")
    return reader(said)


def _payload(said: dict[str, Any]) -> dict[str, Any] | None:
    payload = said.get("payload")
    if not isinstance(payload, dict | None):
        raise _invalid("'payload' must be an object, null or absent")
    return payload


def _returned(said: dict[str, Any]) -> dict[str, Any] | None:
    """Take a payload that comes back."""
    payload = _payload(said)
    try:
        orjson.dumps(payload)
    except orjson.JSONEncodeError as error:
        raise _invalid("'payload' nests too deeply") from error
    return payload


def _id(said: dict[str, Any]) -> str:
    name = said.get("id")
    if isinstance(name, str) and 0 < len(name) <= _ID_CHARS:
        return name
    raise _invalid(f"'id' must be a string of 1 to {_ID_CHARS} characters")


def _request(payload: Any) -> dict[str, Any]:
    """Check the types that the protocol has; what they hold is judged later."""
    if not isinstance(payload, dict):
        raise _invalid("'payload' of subscribe must be an object")
    extensions = payload.get("extensions")
    for name, kind, said in (
        ("operationName", str, "a string"),
        ("variables", dict, "an object"),
        ("extensions", dict, "an object"),
    ):
        if not isinstance(payload.get(name), kind | None):
            raise _invalid(f"'payload.{name}' must be {said}, null or absent")
    known_otherwise = isinstance(payload.get("documentId"), str) or (
        isinstance(extensions, dict) and "persistedQuery" in extensions
    )
    query = payload.get("query")
    if not isinstance(query, str) and not (query is None and known_otherwise):
        raise _invalid("'payload.query' must be a string")
    return payload


def _invalid(why: str) -> Closing:
    return Closing(Close.INVALID_MESSAGE, f"Invalid message: {why}")


_PINGS: Final = frozenset({"ping", "pong"})
_READERS: Final[dict[str, Callable[[dict[str, Any]], Message]]] = {
    "connection_init": lambda said: Init(_payload(said) or {}),
    "ping": lambda said: Ping(_returned(said)),
    "pong": lambda said: Pong(_payload(said)),
    "subscribe": lambda said: Subscribe(_id(said), _request(said.get("payload"))),
    "complete": lambda said: Complete(_id(said)),
}
