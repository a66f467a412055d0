"""Adapter: what the hub shows a province's own interface, read once at start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.credentials import secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.own_words.settings import AccessSettings
    from connectors.settings import ProvinceSettings


class Secrets(msgspec.Struct, frozen=True):
    """Secrets of one province's interface; nothing of them shows in a log.

    Attributes:
        api_key: For the header that the settings name.
        client_secret: For tokens.
        signing: The key of the signatures.
    """

    api_key: str | None = None
    client_secret: str | None = None
    signing: str | None = None

    def __repr__(self) -> str:
        """Show which secrets there are, never a secret."""
        held = [name for name in self.__struct_fields__ if getattr(self, name)]
        return f"Secrets({', '.join(held) or 'none'})"


def load(
    settings: ProvinceSettings, access: AccessSettings, environ: Mapping[str, str]
) -> Secrets:
    """Read the secrets that the settings of a province name.

    Args:
        settings: The province.
        access: How the hub is known to it.
        environ: The process environment.

    Raises:
        Refused: A variable is not set or holds no secret; with what to do.
    """
    return Secrets(
        secret(settings, access.api_key_env, environ),
        secret(
            settings, access.oauth.client_secret_env if access.oauth else None, environ
        ),
        secret(
            settings, access.signing.secret_env if access.signing else None, environ
        ),
    )
