"""Adapter: makes what a visit needs from the settings of a province."""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from connectors.conformance.visit import Means
from connectors.conformance.wire import Wire
from connectors.credentials import load
from connectors.held_secrets import HeldSecrets, held
from connectors.opening import open_connector

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from connectors.port import Clock, Connector
    from connectors.settings import ProvinceSettings

#: So many questions at once show whether they mix.
_AT_ONCE = 8


@asynccontextmanager
async def visiting(
    settings: ProvinceSettings,
    environ: Mapping[str, str],
    clock: Clock,
    *,
    acts: bool = False,
) -> AsyncIterator[tuple[Connector, Means]]:
    """Open a province for a visit, and close it at the end.

    Args:
        settings: The province.
        environ: The process environment, where secrets are that have no other place.
        clock: Tells the time.
        acts: Whether entries may be written and taken back.

    Raises:
        Refused: A secret is missing, or a file cannot be used; with what to do.
    """
    # Secrets that come from a command are asked for once.
    own = held(settings, environ)
    connector = open_connector(settings, own, clock)
    try:
        means = Means(
            clock=clock,
            deadline=settings.deadline.total_seconds(),
            act_deadline=settings.act_deadline.total_seconds(),
            reopen=partial(open_connector, settings, own, clock),
            strangers={
                setting: partial(open_connector, settings, wrong, clock)
                for setting, wrong in _each_wrong(settings, own)
            },
            wire=_wire(settings, own),
            promised=bool(settings.mapping_file)
            or "kinds" in settings.model_fields_set,
            batches=settings.kind == "files",
            acts=acts,
            at_once=min(_AT_ONCE, settings.concurrency),
        )
        yield connector, means
    finally:
        await connector.close()


def _wire(settings: ProvinceSettings, environ: Mapping[str, str]) -> Wire | None:
    """Speak to whoever serves the contract itself; a mapped schema is its own."""
    if settings.kind != "graphql" or settings.mapping_file:
        return None
    credentials = load(settings, environ)
    return Wire(
        settings.url,
        bearer=credentials.bearer,
        tls=credentials.tls,
        seconds=settings.deadline.total_seconds(),
    )


def _each_wrong(
    settings: ProvinceSettings, environ: HeldSecrets
) -> Iterator[tuple[str, HeldSecrets]]:
    """Make one secret wrong after the other, by the settings that name them."""
    if settings.kind == "files":
        return  # what lies in a folder here is read without any
    for setting, variable in _named(settings.model_dump()):
        wrong = _wrong(environ[variable]) if variable in environ else ""
        if wrong:
            yield setting, HeldSecrets(environ, {**environ.own, variable: wrong}, {})


def _named(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _named(value, f"{above}{name}.")
        elif name.endswith("_env") and value and not name.startswith("callback_"):
            yield f"{above}{name}", value


def _wrong(secret: str) -> str:
    """Make another secret of the same kind; none where there is nothing secret."""
    made = f"wrong-{secrets.token_hex(16)}"
    if "://" not in secret:
        return made
    password = urlsplit(secret).password
    if not password:
        return ""
    for written in (password, quote(password, safe="")):
        if f":{written}@" in secret:
            return secret.replace(f":{written}@", f":{made}@", 1)
    return ""
