"""Decider: a compact JWS (RFC 7515), written and read strictly.

The verifier chooses the algorithm by the key, never by what was sent; every part must
be written in the one form that base64url has, so that no other text is the same JWS.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

if TYPE_CHECKING:
    from hub.access.key_sets import PublicKey

#: What the hub signs credentials with.
SigningKey = OKPKey | ECKey

_SHAPE: Final = re.compile(rb"([\w-]{1,512})\.([\w-]+)\.([\w-]{1,200})", re.ASCII)
_CURVES: Final = {
    "Ed25519": frozenset({"EdDSA", "Ed25519"}),
    "P-256": frozenset({"ES256"}),
}

#: Every algorithm that anybody's signature may have here.
ALGORITHMS: Final = frozenset[str]().union(*_CURVES.values())


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The header. Whatever else may stand there is refused.

    Among that: ``jwk``, ``jku``, ``x5u``, ``x5c`` (it would bring its own key),
    ``crit``, ``b64``, ``zip``.

    Attributes:
        alg: The algorithm.
        kid: Name of the key.
        typ: What it is.
    """

    alg: str
    kid: str
    typ: str


class Compact(msgspec.Struct, frozen=True):
    """A compact JWS taken apart; its signature is not verified yet.

    Attributes:
        head: The header.
        payload: What was signed, or so it says.
        signed: The bytes under the signature.
        signature: The signature.
    """

    head: Head
    payload: bytes
    signed: bytes
    signature: bytes


_read_head = msgspec.json.Decoder(Head).decode
_write_head = msgspec.json.Encoder().encode


class UnreadableError(ValueError):
    """It is no compact JWS of ours; the message says nothing of its content."""


def algorithms_of(key: PublicKey) -> frozenset[str]:
    """Tell which algorithms a key may be used with; none of them if it is of no use."""
    curve = getattr(key, "curve_name", "")
    return _CURVES.get(curve, frozenset())


def algorithm_of(key: SigningKey) -> str:
    """Tell what the hub calls the algorithm that it signs with a key by."""
    return "ES256" if isinstance(key, ECKey) else "EdDSA"


def read(text: str, longest: int) -> Compact:
    """Take a compact JWS apart.

    Args:
        text: As it was sent.
        longest: How long it may be, in characters.

    Raises:
        UnreadableError: It is none, or not written as it must be.
    """
    if len(text) > longest:
        raise UnreadableError("too long")
    try:
        whole = text.encode("ascii")
    except UnicodeEncodeError as error:
        raise UnreadableError("not ASCII") from error
    shape = _SHAPE.fullmatch(whole)
    if shape is None:
        raise UnreadableError("not three parts")
    head, payload, signature = shape.groups()
    decoded = _decode(head)
    try:
        read_head = _read_head(decoded)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("header") from error
    unique(decoded)
    return Compact(
        read_head, _decode(payload), whole[: shape.end(2)], _decode(signature)
    )


def holds(compact: Compact, key: PublicKey) -> bool:
    """Tell whether the signature is that of a key, by an algorithm of that key."""
    if compact.head.alg not in algorithms_of(key):
        return False
    try:
        return bool(
            JWSRegistry.algorithms[compact.head.alg].verify(
                compact.signed, compact.signature, key
            )
        )
    except (JoseError, ValueError):
        return False


def write(typ: str, kid: str, key: SigningKey, payload: bytes) -> str:
    """Sign a payload.

    Args:
        typ: What it is.
        kid: Name of the key.
        key: The private key.
        payload: What to sign.

    Returns:
        The compact JWS.
    """
    name = algorithm_of(key)
    head = _encode(_write_head(Head(name, kid, typ)))
    signed = head + b"." + _encode(payload)
    signature = JWSRegistry.algorithms[name].sign(signed, key)
    return (signed + b"." + _encode(signature)).decode("ascii")


def unique(text: bytes, instead: Any = None) -> Any:
    """Read JSON in which every name stands once in its object.

    Readers differ in which of two they take; so two is none.

    Args:
        text: The JSON.
        instead: What to put in the place of an object with a name twice.

    Raises:
        UnreadableError: It is no JSON, or has such an object and nothing is to be put
            in its place.
    """

    def once(pairs: list[tuple[str, Any]]) -> Any:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        if instead is None:
            raise UnreadableError("a name twice")
        return instead

    try:
        return json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("JSON") from error


def _encode(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _decode(part: bytes) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except ValueError as error:
        raise UnreadableError("base64url") from error
    # The last character may have bits that decode to nothing: another text of the
    # same JWS, which a list of seen ones would not know again.
    if _encode(raw) != part:
        raise UnreadableError("base64url")
    return raw
