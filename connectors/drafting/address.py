"""Adapter: reads a description of an interface from where it is served, once and within bounds."""

from __future__ import annotations

import asyncio
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import aiohttp

from connectors.drafting.refusing import RULE
from connectors.settings_checks import on_this_machine
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from typing import NoReturn

#: Bytes, unpacked, and seconds for all of it.
MOST: Final = 16 * 1024 * 1024
LONGEST: Final = 20.0
_CHUNK: Final = 64 * 1024
_LOOK = Bilingual(
    "请检查网址、令牌与网络；或把说明另存为文件，写文件名。",
    "Look at address, token and line; or save the description and name the file.",
)


def is_address(source: str) -> bool:
    """Tell whether a source is an address, and not a file."""
    return source.lower().startswith(("http://", "https://"))


def read(
    address: str,
    *,
    token: str | None = None,
    ca_file: str | None = None,
    body: bytes | None = None,
) -> bytes:
    """Read what an address answers with.

    Args:
        address: ``https``, or ``http`` to this machine.
        token: The bearer token, if one is wanted.
        ca_file: Certificates (PEM) that are trusted; the machine's own without it.
        body: JSON to post; without it the address is read by GET.

    Raises:
        Refused: There is no such answer in time; why, without address or token.
    """
    _allowed(address)
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError):
        _fail("证书文件不可用", "the file of certificates cannot be used")
    return asyncio.run(_read(address, token, context, body))


def _allowed(address: str) -> None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    secure = parts.scheme == "https" and host
    sound = secure or (parts.scheme == "http" and on_this_machine(host))
    if parts.username or parts.password or not sound:
        raise Refused(
            Refusal(
                "ADDRESS_NOT_ALLOWED",
                RULE,
                Bilingual(
                    "网址须为 https（http 只限本机），且不含用户名或口令。",
                    "An address is https, or http to this machine, and has no user and"
                    " no password in it.",
                ),
                Bilingual(
                    "请改用 https；令牌放入环境变量，用 --bearer-env 写其名称。",
                    "Use https; put a token into an environment variable and name it"
                    " with --bearer-env.",
                ),
            )
        )


async def _read(
    address: str, token: str | None, context: ssl.SSLContext, body: bytes | None
) -> bytes:
    headers = {"Accept": "application/json, application/yaml;q=0.9, */*;q=0.5"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        async with (
            asyncio.timeout(LONGEST),
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.request(
                "GET" if body is None else "POST",
                address,
                data=body,
                headers=headers,
                ssl=context,
                # A token is for this machine and for no other.
                allow_redirects=False,
            ) as response,
        ):
            return await _whole(response)
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        for kind, zh, en in _WHY:
            if isinstance(error, kind):
                _fail(zh, en)
        # Of the words of libraries only the name: they may repeat the address.
        _fail(type(error).__name__, type(error).__name__)


_WHY: Final = (
    (TimeoutError, "20 秒内没有答完", "it was not answered within 20 seconds"),
    (aiohttp.ClientConnectorCertificateError, "证书不受信任",
     "its certificate is not trusted"),
    (aiohttp.ClientConnectorError, "连不上", "no connection"),
)  # fmt: skip


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    if response.status >= HTTPStatus.MULTIPLE_CHOICES:
        _fail(*_said(response.status))
    read = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        read += chunk
        if len(read) > MOST:
            _fail("答复超过 16 MB", "the answer is larger than 16 MB")
    return bytes(read)


def _said(status: int) -> tuple[str, str]:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"拒绝凭证（HTTP {status}）", f"the token is refused (HTTP {status})"
    if status < HTTPStatus.BAD_REQUEST:
        return f"转向别处（HTTP {status}）", f"it leads elsewhere (HTTP {status})"
    return f"HTTP {status}", f"HTTP {status}"


def _fail(zh: str, en: str) -> NoReturn:
    raise Refused(
        Refusal(
            "ADDRESS_NOT_READABLE",
            RULE,
            Bilingual(f"该网址读不到说明：{zh}。", f"Nothing to be read there: {en}."),
            _LOOK,
        )
    )
