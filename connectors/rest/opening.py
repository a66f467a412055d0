"""Adapter: the connector to a REST interface, made of settings, secrets and mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.credentials import load as load_credentials
from connectors.mapped import load_mapping
from connectors.own_words.caller import Caller
from connectors.own_words.secrets import load as load_secrets
from connectors.rest.connector import RestConnector
from connectors.rest.fitting import fit
from connectors.rest.settings import RestSettings
from connectors.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.port import Clock
    from connectors.settings import ProvinceSettings


def open_rest(
    settings: ProvinceSettings, environ: Mapping[str, str], clock: Clock
) -> RestConnector:
    """Make the connector; nothing is opened before the first call.

    Args:
        settings: The province.
        environ: The process environment, where the secrets are.
        clock: For moments that are shown or signed.

    Raises:
        Refused: A secret is missing, or the mapping cannot be used; with what to do.
    """
    rest = settings.rest or RestSettings()
    credentials = load_credentials(settings, environ)
    secrets = load_secrets(settings, rest, environ)
    mapping = load_mapping(settings)
    endpoints = fit(settings, rest, mapping)
    transport = Transport(settings, credentials, clock)
    caller = Caller(rest, secrets, transport, clock)
    return RestConnector(settings, mapping, endpoints, caller, clock)
