"""Adapter: reads the secrets with which provinces sign what they push."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hub.config.webhook_secret import BadWebhookSecret, read_secret
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.settings import ProvinceSettings

_log = logging.getLogger("hub.config")


def callback_secrets(
    provinces: Sequence[ProvinceSettings], environ: Mapping[str, str]
) -> Mapping[ProvinceCode, tuple[bytes, ...]]:
    """Read them; a province whose secret is missing or unusable cannot push.

    It keeps nobody from starting: the hub asks that province as before. ``hub check``
    names it, and so does the log.

    Args:
        provinces: The settings.
        environ: Where the secrets are.
    """
    found: dict[ProvinceCode, tuple[bytes, ...]] = {}
    for one in provinces:
        names = (one.callback_secret_env, one.callback_next_secret_env)
        secrets = []
        for name in filter(None, names):
            try:
                secrets.append(read_secret(environ.get(name, ""), name))
            except BadWebhookSecret as wrong:
                _log.error("callback-secret province=%s %s", one.code, wrong)
        if secrets:
            found[ProvinceCode(one.code)] = tuple(secrets)
    return found
