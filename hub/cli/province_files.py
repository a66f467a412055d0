"""Adapter: the commands ``province take`` and ``province pack``: batches of files."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from connectors.filedrop.child import ChildFailed
from connectors.filedrop.ending import refusal_of
from connectors.filedrop.opening import open_files
from connectors.filedrop.packing import moment, pack
from connectors.filedrop.places import Places
from connectors.filedrop.pointer import read_pointer
from connectors.filedrop.torn import Torn
from connectors.filedrop.words import BATCHES
from connectors.held_secrets import held
from hub.cli.failures import IN_PART
from hub.cli.progress import counting
from hub.cli.running import DebugOption, failing_clearly, run
from hub.clock import SystemClock
from hub.config.load import load_province
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.filedrop.manifest import Manifest
    from connectors.filedrop.pointer import Pointer
    from connectors.filedrop.taking import Look
    from connectors.settings import ProvinceSettings

#: Another process is taking a batch: so long until we look again, in seconds.
_PAUSE = 0.5
_OTHER_KIND = Refusal(
    "NOT_A_DROP_FOLDER",
    "files-take",
    Bilingual('该省不是 kind = "files"。', 'The province is not of kind = "files".'),
    Bilingual("请给出文件投递省份的设置文件。", "Name the settings of one that is."),
)


def take(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="NN.toml", help="该省的设置文件 / the settings of the province."
        ),
    ],
    *,
    anew: Annotated[
        bool,
        typer.Option(
            help="重看曾被拒的批次，并接受看似异常（大减、多行不可读）的批次 / look again"
            " at batches that were turned down, and take improbable ones.",
        ),
    ] = False,
    debug: DebugOption = False,
) -> None:
    """立即采用投递目录中最新的完整批次 / take the newest whole batch of a drop folder."""
    with failing_clearly(debug=debug):
        settings = load_province(file, os.environ)
        if settings.files is None:
            raise Refused(_OTHER_KIND)
        with counting("读取 reading") as tell:
            look = _looked(settings, tell, anew=anew)
        _show(look, read_pointer(Places.of(settings.files)))
        if look.refused or look.standing:
            raise typer.Exit(IN_PART)


def _looked(
    settings: ProvinceSettings,
    tell: Callable[[int, int | None, str], None],
    *,
    anew: bool,
) -> Look:
    try:
        return run(_take(settings, tell, anew=anew))
    except ChildFailed as failed:
        refusal = refusal_of(failed.cause, failed.batch)
        if refusal is None:
            raise
        raise Refused(refusal) from None


async def _take(
    settings: ProvinceSettings,
    tell: Callable[[int, int | None, str], None],
    *,
    anew: bool,
) -> Look:
    connector = open_files(settings, held(settings, os.environ), SystemClock())
    try:
        while True:
            look = await connector.take(
                lambda batch, done, total: tell(done, total, batch), anew=anew
            )
            if not look.busy:
                return look
            tell(0, None, "另一进程正在读取 another process is reading")
            await asyncio.sleep(_PAUSE)
    finally:
        await connector.close()


def _show(look: Look, current: Pointer | None) -> None:
    console = Console()
    refused = (*look.refused, *look.standing)
    if refused:
        table = Table(title="未采用 / not taken", show_lines=True)
        for name in (
            "批次 batch",
            "文件 file",
            "行 row",
            "原因 why",
            "改正 how to mend",
        ):
            table.add_column(name, overflow="fold")
        for one in refused:
            why, mend = BATCHES[one.code]
            table.add_row(
                one.batch,
                one.file,
                str(one.row or ""),
                f"{why.zh}\n{why.en}",
                f"{mend.zh}\n{mend.en}",
            )
        console.print(table)
    if current is None:
        console.print("尚无批次。 No batch was taken yet.")
        return
    if look.taken is None and not refused:
        console.print("没有更新的批次。 There is no newer batch.")
    as_of = current.as_of.isoformat()
    table = Table(title=f"批次 batch {current.batch}，截至 as of {as_of}")
    table.add_column("类别 kind")
    for name in ("行数 rows", "缺字段 flawed", "不可读 unreadable"):
        table.add_column(name, justify="right")
    for kind, told in current.kinds.items():
        table.add_row(str(kind), *map(str, (told.rows, told.flawed, told.unreadable)))
    console.print(table)
    _show_gaps(console, current)
    console.print(f"报告 report: reports/{current.batch}.xlsx", highlight=False)


def _show_gaps(console: Console, current: Pointer) -> None:
    """Say what the batch that is asked cannot tell of anybody, or of whom it may be."""
    for kind, told in current.kinds.items():
        if told.absent:
            columns = "、".join(told.absent)
            console.print(
                f"{kind}：表头缺列，其字段不提供 the head lacks columns, their fields are"
                f" not served: {columns}",
                highlight=False, markup=False,
            )  # fmt: skip
        if told.lost:
            console.print(
                f"{kind}：有 {told.lost} 行不知属于何人，查询该类时均报缺失 nobody knows whose"
                f" {told.lost} rows are: answers of this kind are PARTIAL",
                highlight=False, markup=False,
            )  # fmt: skip
    for kind, columns_absent in current.unserved.items():
        console.print(
            f"{kind}：缺列，整类不提供 columns are not there, the kind is not served:"
            f" {'、'.join(columns_absent)}",
            highlight=False, markup=False,
        )  # fmt: skip


def pack_folder(
    folder: Annotated[
        Path, typer.Argument(help="放有全部文件的目录 / the folder with all files.")
    ],
    *,
    as_of: Annotated[
        str,
        typer.Option(
            metavar="MOMENT",
            help="数据截至的时间，带时区；默认现在 / the moment whose state the files are,"
            " with its zone; now without it.",
        ),
    ] = "",
    debug: DebugOption = False,
) -> None:
    """为一批文件写清单 manifest.json（行数、校验和） / write the manifest of a batch."""
    with failing_clearly(debug=debug):
        at = moment(as_of, SystemClock().now())
        try:
            with counting("计数 counting") as tell:
                manifest = pack(
                    folder,
                    at,
                    lambda rows, number: tell(rows, None, f"文件 file {number}"),
                )
        except Torn as torn:
            raise Refused(_refusal(torn)) from None
        _show_packed(manifest)


def _refusal(torn: Torn) -> Refusal:
    why, mend = BATCHES[torn.code]
    where = f"{torn.file}:{torn.row}" if torn.row else torn.file
    return Refusal(
        torn.code,
        "files-pack",
        Bilingual(f"{where}：{why.zh}", f"{where}: {why.en}"),
        mend,
    )


def _show_packed(manifest: Manifest) -> None:
    table = Table(title=f"截至 as of {manifest.as_of.isoformat()}")
    table.add_column("文件 file")
    table.add_column("行数 rows", justify="right")
    table.add_column("sha256")
    for part in manifest.files:
        table.add_row(part.name, str(part.rows), f"{part.sha256[:12]}…")
    Console().print(table)
