"""Adapter: the command ``sdl``: the schema that the hub serves."""

from __future__ import annotations

import sys

from hub.cli.running import DebugOption, failing_clearly


def sdl(*, debug: DebugOption = False) -> None:
    """输出中枢的 GraphQL 结构 / print the schema that the hub serves."""
    with failing_clearly(debug=debug):
        from schema.graph.build import build_schema  # noqa: PLC0415  # slow to import

        sys.stdout.write(build_schema().as_str().strip() + "\n")
