"""Adapter: what the hub shows a province, and whom it trusts, read once at start."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import msgspec

from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from connectors.settings import ProvinceSettings

_RULE = "province-credentials"


class Credentials(msgspec.Struct, frozen=True):
    """Secrets of one province; nothing of them shows in a log.

    Attributes:
        bearer: The token for the ``Authorization`` header, if one is set.
        tls: For ``https``: the trusted authorities and the hub's certificate.
    """

    bearer: str | None
    tls: ssl.SSLContext | None

    def __repr__(self) -> str:
        """Show which secrets there are, never a secret."""
        return f"Credentials(bearer={'set' if self.bearer else 'none'})"


def load(settings: ProvinceSettings, environ: Mapping[str, str]) -> Credentials:
    """Read the secrets that the settings of a province name.

    Args:
        settings: The province.
        environ: The process environment.

    Raises:
        Refused: A variable is not set, or a file cannot be used; with what to do.
    """
    tls = _context(settings) if settings.url.startswith("https:") else None
    return Credentials(secret(settings, settings.bearer_env, environ), tls)


def secret(
    settings: ProvinceSettings, variable: str | None, environ: Mapping[str, str]
) -> str | None:
    """Read a token, key or secret that stands in a header.

    Args:
        settings: The province, to name it.
        variable: The environment variable; none if the province wants no such thing.
        environ: The process environment.

    Raises:
        Refused: The variable is not set, or holds what no header takes.
    """
    if variable is None:
        return None
    token = environ.get(variable, "").strip()
    if not token:
        _refuse(
            "BEARER_NOT_SET",
            settings,
            Bilingual(
                f"环境变量 {variable} 未设置或为空。",
                f"The environment variable {variable} is not set or empty.",
            ),
            Bilingual(
                "请把该省的令牌放入此变量后重启。",
                "Put the province's token into it and start again.",
            ),
        )
    if not (token.isascii() and token.isprintable()) or " " in token:
        _refuse(
            "BEARER_UNUSABLE",
            settings,
            Bilingual(
                f"环境变量 {variable} 的内容不是令牌。",
                f"What {variable} holds is no token.",
            ),
            Bilingual(
                "令牌只有可见的 ASCII 字符，没有空格和换行。",
                "A token is visible ASCII, without spaces or line breaks.",
            ),
        )
    return token


def _context(settings: ProvinceSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ValueError) as error:
        _refuse_file(settings, "ca_file", error)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.client_cert_file is not None:
        try:
            # An empty pass-phrase, so that OpenSSL never asks on the terminal.
            context.load_cert_chain(
                settings.client_cert_file, settings.client_key_file, password=""
            )
        except (OSError, ValueError) as error:
            _refuse_file(settings, "client_cert_file / client_key_file", error)
    return context


def _refuse_file(
    settings: ProvinceSettings, field: str, error: OSError | ValueError
) -> NoReturn:
    why = getattr(error, "strerror", None) or getattr(error, "reason", None)
    _refuse(
        "CERTIFICATE_UNUSABLE",
        settings,
        Bilingual(
            f"{field} 的证书文件不能使用（{why or '格式不对'}）。",
            f"A file of {field} cannot be used ({why or 'wrong format'}).",
        ),
        Bilingual(
            "请检查路径和读取权限；文件须为 PEM 格式，私钥不带口令且与证书配对。",
            "Check the path and that it can be read; it must be PEM, and the key "
            "without a pass-phrase and of the same pair as the certificate.",
        ),
    )


def _refuse(
    code: str, settings: ProvinceSettings, message: Bilingual, remedy: Bilingual
) -> NoReturn:
    raise Refused(
        Refusal(
            code,
            _RULE,
            Bilingual(
                f"省 {settings.code}：{message.zh}",
                f"Province {settings.code}: {message.en}",
            ),
            remedy,
        )
    )
