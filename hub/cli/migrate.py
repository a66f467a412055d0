"""Adapter: the command ``migrate``: brings the hub's tables up to date."""

from __future__ import annotations

import os
import sys

from hub.cli.running import ConfigOption, DebugOption, failing_clearly, read_settings


def migrate(config: ConfigOption = None, *, debug: DebugOption = False) -> None:
    """建立或更新枢纽的数据表 / make or update the hub's tables."""
    with failing_clearly(debug=debug):
        # Alembic costs a second; the other commands need not pay for it.
        from hub.store.migrate import is_current, upgrade  # noqa: PLC0415

        address = read_settings(config).database.address(os.environ)
        if is_current(address):
            sys.stdout.write("数据表已是最新 / the tables are up to date\n")
            return
        upgrade(address)
        sys.stdout.write("数据表已更新 / the tables were brought up to date\n")
