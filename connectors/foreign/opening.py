"""Adapter: the connector to a foreign schema, made of settings, secrets and mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.credentials import load as load_credentials
from connectors.foreign.acts import ForeignDesk
from connectors.foreign.changes import ForeignLog
from connectors.foreign.connector import ForeignConnector
from connectors.foreign.fitting import fit
from connectors.foreign.gathering import ForeignRows
from connectors.foreign.settings import ForeignSettings
from connectors.mapped import load_mapping
from connectors.own_words.caller import Caller
from connectors.own_words.connector import Parts
from connectors.own_words.register import Register
from connectors.own_words.secrets import load as load_secrets
from connectors.own_words.words import Words
from connectors.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.port import Clock
    from connectors.settings import ProvinceSettings


def open_foreign(
    settings: ProvinceSettings, environ: Mapping[str, str], clock: Clock
) -> ForeignConnector:
    """Make the connector; nothing is opened before the first call.

    Args:
        settings: The province, with a mapping file.
        environ: The process environment, where the secrets are.
        clock: For moments that are shown or signed.

    Raises:
        Refused: A secret is missing, or the mapping cannot be used; with what to do.
    """
    foreign = settings.graphql or ForeignSettings()
    credentials = load_credentials(settings, environ)
    secrets = load_secrets(settings, foreign, environ)
    mapping = load_mapping(settings)
    roots = fit(settings, foreign, mapping)
    address = settings.url
    caller = Caller(foreign, secrets, Transport(settings, credentials, clock), clock)
    rows = ForeignRows(
        roots,
        caller,
        address,
        at_once=foreign.fields_at_once,
        parallel=foreign.parallel,
        concurrency=settings.concurrency,
    )
    register: Register | None = None
    if foreign.acts and mapping.command and mapping.receipt:
        words = Words(mapping.command, mapping.receipt)
        desk = ForeignDesk(foreign.acts, words, caller, address)
        register = Register(desk, parallel=foreign.parallel)
    log: ForeignLog | None = None
    if foreign.changes and mapping.change:
        log = ForeignLog(foreign.changes, mapping.change, caller, address)
    parts = Parts(rows, caller, register, log)
    return ForeignConnector(settings, mapping, roots, parts, clock)
