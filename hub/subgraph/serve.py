"""Adapter: runs the kit under uvicorn, from its settings to its end."""

from __future__ import annotations

import asyncio
import logging
import signal
import ssl
from typing import TYPE_CHECKING

import msgspec
import uvicorn

from connectors.held_secrets import held
from connectors.opening import open_connector
from hub.clock import SystemClock
from hub.subgraph import sentences
from hub.subgraph.app import build
from hub.subgraph.bearers import read_bearers
from hub.subgraph.source import Source
from hub.web.protocol import limited
from hub.web.serve import Server, bind
from hub.web.unsent import Unsent
from schema.records.refusal import Refusal, Refused

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp

    from connectors.settings import ProvinceSettings
    from hub.subgraph.settings import KitSettings
    from schema.records.told import FaultCode

_LOG = logging.getLogger("hub.subgraph")
_RULE = "subgraph-serve"


class _Unmetered:
    """Hold-ups are figures of the hub; the kit keeps none."""

    def held_up(self, lag: float, worked: float) -> None:
        """Take no note of one turn."""


def listen(settings: KitSettings) -> socket.socket:
    """Take the port before anything else is started.

    Raises:
        Refused: The port is taken or cannot be; or TLS cannot be spoken.
    """
    _check_tls(settings)
    try:
        return bind(settings.server)
    except Refused as refused:
        refusal = refused.refusal
        raise Refused(
            msgspec.structs.replace(refusal, remedy=sentences.OTHER_PORT)
        ) from refused


async def serve(
    province: ProvinceSettings,
    settings: KitSettings,
    environ: Mapping[str, str],
    listener: socket.socket,
    announce: Callable[[str, Source], None],
) -> None:
    """Serve until the process is told to stop; what is under way is finished.

    Args:
        province: Whose rows, and how its own system is spoken to.
        settings: How it is served.
        environ: The process environment, where the secrets are that the province's own
            settings do not name.
        listener: From ``listen``.
        announce: Is told the address, and what is served, when it can be asked.

    Raises:
        Refused: A secret is missing, a file cannot be used, or the province's own
            system answers in a way that cannot be used.
    """
    clock = SystemClock()
    # Secrets may come from commands, which take their time.
    secrets = await asyncio.to_thread(held, province, environ)
    bearers = read_bearers(province, settings.bearer_envs, secrets)
    connector = open_connector(province, secrets, clock)
    source = Source(connector, province, settings.limits, clock, settings.share)
    try:
        if (code := await source.start()) is not None:
            raise Refused(_refusal(code))
        if not source.ready:
            _LOG.warning("source does not answer yet province=%s", source.province)
        app = build(source, bearers, settings)
        server = server_for(app, settings)
        # As everywhere, it is a request to look again, and ends nothing.
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, source.look)
        listener.listen(2048)
        announce(_address(listener, settings), source)
        await server.serve(sockets=[listener])
    finally:
        await source.close()
    _LOG.info("stopped")


def server_for(app: ASGIApp, settings: KitSettings) -> Server:
    """Make the server of an application."""
    logging.getLogger("uvicorn.access").disabled = True
    server, limits = settings.server, settings.limits
    unsent = Unsent(
        server.answer_timeout.total_seconds(), server.unsent_bytes, _dropped
    )
    mutual = settings.client_ca is not None
    return Server(
        uvicorn.Config(
            app,
            http=limited(
                server.head_timeout.total_seconds(), limits.head_bytes, unsent
            ),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=server.connections,
            timeout_keep_alive=max(1, round(server.keep_alive.total_seconds())),
            timeout_graceful_shutdown=max(1, round(server.shutdown.total_seconds())),
            ssl_certfile=settings.tls_cert,
            ssl_keyfile=settings.tls_key,
            ssl_ca_certs=settings.client_ca,
            ssl_cert_reqs=ssl.CERT_REQUIRED if mutual else ssl.CERT_NONE,
        ),
        asyncio.Event(),
        _Unmetered(),
    )


def _dropped(why: str) -> None:
    _LOG.warning("connection dropped why=%s", why)


def _address(listener: socket.socket, settings: KitSettings) -> str:
    host, port = listener.getsockname()[:2]
    scheme = "https" if settings.tls_cert else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _check_tls(settings: KitSettings) -> None:
    cert, key = settings.tls_cert, settings.tls_key
    message, remedy = sentences.TLS_FILES
    why = ""
    try:
        if cert and key:
            context = ssl.create_default_context(
                ssl.Purpose.CLIENT_AUTH, cafile=settings.client_ca
            )
            # An empty pass-phrase, so that OpenSSL never asks on the terminal.
            context.load_cert_chain(cert, key, password="")
        elif cert or key or settings.client_ca:
            why = "--tls-cert / --tls-key"
    except (OSError, ValueError) as error:
        named = getattr(error, "strerror", None) or getattr(error, "reason", None)
        why = named or type(error).__name__
    if why:
        raise Refused(Refusal("TLS_UNUSABLE", _RULE, message.format(why=why), remedy))


def _refusal(code: FaultCode) -> Refusal:
    message, remedies, otherwise = sentences.SOURCE_REFUSES
    remedy = remedies.get(code.value, otherwise)
    return Refusal("SOURCE_UNUSABLE", _RULE, message.format(code=code.value), remedy)
