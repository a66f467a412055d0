"""Adapter: the command ``sdl``: the schema that the hub serves."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hub.cli.running import DebugOption, failing_clearly


def sdl(
    federation: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="按旧版 Federation 输出，略去其不认识的指令，例如 2.4 "
            "/ for gateways of an older Federation: leaves out what it does not know.",
            show_default=False,
        ),
    ] = None,
    *,
    debug: DebugOption = False,
) -> None:
    """输出枢纽的 GraphQL 结构 / print the schema that the hub serves."""
    with failing_clearly(debug=debug):
        # Slow to import: other commands need not wait for it.
        from schema.graph.build import build_schema  # noqa: PLC0415
        from schema.graph.older import for_version  # noqa: PLC0415

        text = build_schema().as_str().strip() + "\n"
        sys.stdout.write(text if federation is None else for_version(text, federation))
