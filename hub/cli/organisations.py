"""Adapter: the command ``organisations import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from hub.cli.failures import FAILED
from hub.cli.progress import counting
from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
    store_side,
)
from hub.organisation.importer import import_organisations
from hub.store.organisations import OrganisationStore

if TYPE_CHECKING:
    from hub.config.settings import Settings
    from hub.organisation.importer import ImportReport

app = typer.Typer(help="工会组织 / union organisations.", no_args_is_help=True)

#: More mistakes than these nobody reads at once.
_SHOWN = 50


@app.callback()
def organisations() -> None:
    """工会组织 / union organisations."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV 文件 / a CSV file.")],
    config: ConfigOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """登记工会组织及其上下级，可重复运行 / register unions and who is above them.

    有一处错误即全部不登记 / one mistake, and nothing is registered.
    """
    with failing_clearly(debug=debug):
        done = run(_import(read_settings(config), file))
        if done.mistakes:
            _show_mistakes(done)
            raise typer.Exit(FAILED)
        _show(done)


async def _import(settings: Settings, file: Path) -> ImportReport:
    async with store_side(settings) as store:
        with counting("导入 / importing") as tell:
            return await import_organisations(file, OrganisationStore(store.pool), tell)


def _show(done: ImportReport) -> None:
    assert done.imported is not None, "there were no mistakes"  # noqa: S101
    table = Table(title=f"{done.rows} 行 / rows")
    table.add_column("结果 outcome")
    table.add_column("行数 rows", justify="right")
    table.add_row("新建 CREATED", str(done.imported.created))
    table.add_row("更新 CHANGED", str(done.imported.changed))
    table.add_row("已有 UNCHANGED", str(done.imported.unchanged))
    Console().print(table)


def _show_mistakes(done: ImportReport) -> None:
    table = Table(title=f"{len(done.mistakes)} 处错误 / mistakes", show_lines=True)
    table.add_column("行 line", justify="right")
    table.add_column("组织 organisation", overflow="fold")
    table.add_column("原因与办法 / reason and remedy", overflow="fold")
    for one in done.mistakes[:_SHOWN]:
        said, cure = one.refusal.message, one.refusal.remedy
        table.add_row(
            "—" if one.line is None else str(one.line),
            one.code,
            f"{one.refusal.code}\n{said.zh}{cure.zh}\n{said.en} {cure.en}",
        )
    Console(stderr=True).print(table)
    if (more := len(done.mistakes) - _SHOWN) > 0:
        sys.stderr.write(f"另有 {more} 处 / and {more} more\n")
    sys.stderr.write("未登记任何组织 / nothing was registered\n")
