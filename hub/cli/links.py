"""Adapter: the commands ``links import`` and ``links conflicts``."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from hub.cli.failures import IN_PART
from hub.cli.progress import counting
from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
    store_side,
)
from hub.linking.importer import import_links
from hub.store.conflicts import LinkConflict
from hub.store.conflicts import conflicts as read_conflicts
from schema.records.keys import ProvinceCode
from schema.records.linking import Outcome

if TYPE_CHECKING:
    from hub.config.settings import Settings
    from hub.linking.importer import ImportProgress

app = typer.Typer(help="职工与各省的关联 / links.", no_args_is_help=True)

_NAMES = {
    Outcome.CREATED: "新建",
    Outcome.UNCHANGED: "已有",
    Outcome.UPDATED: "更新",
    Outcome.ENDED: "终止",
    Outcome.CONFLICT: "冲突",
    Outcome.REFUSED: "拒绝",
}
_NOT_WELL = (Outcome.CONFLICT, Outcome.REFUSED)


@app.command("import")
def import_file(
    file: Annotated[
        str, typer.Argument(help="CSV 或 JSON lines 文件，- 为标准输入 / - for stdin.")
    ],
    report: Annotated[
        Path | None,
        typer.Option(help="逐行结果写入此 CSV 文件 / write each row's result here."),
    ] = None,
    source: Annotated[
        str, typer.Option(help="由谁提供，写入记录 / who states it, for the record.")
    ] = "import",
    province: Annotated[
        str | None,
        typer.Option(help="只接受该省的行 / take rows of this province only."),
    ] = None,
    config: ConfigOption = None,
    *,
    every_row: Annotated[
        bool, typer.Option(help="报告也列出成功的行 / report good rows, too.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """从文件登记关联，可重复运行 / register links from a file; safe to repeat."""
    with failing_clearly(debug=debug):
        only = None if province is None else ProvinceCode(province)
        settings = read_settings(config)
        done = run(_import(settings, file, report, source, only, every_row=every_row))
        _show(done, report)
        if any(done.outcomes.get(one) for one in _NOT_WELL):
            raise typer.Exit(IN_PART)


async def _import(
    settings: Settings,
    file: str,
    report: Path | None,
    source: str,
    only: ProvinceCode | None,
    *,
    every_row: bool,
) -> ImportProgress:
    async with store_side(settings) as store:
        with counting("导入 / importing", amounts=False) as tell:
            return await import_links(
                file,
                store.registrar,
                source,
                report=report,
                every_row=every_row,
                only=only,
                progress=lambda so_far: tell(
                    so_far.bytes_done,
                    so_far.bytes_total,
                    f"{so_far.rows} 行 / rows",
                ),
            )


def _show(done: ImportProgress, report: Path | None) -> None:
    table = Table(title=f"{done.rows} 行 / rows")
    table.add_column("结果 outcome")
    table.add_column("行数 rows", justify="right")
    for outcome in Outcome:
        count = done.outcomes.get(outcome, 0)
        style = "bold red" if count and outcome in _NOT_WELL else ""
        table.add_row(f"{_NAMES[outcome]} {outcome.value}", str(count), style=style)
    Console().print(table)
    if any(done.outcomes.get(one) for one in _NOT_WELL):
        where = (
            f"原因见 {report} / the reasons are in {report}"
            if report
            else "加 --report 文件名 可得逐行原因 / --report FILE tells the reason of each"
        )
        sys.stdout.write(where + "\n")


@app.command("conflicts")
def conflicts(config: ConfigOption = None, *, debug: DebugOption = False) -> None:
    """列出待人工核对的冲突（CSV）/ list conflicts for people to decide, as CSV."""
    with failing_clearly(debug=debug):
        run(_conflicts(read_settings(config)))


async def _conflicts(settings: Settings) -> None:
    names = LinkConflict.__struct_fields__
    out = csv.writer(sys.stdout)
    out.writerow(names)
    async with store_side(settings) as store:
        async for one in read_conflicts(store.pool):
            row = (getattr(one, name) for name in names)
            out.writerow([_safe(str(value)) for value in row])


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking a province's text for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
