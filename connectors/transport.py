"""Adapter: one HTTP exchange with a province that may do anything.

Nothing here knows what is said; only that it is an answer of bounded size, in
time, in JSON and in UTF-8, from the machine that the settings name.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import zlib
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp
import msgspec
from yarl import URL

from connectors.faults import ProvinceFault
from connectors.tracing import CURRENT
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from typing import Protocol

    from connectors.credentials import Credentials
    from connectors.port import Clock
    from connectors.settings import ProvinceSettings

    class _Unpacker(Protocol):
        @property
        def eof(self) -> bool: ...
        def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


#: How long an idle connection is kept: setting up mutual TLS over a long line
#: costs more than the answer.
_KEEP_ALIVE = 60.0

#: The third is how REST interfaces tell what went wrong (RFC 9457).
_JSON = frozenset(
    "application/" + form for form in ("json", "graphql-response+json", "problem+json")
)
_SECONDS = re.compile(r"\d{1,9}", re.ASCII)
_HEADERS = {
    "Accept": "application/graphql-response+json, application/json;q=0.9",
    "Accept-Encoding": "gzip",
    "Content-Type": "application/json",
    "User-Agent": "union-federation-hub",
}
#: TLS alerts by which a province turns the hub's own certificate down.
_TURNED_DOWN = re.compile(
    r"ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA"
    r"|ACCESS_DENIED|HANDSHAKE_FAILURE)"
)


class Reply(msgspec.Struct, frozen=True):
    """What came back: JSON text, in whole, not yet read.

    Attributes:
        status: 200, or a 4xx or 5xx whose body may say more than its number.
        body: Valid UTF-8, no longer than the cap.
        retry_after: Seconds that the province asked us to wait, if it did.
        links: Its headers ``Link``, as they are.
    """

    status: int
    body: bytes
    retry_after: float | None = None
    links: str = ""


class Exchange(msgspec.Struct, frozen=True):
    """What is sent.

    Attributes:
        method: Of HTTP.
        address: Where to, whole and percent-encoded: it is sent as it stands.
        headers: Besides the standing ones.
        body: JSON text, unless the headers say otherwise.
    """

    method: str
    address: str
    headers: Mapping[str, str]
    body: bytes | None = None


class Transport:
    """The connections to one province."""

    def __init__(
        self, settings: ProvinceSettings, credentials: Credentials, clock: Clock
    ) -> None:
        """Remember how to speak; nothing is opened before the first call."""
        self._settings = settings
        self._address = str(URL(settings.url))
        self._credentials = credentials
        self._clock = clock
        self._headers = dict(_HEADERS)
        if credentials.bearer:
            self._headers["Authorization"] = f"Bearer {credentials.bearer}"
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, body: bytes, headers: Mapping[str, str], deadline: float
    ) -> Reply:
        """Send JSON and take the JSON that comes back.

        Args:
            body: The JSON text.
            headers: Besides the standing ones.
            deadline: Moment of the loop's clock after which nobody waits: name
                look-up, connection, TLS, and the last byte are all inside it.

        Raises:
            ProvinceFault: As ``exchange`` does.
        """
        sent = Exchange("POST", self._address, headers, body)
        return await self.exchange(sent, deadline)

    async def exchange(self, sent: Exchange, deadline: float) -> Reply:
        """Send a request and take the JSON that comes back.

        Args:
            sent: The request.
            deadline: As in ``post``.

        Raises:
            ProvinceFault: There is no such answer.
        """
        span = CURRENT.get()
        headers = {**sent.headers, **span.headers} if span else sent.headers
        try:
            async with (
                asyncio.timeout_at(deadline),
                self._open().request(
                    sent.method,
                    URL(sent.address, encoded=True),
                    data=sent.body,
                    headers=headers,
                    allow_redirects=False,
                ) as response,
            ):
                wait = self._retry_after(response)
                _judge(response, wait)
                links = ", ".join(response.headers.getall("Link", ()))
                body = await self._read(response)
                return Reply(response.status, body, wait, links)
        except aiohttp.ConnectionTimeoutError as error:
            raise ProvinceFault(FaultCode.UNREACHABLE, "connect time-out") from error
        except TimeoutError as error:
            raise ProvinceFault(FaultCode.TIMED_OUT) from error
        except (aiohttp.ClientError, OSError) as error:
            raise from_transport_error(error) from error

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            settings = self._settings
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    # One more, for acts: reading never keeps them waiting.
                    limit=settings.concurrency + 1,
                    ssl=self._credentials.tls or True,
                    keepalive_timeout=_KEEP_ALIVE,
                ),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=settings.connect_time_out.total_seconds()
                ),
                trust_env=False,
                # Unpacked here instead, where the unpacked bytes are counted.
                auto_decompress=False,
            )
        return self._session

    def _retry_after(self, response: aiohttp.ClientResponse) -> float | None:
        text = response.headers.get("Retry-After", "").strip()
        if not text:
            return None
        if _SECONDS.fullmatch(text):
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
            return max(0.0, (moment - self._clock.now()).total_seconds())
        except (TypeError, ValueError, OverflowError):
            return None

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        cap = self._settings.response_cap
        length = response.content_length
        if length is not None and length > cap:
            raise ProvinceFault(FaultCode.TOO_LARGE, f"Content-Length over {cap}")
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        if coding in {"", "identity"}:
            body = await _read_plain(response.content, cap)
        elif coding == "gzip":
            body = await _read_packed(response.content, cap)
        else:
            raise ProvinceFault(FaultCode.MALFORMED, "unknown Content-Encoding")
        _check_utf8(body)
        return body


def from_transport_error(error: aiohttp.ClientError | OSError) -> ProvinceFault:
    """Tell which fault an error of the HTTP client or of the network is."""
    words = " ".join(str(link) for link in _chain(error))
    code = FaultCode.BROKEN_OFF
    if _TURNED_DOWN.search(words):
        code = FaultCode.UNAUTHORISED
    elif isinstance(error, aiohttp.ServerFingerprintMismatch) or any(
        isinstance(link, ssl.SSLError | ssl.CertificateError | aiohttp.ClientSSLError)
        for link in _chain(error)
    ):
        code = FaultCode.UNTRUSTED
    elif isinstance(error, aiohttp.ClientConnectorError):
        code = FaultCode.UNREACHABLE
    elif isinstance(error, aiohttp.ClientResponseError):
        code = FaultCode.MALFORMED
    return ProvinceFault(code, type(error).__name__)


def _judge(response: aiohttp.ClientResponse, wait: float | None) -> None:
    """Tell from status and headers whether the body is worth reading."""
    status = response.status
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise ProvinceFault(FaultCode.REDIRECTED, f"HTTP {status}")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise ProvinceFault(FaultCode.UNAUTHORISED, f"HTTP {status}")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ProvinceFault(FaultCode.THROTTLED, "HTTP 429", wait)
    if response.content_type in _JSON and _speaks_utf8(response):
        return
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ProvinceFault(FaultCode.PROVINCE_ERROR, f"HTTP {status}", wait)
    raise ProvinceFault(FaultCode.MALFORMED, f"HTTP {status} is not JSON in UTF-8")


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain


def _speaks_utf8(response: aiohttp.ClientResponse) -> bool:
    return (response.charset or "utf-8").lower() in {"utf-8", "utf8"}


async def _read_plain(content: aiohttp.StreamReader, cap: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in content.iter_any():
        size += len(chunk)
        if size > cap:
            raise ProvinceFault(FaultCode.TOO_LARGE, f"over {cap} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


async def _read_packed(content: aiohttp.StreamReader, cap: int) -> bytes:
    """Unpack while reading, never more than one byte beyond the cap."""
    unpacker: _Unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in content.iter_any():
            piece = unpacker.decompress(chunk, cap + 1 - size)
            size += len(piece)
            if size > cap:
                raise ProvinceFault(FaultCode.TOO_LARGE, f"over {cap} bytes unpacked")
            chunks.append(piece)
    except zlib.error as error:
        raise ProvinceFault(FaultCode.MALFORMED, "not gzip") from error
    if not unpacker.eof:
        raise ProvinceFault(FaultCode.BROKEN_OFF, "gzip ended early")
    return b"".join(chunks)


def _check_utf8(body: bytes) -> None:
    # msgspec skips over unknown fields without looking at their bytes.
    if body.isascii():
        return
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise ProvinceFault(FaultCode.MALFORMED, "not UTF-8") from error
