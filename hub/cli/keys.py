"""Adapter: the commands ``keys status`` and ``keys rotate``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from hub.cli.failures import IN_PART, show
from hub.cli.progress import counting
from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
    store_side,
)
from hub.store.rekey import key_status, rotate
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from hub.config.settings import Settings
    from hub.store.rekey import KeyVersionStatus, RekeyProgress

app = typer.Typer(help="职工密钥 / the worker keys.", no_args_is_help=True)

_SPLIT = (
    Bilingual(
        "{count} 个号码在新旧密钥下属于两个不同的编号，未作改动：",
        "{count} numbers belong to two worker ids under the old and the new key;"
        " they were left as they are:",
    ),
    Bilingual(
        "请逐一核对后合并关联。", "Have a person compare them and join their links."
    ),
)


@app.command("status")
def status(config: ConfigOption = None, *, debug: DebugOption = False) -> None:
    """显示各密钥版本的使用情况 / show how each key version stands."""
    with failing_clearly(debug=debug):
        rows = run(_status(read_settings(config)))
        table = Table()
        for title in ("版本 version", "人数 workers", "当前 current", "可查 live"):
            table.add_column(title)
        table.add_column("密钥 secret")
        for row in rows:
            table.add_row(
                str(row.version),
                str(row.workers),
                _mark(row.current),
                _mark(row.live),
                _mark(row.has_secret),
            )
        Console().print(table)


def _mark(yes: bool) -> str:  # noqa: FBT001  # it is what is shown
    return "✓" if yes else "—"


async def _status(settings: Settings) -> list[KeyVersionStatus]:
    async with store_side(settings) as store:
        return await key_status(store.pool, store.pseudonyms)


@app.command("rotate")
def rotate_keys(config: ConfigOption = None, *, debug: DebugOption = False) -> None:
    """把旧密钥下的假名转到当前密钥 / move pseudonyms to the current key."""
    with failing_clearly(debug=debug):
        done = run(_rotate(read_settings(config)))
        sys.stdout.write(f"已转换 {done.done} 个假名 / {done.done} pseudonyms moved\n")
        if done.split:
            message, remedy = _SPLIT
            show(message.format(count=len(done.split)), remedy)
            for pair in done.split:
                sys.stdout.write(" ".join(pair) + "\n")
            raise typer.Exit(IN_PART)


async def _rotate(settings: Settings) -> RekeyProgress:
    async with store_side(settings) as store:
        with counting("转换 / moving") as tell:
            return await rotate(
                store.pool,
                store.pseudonyms,
                lambda progress: tell(progress.done, progress.total, ""),
            )
