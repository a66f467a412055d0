"""Adapter: the connector that the settings of a province ask for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from connectors.credentials import load
from connectors.filedrop.opening import open_files
from connectors.foreign.opening import open_foreign
from connectors.graphql.connector import GraphQLConnector
from connectors.held_secrets import HeldSecrets, held
from connectors.rest.opening import open_rest
from connectors.sql.opening import open_sql
from connectors.transport import Transport
from connectors.unusable import UnusableConnector
from schema.records.keys import ProvinceCode
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.port import Clock, Connector
    from connectors.settings import ProvinceSettings

_LOG = logging.getLogger(__name__)


def at_hand(
    settings: ProvinceSettings, environ: Mapping[str, str], clock: Clock
) -> Connector:
    """Make the connector, or one that says at every call that there is none.

    Args:
        settings: The province.
        environ: The process environment, where the secrets are.
        clock: For the moments that are shown.
    """
    try:
        return open_connector(settings, environ, clock)
    except Refused as refused:
        _LOG.error("%s %s", refused.refusal.message.en, refused.refusal.remedy.en)
        return UnusableConnector(ProvinceCode(settings.code), refused.refusal)


def open_connector(
    settings: ProvinceSettings, environ: Mapping[str, str], clock: Clock
) -> Connector:
    """Make the connector; nothing is connected to before its first call.

    Args:
        settings: The province.
        environ: The process environment, where the secrets are; or the province's
            own that were read already, so that its commands are not run here.
        clock: For the moments that are shown.

    Raises:
        Refused: A secret is missing, or a file cannot be used; with what to do.
    """
    if not isinstance(environ, HeldSecrets):
        environ = held(settings, environ)
    match settings.kind:
        case "graphql" if settings.graphql:
            return open_foreign(settings, environ, clock)
        case "graphql":
            credentials = load(settings, environ)
            transport = Transport(settings, credentials, clock)
            return GraphQLConnector(settings, transport, clock)
        case "rest":
            return open_rest(settings, environ, clock)
        case "sql":
            return open_sql(settings, environ, clock)
        case "files":
            return open_files(settings, environ, clock)
