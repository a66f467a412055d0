"""Decider with a memory: whether a caller bears a token that is taken."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from connectors.credentials import secret
from hub.subgraph import sentences
from schema.records.refusal import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.settings import ProvinceSettings

_RULE = "subgraph-bearer"
_SCHEME = "bearer "

#: Shorter tokens can be guessed, in characters.
LEAST = 16


class Bearers:
    """Knows tokens by their digests, so that comparing takes the same time for all."""

    def __init__(self, tokens: Iterable[str]) -> None:
        """Take these."""
        self._digests = tuple(_digest(one) for one in tokens)

    def take(self, authorization: str | None) -> bool:
        """Tell whether an ``Authorization`` header has one of them."""
        sent = authorization or ""
        named = sent[: len(_SCHEME)].lower() == _SCHEME
        shown = _digest(sent[len(_SCHEME) :].strip() if named else "")
        found = [hmac.compare_digest(shown, one) for one in self._digests]
        return any(found)


def read_bearers(
    province: ProvinceSettings, variables: Iterable[str], environ: Mapping[str, str]
) -> Bearers:
    """Read the tokens that are taken.

    Args:
        province: The province, which refusals name.
        variables: The environment variables that hold them.
        environ: The process environment.

    Raises:
        Refused: A variable is not set, or holds none that will do.
    """
    tokens = []
    for variable in variables:
        token = secret(province, variable, environ) or ""
        if len(token) < LEAST:
            message, remedy = sentences.TOKEN_SHORT
            said = message.format(variable=variable, least=LEAST)
            raise Refused(Refusal("BEARER_SHORT", _RULE, said, remedy))
        tokens.append(token)
    return Bearers(tokens)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
