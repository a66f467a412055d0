"""Adapter: the command ``serve``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
)
from hub.config.load import find_file

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from hub.config.settings import Settings


def serve(
    config: ConfigOption = None,
    host: Annotated[
        str | None, typer.Option(help="监听地址 / address to listen on.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="监听端口 / port to listen on.", min=0, max=65535)
    ] = None,
    *,
    debug: DebugOption = False,
) -> None:
    """启动枢纽 / serve the hub."""
    with failing_clearly(debug=debug):
        # Loaded here: the other commands need not pay for the whole hub.
        from hub.web.logs import configure  # noqa: PLC0415
        from hub.web.serve import bind  # noqa: PLC0415

        settings = read_settings(config)
        changed = {
            name: value
            for name, value in (("host", host), ("port", port))
            if value is not None
        }
        if changed:
            server = settings.server.model_copy(update=changed)
            settings = settings.model_copy(update={"server": server})
        configure(settings.server.log_level)
        listener = bind(settings.server)
        source = find_file(config, os.environ)
        try:
            run(_serve(settings, listener, source))
        finally:
            listener.close()


async def _serve(settings: Settings, listener: socket.socket, source: Path) -> None:
    from hub import wiring  # noqa: PLC0415
    from hub.web.assemble import web_parts  # noqa: PLC0415
    from hub.web.metrics import Figures  # noqa: PLC0415
    from hub.web.serve import serve as serve_web  # noqa: PLC0415

    figures = Figures()
    async with wiring.build(settings, figures, source=source) as parts:
        await serve_web(web_parts(parts, settings, figures), listener, _announce)


def _announce(address: str) -> None:
    sys.stdout.write(f"枢纽已启动 / the hub serves at {address}/graphql\n")
    sys.stdout.flush()
