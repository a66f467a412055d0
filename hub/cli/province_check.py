"""Adapter: the command ``province check``: one province's files, without a hub."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hub.cli.running import DebugOption, failing_clearly
from hub.clock import SystemClock
from hub.config.load import load_province

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.port import Capabilities
    from connectors.settings import ProvinceSettings


def check(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="省份设置 / settings, e.g. 44.toml."),
    ],
    *,
    debug: DebugOption = False,
) -> None:
    """检查一个省的设置、映射与机密，不连接该省 / check a province's settings, mapping and secrets."""
    with failing_clearly(debug=debug):
        settings = load_province(file, os.environ)
        # Slow to import: mistakes are told without it.
        from connectors.opening import open_connector  # noqa: PLC0415

        connector = open_connector(settings, os.environ, SystemClock())
        told = connector.capabilities
        asyncio.run(connector.close())
        _show(settings, told)


def _show(settings: ProvinceSettings, told: Capabilities) -> None:
    console = Console(highlight=False, soft_wrap=True)
    where = settings.url or settings.mapping_file or ""
    console.print(
        f"[green]✓[/] {settings.code} {escape(settings.name_zh)}"
        f" {escape(settings.name_en)}: {settings.kind} {escape(where)}"
    )
    table = Table(box=None, pad_edge=False)
    for heading in (
        "类 Kind",
        "来源 Source",
        "键 Key",
        "字段 Fields",
        "不提供 Not served",
    ):
        table.add_column(heading, overflow="fold")
    for row in _rows(settings, told):
        table.add_row(*map(escape, row))
    console.print(table)
    acts = ", ".join(sorted(told.acts)) or "—"
    changes = "✓" if told.changes else "—"
    console.print(f"进出登记 acts: {acts}    案卷变更 changes: {changes}")
    console.print(
        "下一步 next: python -m hub province probe",
        "（连接该省，逐项验收 it connects, and checks each point）",
    )


def _rows(
    settings: ProvinceSettings, told: Capabilities
) -> Iterator[tuple[str, str, str, str, str]]:
    from connectors.mapped import load_mapping  # noqa: PLC0415
    from schema.records.kinds import KINDS, RecordKind  # noqa: PLC0415

    mapping = load_mapping(settings) if settings.mapping_file else None
    for kind in RecordKind:
        whole = KINDS[kind].fields
        served = told.fields.get(kind, frozenset()) & whole
        one = mapping.kind(kind) if mapping else None
        if one is not None:
            served = one.fields
        if not served and one is None:
            yield kind, "—", "", "", ""
            continue
        source, key = (one.source, one.key) if one else ("", "")
        lacking = ", ".join(sorted(whole - served))
        yield kind, source, key, f"{len(served)}/{len(whole)}", lacking
