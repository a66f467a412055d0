"""Adapter: the public keys that an issuer publishes, kept at hand and fresh."""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import TYPE_CHECKING, Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiohttp

    from hub.access.settings import IssuerSettings

_log = logging.getLogger(__name__)

PublicKey = ECKey | OKPKey | RSAKey

#: Shorter RSA keys can be broken (NIST SP 800-131A).
_SHORTEST_RSA: Final = 2048

_KINDS: Final[dict[str, type[PublicKey]]] = {
    "EC": ECKey,
    "OKP": OKPKey,
    "RSA": RSAKey,
}

#: What makes a JWK a private or a symmetric key (RFC 7518 §6).
_SECRET_PARTS = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})


class KeySetUnreadableError(Exception):
    """What the issuer published is no set of keys."""


class _KeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


def read_key_set(published: bytes) -> Mapping[str, PublicKey]:
    """Read a set of keys (RFC 7517), by the name of each key.

    A key that cannot be used is left out, and the others stay: one without a
    name, of another kind or use, a short RSA key, a symmetric or a private key
    (whoever reads a published private key can sign).

    Args:
        published: The JSON text.

    Raises:
        KeySetUnreadableError: It is not a set of keys at all.
    """
    try:
        key_set = msgspec.json.decode(published, type=_KeySet)
    except (ValueError, RecursionError) as error:
        raise KeySetUnreadableError(str(error)) from error
    found: dict[str, PublicKey] = {}
    for jwk in key_set.keys:
        kid = jwk.get("kid")
        key = _usable(jwk)
        if isinstance(kid, str) and key is not None:
            found.setdefault(kid, key)
    return found


def _usable(jwk: dict[str, Any]) -> PublicKey | None:
    if jwk.get("use", "sig") != "sig" or not _SECRET_PARTS.isdisjoint(jwk):
        return None
    try:
        key = _KINDS[jwk["kty"]].import_key(jwk)
        key.check_key_op("verify")
    except (JoseError, KeyError, TypeError, ValueError):
        return None
    raw = key.raw_value
    if isinstance(raw, RSAPublicKey) and raw.key_size < _SHORTEST_RSA:
        return None
    return key


class KeyRing:
    """The keys of one issuer.

    They are fetched at the start, every ``refresh_every``, and when a token
    names a key that is not among them, though not more often than
    ``refresh_at_most_every``. Those who wait for a fetch share it. While the
    issuer cannot be reached, the keys last fetched stay in force.
    """

    def __init__(
        self, settings: IssuerSettings, session: aiohttp.ClientSession
    ) -> None:
        """Prepare; nothing is fetched yet.

        Raises:
            Refused: The file of certificate authorities cannot be used.
        """
        self.settings = settings
        self.keys: Mapping[str, PublicKey] = {}
        self._session = session
        self._tls = _trust(settings)
        self._fetched_at: float | None = None
        self._tried_at = float("-inf")
        self._under_way: asyncio.Task[None] | None = None

    @property
    def fetched_at(self) -> float | None:
        """When the keys were last fetched (``loop.time()``), if ever."""
        return self._fetched_at

    async def find(self, kid: str) -> PublicKey | None:
        """Find a key by its name, fetching the keys again if that may help."""
        key = self.keys.get(kid)
        if key is None and (self._under_way is not None or self._may_try()):
            await self.refresh()
            key = self.keys.get(kid)
        return key

    def _may_try(self) -> bool:
        pause = self.settings.refresh_at_most_every.total_seconds()
        return asyncio.get_running_loop().time() >= self._tried_at + pause

    async def refresh(self) -> None:
        """Fetch the keys now, or wait for the fetch that is under way.

        It never raises for what goes wrong at the issuer: the log says it, and
        the old keys stay.
        """
        if self._under_way is None:
            self._tried_at = asyncio.get_running_loop().time()
            self._under_way = asyncio.create_task(self._refresh())
            self._under_way.add_done_callback(self._forget)
        # Shielded: one caller who gives up must not end it for the others.
        await asyncio.shield(self._under_way)

    def _forget(self, _done: asyncio.Task[None]) -> None:
        self._under_way = None

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(self.settings.timeout.total_seconds()):
                published = await self._fetch()
            self.keys = read_key_set(published)
        except Exception as error:  # noqa: BLE001  # it must not end the refreshing
            _log.warning(
                "keys-not-fetched issuer=%s error=%s kept=%d",
                self.settings.issuer,
                type(error).__name__,
                len(self.keys),
            )
        else:
            self._fetched_at = asyncio.get_running_loop().time()

    async def _fetch(self) -> bytes:
        cap = self.settings.max_bytes
        if self.settings.jwks_file is not None:
            published = await asyncio.to_thread(self.settings.jwks_file.read_bytes)
        else:
            async with self._session.get(
                str(self.settings.jwks_url),
                allow_redirects=False,
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                ssl=self._tls,
            ) as answer:
                if answer.status != 200:  # noqa: PLR2004  # HTTP's own number
                    raise KeySetUnreadableError(f"status {answer.status}")
                published = await _read(answer, cap + 1)
        if len(published) > cap:
            raise KeySetUnreadableError(f"larger than {cap} bytes")
        return published

    async def keep_fresh(self) -> None:
        """Fetch the keys again and again, until cancelled."""
        while True:
            pause = (
                self.settings.refresh_at_most_every
                if self._fetched_at is None
                else self.settings.refresh_every
            )
            await asyncio.sleep(pause.total_seconds())
            await self.refresh()


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    held = bytearray()
    while len(held) < most and (part := await answer.content.read(most - len(held))):
        held += part
    return bytes(held)


def _trust(settings: IssuerSettings) -> ssl.SSLContext | bool:
    if settings.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:  # ssl.SSLError is one
        values = {"file": settings.ca_file, "issuer": settings.issuer}
        raise Refused(
            Refusal(
                "CA_FILE_UNUSABLE",
                "settings.issuers.ca_file",
                Bilingual(
                    "无法使用签发方 {issuer} 的证书机构文件 {file}。",
                    "The file of certificate authorities of issuer {issuer},"
                    " {file}, cannot be used.",
                ).format(**values),
                Bilingual(
                    "请确认文件存在、可读，且为 PEM 格式。",
                    "Check that it exists, can be read, and is in PEM format.",
                ),
            )
        ) from error
