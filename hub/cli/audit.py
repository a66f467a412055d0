"""Adapter: the command ``audit verify``: does the trail's chain hold?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hub.audit.chain import Head
from hub.cli.failures import FAILED, show
from hub.cli.progress import counting
from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
    store_side,
)
from hub.store.audit import verify_book
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from hub.config.settings import Settings
    from hub.store.audit import Report

app = typer.Typer(help="审计记录 / the audit trail.", no_args_is_help=True)

_BROKEN = (
    Bilingual(
        "审计链在第 {seq} 条处不成立（{flaw}）。",
        "The audit chain does not hold at entry {seq} ({flaw}).",
    ),
    Bilingual(
        "请保全数据库并通知安全负责人；之前的 {good} 条是完好的。",
        "Secure the database and tell the security officer; the {good} before it are"
        " sound.",
    ),
)
_WRONG_HEAD = Bilingual(
    "--noted 须写成 “序号：十六进制印”。", "--noted is written as NUMBER:HEX."
)


def _head(written: str | None) -> Head | None:
    if written is None:
        return None
    number, _, seal = written.partition(":")
    try:
        return Head(int(number), bytes.fromhex(seal))
    except ValueError as error:
        raise ValueError(f"{_WRONG_HEAD.zh} / {_WRONG_HEAD.en}") from error


@app.command("verify")
def verify(
    noted: Annotated[
        str | None,
        typer.Option(help="上次记下的链头 / a head noted before, NUMBER:HEX."),
    ] = None,
    config: ConfigOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """核验审计链 / verify the whole chain of the audit trail."""
    with failing_clearly(debug=debug):
        report = run(_verify(read_settings(config), _head(noted)))
        if report.broken is not None:
            message, remedy = _BROKEN
            blanks = {"seq": report.broken.seq, "flaw": report.broken.flaw.value}
            good = remedy.format(good=report.entries)
            show(message.format(**blanks), good)
            raise typer.Exit(FAILED)
        head = f"{report.head.seq}:{report.head.seal.hex()}"
        sys.stdout.write(
            f"审计链完好，共 {report.entries} 条 / the chain holds,"
            f" {report.entries} entries\n"
            f"链头，请另处记下 / its head, note it elsewhere: {head}\n"
        )


async def _verify(settings: Settings, noted: Head | None) -> Report:
    async with store_side(settings) as store:
        with counting("核验 / verifying") as tell:
            return await verify_book(
                store.pool, lambda done, total: tell(done, total, ""), noted=noted
            )
