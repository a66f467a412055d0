"""Adapter: a bearer token → who asks.

Whatever is wrong with a token, the caller learns one thing only: that it does
not do. The reason is a short stable code for the log and the metrics.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, Self

import aiohttp
import msgspec
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from hub.access.caller import Caller
from hub.access.claims import InvalidToken, Reason, read_caller
from hub.access.key_sets import KeyRing, PublicKey
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.access.settings import IssuerSettings
    from hub.clock import Clock

#: Longer tokens are refused unread, bytes.
LONGEST: Final = 8192

_SHAPE = re.compile(r"([\w-]+\.[\w-]+)\.([\w-]+)", re.ASCII)
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the header of a token may hold.

    Not among it, and so refused: ``jwk``, ``jku``, ``x5u``, ``x5c`` (the
    token would bring its own key), ``crit`` (an extension that must be
    understood), ``b64``, ``zip``, ``enc``.
    """

    alg: str
    kid: str
    typ: str = "JWT"
    cty: str = ""
    x5t: str = ""
    x5t_s256: str = msgspec.field(default="", name="x5t#S256")


class _Seen(msgspec.Struct, frozen=True):
    """A token that was verified before."""

    caller: Caller
    ring: KeyRing
    kid: str
    key: PublicKey


_read_header = msgspec.json.Decoder(_Header).decode
_read_claims = msgspec.json.Decoder(dict[str, Any]).decode


class Verifier:
    """Verifies bearer tokens of several issuers.

    A token that was verified is remembered by its hash until it expires, or
    until its issuer withdraws the key that signed it. Use it as an
    asynchronous context manager, or call ``start`` and ``close``.
    """

    def __init__(
        self,
        issuers: Sequence[IssuerSettings],
        clock: Clock,
        *,
        remembered: int = 10_000,
    ) -> None:
        """Prepare; nothing is fetched before ``start``.

        Args:
            issuers: Whom to believe, each once.
            clock: Tells whether a token has expired.
            remembered: How many verified tokens are kept in memory, at most.
        """
        self._issuers = tuple(issuers)
        self._clock = clock
        self._remembered = remembered
        self._seen: dict[bytes, _Seen] = {}
        self._rings: dict[str, KeyRing] = {}
        self._session: aiohttp.ClientSession | None = None
        self._refreshers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Fetch every issuer's keys, and keep fetching them in the background.

        An issuer that cannot be reached does not hinder the start: its tokens
        are refused until it can.

        Raises:
            Refused: The settings name an issuer twice, or a file of
                certificate authorities that cannot be used.
        """
        _refuse_twins(self._issuers)
        self._session = aiohttp.ClientSession(trust_env=False)
        try:
            for issuer in self._issuers:
                self._rings[issuer.issuer] = KeyRing(issuer, self._session)
        except Refused:
            await self.close()
            raise
        async with asyncio.TaskGroup() as group:
            for ring in self._rings.values():
                group.create_task(ring.refresh())
        self._refreshers = [
            asyncio.create_task(ring.keep_fresh()) for ring in self._rings.values()
        ]

    async def close(self) -> None:
        """Stop fetching and give the connections back."""
        for refresher in self._refreshers:
            refresher.cancel()
        if self._refreshers:
            await asyncio.wait(self._refreshers)
        self._refreshers = []
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    def without_keys(self) -> list[str]:
        """Name the issuers whose keys could not be fetched so far."""
        return [name for name, ring in self._rings.items() if ring.fetched_at is None]

    async def verify(self, token: str) -> Caller:
        """Tell who asks.

        Args:
            token: The compact form (RFC 7519), without ``Bearer``.

        Raises:
            InvalidToken: It does not do, for whatever reason.
        """
        if len(token) > LONGEST:
            raise InvalidToken(Reason.TOO_LONG)
        now = self._clock.now().timestamp()
        digest = hashlib.sha256(token.encode(errors="surrogatepass")).digest()
        seen = self._seen.get(digest)
        if seen is not None:
            if now < seen.caller.expires_at and (
                seen.ring.keys.get(seen.kid) is seen.key
            ):
                return seen.caller
            del self._seen[digest]
        seen = await self._verify(token, now)
        while len(self._seen) >= self._remembered:
            del self._seen[next(iter(self._seen))]
        self._seen[digest] = seen
        return seen.caller

    async def _verify(self, token: str, now: float) -> _Seen:
        shape = _SHAPE.fullmatch(token)
        if shape is None:
            raise InvalidToken(Reason.MALFORMED)
        signed, signature = shape.groups()
        header_part, claims_part = signed.split(".")
        try:
            header = _read_header(urlsafe_b64decode(header_part.encode()))
        except (ValueError, RecursionError) as error:
            raise InvalidToken(Reason.HEADER) from error
        if header.typ.lower() not in _TYPES:
            raise InvalidToken(Reason.HEADER)
        try:
            claims = _read_claims(urlsafe_b64decode(claims_part.encode()))
        except (ValueError, RecursionError) as error:
            raise InvalidToken(Reason.MALFORMED) from error
        issuer = claims.get("iss")
        ring = self._rings.get(issuer) if isinstance(issuer, str) else None
        if ring is None:
            raise InvalidToken(Reason.ISSUER)
        # The settings choose the algorithms, not the token.
        if header.alg not in ring.settings.algorithms:
            raise InvalidToken(Reason.ALGORITHM)
        key = await ring.find(header.kid)
        if key is None:
            raise InvalidToken(Reason.KEY)
        _check_signature(header.alg, key, signed.encode(), signature.encode())
        caller = read_caller(claims, ring.settings, now)
        return _Seen(caller, ring, header.kid, key)


def _check_signature(
    name: str, key: PublicKey, signed: bytes, signature: bytes
) -> None:
    algorithm = JWSRegistry.algorithms[name]
    try:
        algorithm.check_key(key)
        good = algorithm.verify(signed, urlsafe_b64decode(signature), key)
    except JoseError as error:  # the key is of another kind than the algorithm
        raise InvalidToken(Reason.ALGORITHM) from error
    except ValueError as error:
        raise InvalidToken(Reason.SIGNATURE) from error
    if not good:
        raise InvalidToken(Reason.SIGNATURE)


def _refuse_twins(issuers: Sequence[IssuerSettings]) -> None:
    names = [issuer.issuer for issuer in issuers]
    for name in names:
        if names.count(name) > 1:
            raise Refused(
                Refusal(
                    "ISSUER_TWICE",
                    "settings.issuers",
                    Bilingual(
                        "配置中签发方 {name} 出现多次。",
                        "The settings name issuer {name} more than once.",
                    ).format(name=name),
                    Bilingual(
                        "请把同一签发方的设置合并为一段。",
                        "Join the settings of one issuer into one section.",
                    ),
                )
            )


__all__ = ["LONGEST", "InvalidToken", "Reason", "Verifier"]
