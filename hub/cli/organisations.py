"""Adapter: the commands ``organisations import`` and ``organisations ending``."""

from __future__ import annotations

import csv
import sys
from datetime import timedelta
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
from hub.clock import SystemClock, today_in_china
from hub.organisation.ending import ending
from hub.organisation.importer import import_organisations
from hub.store.organisations import OrganisationStore
from hub.store.transfer_counts import TransferCounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.config.settings import Settings
    from hub.organisation.importer import ImportReport
    from hub.organisation.organisation import Organisation

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
        done, standing = run(_import(read_settings(config), file))
        if done.mistakes:
            _show_mistakes(done)
            raise typer.Exit(FAILED)
        _show(done)
        if done.closed:
            _warn(done.closed, standing)


@app.command("ending")
def list_ending(
    within: Annotated[
        int, typer.Option(min=0, max=3660, help="今后几日之内 / so many days ahead.")
    ] = 60,
    config: ConfigOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """列出将撤销的工会（CSV），以便其上级送撤并批次 / list unions that close soon.

    其会员由该工会或其上级以 CLOSURE 批次接转；已过计划日而仍在的也列出。
    Whoever is above sends the batch (CLOSURE); what was planned for a past day is listed, too.
    """
    with failing_clearly(debug=debug):
        today = today_in_china(SystemClock())
        rows = run(_all(read_settings(config)))
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(("ends_on", "code", "name", "province", "parent", "landing"))
        for one in ending(rows, today, timedelta(days=within)):
            its = one.organisation
            out.writerow(
                (one.on, its.code, its.name, its.province, its.parent, its.landing)
            )


async def _all(settings: Settings) -> Sequence[Organisation]:
    async with store_side(settings) as store:
        return await OrganisationStore(store.pool).all()


async def _import(
    settings: Settings, file: Path
) -> tuple[ImportReport, dict[str, int]]:
    async with store_side(settings) as store:
        with counting("导入 / importing") as tell:
            kept = OrganisationStore(store.pool)
            done = await import_organisations(file, kept, tell)
        return done, await TransferCounts(store.pool).open_at(done.closed)


def _warn(closed: Sequence[str], standing: Mapping[str, int]) -> None:
    """Say what members of closed unions need: the hub does not know who they are."""
    say = sys.stderr.write
    say(
        f"{len(closed)} 个工会有撤销日：其会员由该工会或其上级送 CLOSURE 批次接转 /"
        f" {len(closed)} unions have a last day: they, or whoever is above them, send the"
        " CLOSURE batch of their members\n"
    )
    for code, count in standing.items():
        say(f"⚠ {code}: {count} 项转接未结束 / transfers are open there\n")


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
