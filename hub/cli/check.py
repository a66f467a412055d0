"""Adapter: the command ``check``: the effective settings, or every mistake."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.syntax import Syntax

from hub.access.policy import CedarPolicy
from hub.cli.running import ConfigOption, DebugOption, failing_clearly, read_settings
from hub.config.load import find_file
from hub.config.show import as_toml


def check(config: ConfigOption = None, *, debug: DebugOption = False) -> None:
    """检查并显示生效的设置 / check the settings and show the effective ones."""
    with failing_clearly(debug=debug):
        settings = read_settings(config, webhooks=True, mappings=True)
        CedarPolicy(settings.policy.directory)
        if settings.trusted.directory is not None:
            from hub.web.assemble import registered  # noqa: PLC0415  # slow to import
            from schema.graph.build import build_schema  # noqa: PLC0415

            # strawberry has no public door to what graphql-core executes
            registered(settings, build_schema()._schema)  # noqa: SLF001
        text = as_toml(settings, os.environ)
        if not sys.stdout.isatty():
            sys.stdout.write(text)
            return
        console = Console()
        console.print(
            f"[green]✓[/] {find_file(config, os.environ)}: "
            f"{len(settings.provinces)} 省 / provinces, "
            f"{len(settings.issuers)} 签发方 / issuers"
        )
        console.print(Syntax(text, "toml", background_color="default", word_wrap=True))
