"""Adapter: the command ``documents check``: which documents a directory registers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hub.cli.running import DebugOption, failing_clearly
from schema.records.refusal import Bilingual, Refusal, Refused

_NO_DIRECTORY = Refusal(
    "NO_DIRECTORY",
    "documents.directory",
    Bilingual("所给的路径不是目录。", "What was named is no directory."),
    Bilingual(
        "请给出已登记文档所在的目录，并检查其权限。",
        "Name the directory of the documents, and check its permissions.",
    ),
)

app = typer.Typer(
    help="已登记的文档（trusted documents）/ registered documents.",
    no_args_is_help=True,
)


@app.callback()
def group() -> None:
    """已登记的文档 / registered documents."""


@app.command("check")
def check(
    directory: Annotated[
        Path,
        typer.Argument(
            help="文档所在目录 / directory of the documents.",
        ),
    ],
    *,
    debug: DebugOption = False,
) -> None:
    """核对目录中的文档并列出摘要 / check the documents and list their hashes."""
    with failing_clearly(debug=debug):
        from hub.config.server import LimitSettings  # noqa: PLC0415  # slow to import
        from hub.web.documents import Documents  # noqa: PLC0415
        from hub.web.registered import read_directory  # noqa: PLC0415
        from schema.graph.build import build_schema  # noqa: PLC0415

        if not directory.is_dir():
            raise Refused(_NO_DIRECTORY)
        schema = build_schema()._schema  # noqa: SLF001  # strawberry has no public door
        listed = read_directory(directory, Documents(schema, LimitSettings()))
        if not sys.stdout.isatty():
            for one in listed:
                names = ",".join(one.operations)
                sys.stdout.write(f"sha256:{one.hashes[0]}\t{one.file}\t{names}\n")
            return
        table = Table("documentId", "文件 file", "操作 operations", "成本 cost")
        for one in listed:
            cost = f"{one.prepared.weight.cost:,}"
            names = ", ".join(one.operations)
            table.add_row(f"sha256:{one.hashes[0]}", one.file, names, cost)
        Console().print(table)
