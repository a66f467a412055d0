"""Adapter: the command ``province init``: a first mapping for a province's system."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from connectors.drafting.guessing import Column, Seen
from connectors.drafting.mapping_draft import draft
from connectors.drafting.seeing import (
    NOT_READABLE,
    of_header,
    of_introspection,
    of_openapi,
)
from hub.cli.running import DebugOption, failing_clearly
from schema.records.refusal import Bilingual, Refusal, Refused

Kind = Literal["sql", "files", "rest", "graphql"]
#: The head of a file is in its beginning.
_BEGINNING = 64 * 1024
_CONNECT = 10.0

_NO_DATABASE = Refusal(
    "DATABASE_NOT_READABLE",
    "province-init",
    Bilingual(
        "环境变量 {name} 中没有可用的数据库地址，或数据库不答。",
        "The environment variable {name} holds no address of a database that answers.",
    ),
    Bilingual(
        "请写变量的名称（不写地址本身），并检查其中的地址、账号与网络。",
        "Name the variable, not the address, and look at its address, account and line.",
    ),
)


def init(
    kind: Annotated[Kind, typer.Argument(help="sql | files | rest | graphql")],
    source: Annotated[
        str,
        typer.Argument(
            metavar="FROM",
            help="sql：存有数据库地址的环境变量名；files：CSV 文件或目录；rest：OpenAPI；"
            "graphql：内省结果（JSON） / the name of an environment variable with the"
            " database's address, a CSV file or folder, an OpenAPI or introspection file.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="写入此新文件 / write to this new file.", show_default=False),
    ] = None,
    *,
    debug: DebugOption = False,
) -> None:
    """由列名猜出映射文件的草稿，只看名称不看数据 / draft a mapping from names alone."""
    with failing_clearly(debug=debug):
        text = draft(_seen(kind, source))
        if out is None:
            sys.stdout.write(text)
        else:
            with out.open("x", encoding="utf-8") as file:
                file.write(text)


def _seen(kind: Kind, source: str) -> list[Seen]:
    if kind == "sql":
        return _tables(source)
    if kind == "files":
        return _files(Path(source))
    text = Path(source).read_bytes()
    return [*(of_openapi(text) if kind == "rest" else of_introspection(text))]


def _files(place: Path) -> list[Seen]:
    files = sorted(place.glob("*.csv")) if place.is_dir() else [place]
    found = []
    for one in files:
        with one.open("rb") as file:
            found.append(of_header(one.name, file.read(_BEGINNING)))
    if not found:
        raise Refused(NOT_READABLE)
    return found


def _tables(variable: str) -> list[Seen]:
    """Read the catalogue of a database, in a session that cannot write."""
    # Slow to import: other commands need not wait for it.
    from sqlalchemy import inspect  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from connectors.sql import tongues  # noqa: PLC0415

    try:
        url = tongues.address(os.environ.get(variable, ""))
        engine = tongues.engine(url, 1, _CONNECT, write=False)
        with engine.connect() as line:
            catalogue = inspect(line)
            names = [*catalogue.get_view_names(), *catalogue.get_table_names()]
            return [
                Seen(
                    name,
                    tuple(
                        Column(str(one["name"]), one.get("comment") or "")
                        for one in catalogue.get_columns(name)
                    ),
                )
                for name in names
            ]
    # What the driver says may repeat the address, and with it a password.
    except (SQLAlchemyError, tongues.UnknownTongue):
        raise Refused(
            Refusal(
                _NO_DATABASE.code,
                _NO_DATABASE.rule,
                _NO_DATABASE.message.format(name=variable),
                _NO_DATABASE.remedy,
            )
        ) from None
