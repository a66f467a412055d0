"""Decider: reads the secret of a webhook, as Standard Webhooks 1.0 writes it."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.config.moving import WebhookSettings

_PREFIX: Final = "whsec_"
_SHORTEST, _LONGEST = 24, 64


class BadWebhookSecret(ValueError):
    """A secret cannot be used; the message does not repeat it."""


def read_secret(written: str, name: str) -> bytes:
    """Read a secret as it is written: ``whsec_`` and base64.

    Args:
        written: As it stands in the environment.
        name: Of the variable.

    Raises:
        BadWebhookSecret: It is none, or shorter than 24 bytes or longer than 64.
    """
    try:
        secret = base64.b64decode(written.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not _SHORTEST <= len(secret) <= _LONGEST or not written.strip().startswith(
        _PREFIX
    ):
        raise BadWebhookSecret(
            f"环境变量 {name} 应存放 whsec_ 加 24 至 64 字节的 base64"
            f" / the environment variable {name} holds whsec_ and 24 to 64 bytes in"
            " base64"
        )
    return secret


def webhook_secrets(
    settings: WebhookSettings, environ: Mapping[str, str]
) -> dict[str, list[bytes]]:
    """Read the secrets of all endpoints, by their names; the newest last.

    Raises:
        ValueError: One is missing or unusable; its value is not repeated.
    """
    found: dict[str, list[bytes]] = {}
    for one in settings.endpoints:
        for name in (one.secret_env, one.next_secret_env):
            if name:
                secret = read_secret(environ.get(name, ""), name)
                found.setdefault(one.name, []).append(secret)
    return found
