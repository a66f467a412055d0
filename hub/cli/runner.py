"""Adapter: the command ``runner``."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
)
from hub.config.load import find_file


def runner(
    config: ConfigOption = None,
    host: Annotated[
        str | None, typer.Option(help="健康检查的监听地址 / address of its health.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(help="健康检查的监听端口 / port of its health.", min=0, max=65535),
    ] = None,
    *,
    debug: DebugOption = False,
) -> None:
    """启动办理进程：向各省送达指令，处理期限、批次与回调 / run what waits: commands to provinces, limits, batches, webhooks."""
    with failing_clearly(debug=debug):
        # Loaded here: the other commands need not pay for it.
        from hub.runner.run import run as work  # noqa: PLC0415
        from hub.web.logs import configure  # noqa: PLC0415
        from hub.web.serve import bind  # noqa: PLC0415

        settings = read_settings(config, webhooks=True)
        where = {
            "host": settings.runner.host if host is None else host,
            "port": settings.runner.port if port is None else port,
        }
        source = find_file(config, os.environ)
        configure(settings.server.log_level)
        listener = bind(settings.server.model_copy(update=where), "runner")
        listener.listen(64)
        try:
            run(work(settings, listener, _announce, source=source))
        finally:
            listener.close()


def _announce(address: str) -> None:
    sys.stdout.write(
        f"办理进程已启动 / the runner works; its health: {address}/readyz\n"
    )
    sys.stdout.flush()
