"""Adapter: the commands ``audit``: does the chain hold, and who looked?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from hub.audit.case_entries import CaseDeed
from hub.audit.chain import Head
from hub.audit.moving_entries import Move
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
from hub.store.audit import verify_book, who_looked
from schema.records.refusal import Bilingual
from schema.records.showing import Showing
from schema.records.verdict import Disclosure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.config.settings import Settings
    from hub.store.audit import Look, Report

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

_NO_WORKER = Bilingual(
    "职工编号应为 Worker.id，形如 01234567-89ab-4cde-8f01-23456789abcd。",
    "A worker is named by Worker.id, like 01234567-89ab-4cde-8f01-23456789abcd.",
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


@app.command("looks")
def looks(
    worker: Annotated[
        str, typer.Argument(help="枢纽中的职工编号 / Worker.id in the hub.")
    ],
    most: Annotated[
        int, typer.Option(help="最多列出几条 / how many at most.", min=1, max=10_000)
    ] = 100,
    config: ConfigOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """谁查阅、办理过某职工 / who looked at a worker, or did what (PIPL 44, 45)."""
    with failing_clearly(debug=debug):
        found = run(_looks(read_settings(config), _worker_id(worker), most))
        if sys.stdout.isatty():
            Console().print(_table(found))
        else:  # evidence is not cut to the width of a terminal that is not there
            for line in _lines(found):
                sys.stdout.write(f"{line}\n")


async def _looks(settings: Settings, worker: str, most: int) -> list[Look]:
    async with store_side(settings) as store:
        return await who_looked(store.pool, worker, most=most)


def _worker_id(written: str) -> str:
    try:
        return str(UUID(written))
    except ValueError as error:
        raise ValueError(f"{_NO_WORKER.zh} / {_NO_WORKER.en}") from error


def _lines(found: list[Look]) -> Iterator[str]:
    """One look a line, its parts separated by tabs."""
    for look in found:
        what = look.handling
        yield "\t".join(
            [
                look.at.isoformat(),
                *(what.subject, what.office, what.province, _purpose(look)),
                *(_outcome(look), ";".join(_parts(look))),
            ]
        )


def _purpose(look: Look) -> str:
    """Why a file was read; what was shown or done of a transfer tells it itself."""
    what = look.handling
    return what.purpose if isinstance(what, Disclosure) else ""


def _outcome(look: Look) -> str:
    what = look.handling
    return what.outcome if isinstance(what, Disclosure) else look.tag


def _parts(look: Look) -> Iterator[str]:
    """Tell which fields of which kinds, or which transfers, credentials, questions."""
    match look.handling:
        case Disclosure(selection=selection):
            for kind, fields in selection.parts:
                yield f"{kind}:{','.join(sorted(fields))}"
        case Showing(about=about):
            yield ",".join(about)
        case Move(about=about):
            yield about
        case CaseDeed(case=number, what=what):
            yield f"{number}:{what}"


def _table(found: list[Look]) -> Table:
    columns = ("时间 When", "何人 Who", "单位 Office", "省 Province", "目的 Purpose")
    table = Table(*columns, "结果 Outcome", "内容 What")
    for look in found:
        what = look.handling
        table.add_row(
            look.at.isoformat(timespec="seconds"),
            *(what.subject, what.office, what.province, _purpose(look)),
            _outcome(look),
            "\n".join(
                part.replace(":", ": ").replace(",", ", ") for part in _parts(look)
            ),
        )
    return table
