"""Adapter: the command ``province init``: first mapping and settings of a province."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urljoin

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

from connectors.drafting.mapping_draft import FILL_IN, draft
from connectors.drafting.settings_draft import Found, draft_settings
from hub.cli.running import DebugOption, failing_clearly
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from connectors.drafting.guessing import Seen
    from connectors.drafting.mapping_draft import Drafted

Kind = Literal["sql", "files", "rest", "graphql"]
#: So many lines are shown of those that a person must decide on.
_SHOWN = 20
#: A description in a file is no larger than one that is read from its address.
_MOST = 16 * 1024 * 1024


def init(
    kind: Annotated[Kind, typer.Argument(help="sql | files | rest | graphql")],
    source: Annotated[
        str,
        typer.Argument(
            metavar="FROM",
            help="sql：存有数据库地址的环境变量名；files：文件或目录（CSV、XLSX、JSON 行）；"
            "rest：OpenAPI 的网址或文件；graphql：服务网址，或内省结果、SDL 文件 / the name"
            " of an environment variable with the database's address; a file or folder; an"
            " OpenAPI document or a GraphQL service by address or file.",
        ),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="映射写入此新文件 / write the mapping to this new file."),
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(
            metavar="NN.toml",
            help="同时起草省份设置，新文件名为省级代码 / draft the province's settings"
            " too, in a new file named by its code.",
        ),
    ] = None,
    bearer_env: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="存有令牌的环境变量名 / the variable with the bearer token.",
        ),
    ] = None,
    ca_file: Annotated[
        Path | None,
        typer.Option(help="信任的证书（PEM） / certificates that are trusted."),
    ] = None,
    debug: DebugOption = False,
) -> None:
    """由列名猜出映射文件的草稿，只看名称不看数据 / draft a mapping from names alone."""
    with failing_clearly(debug=debug):
        if settings is not None and out is None:
            out = settings.parent.parent / "mappings" / settings.name
        for file in filter(None, (settings, out)):
            _is_new(file)
        if settings is not None and not re.fullmatch("[1-8][0-9]", settings.stem):
            raise Refused(_NOT_A_CODE)
        seen, found = _look(kind, source, bearer_env, ca_file)
        drafted = draft(seen)
        if out is None:
            sys.stdout.write(drafted.text)
        elif seen:
            _write(out, drafted.text)
        if settings is not None:
            _write(settings, _settings(settings, out, found, mapped=bool(seen)))
        _tell(drafted, settings, out, mapped=bool(seen))


_NOT_A_CODE = Refusal(
    "SETTINGS_FILE_NAME",
    "province-init",
    Bilingual(
        "省份设置的文件名须为省级代码，例如 44.toml。",
        "The file of a province's settings is named by its code, e.g. 44.toml.",
    ),
    Bilingual("请改文件名。", "Name it so."),
)
_NO_TOKEN = Refusal(
    "TOKEN_NOT_SET",
    "province-init",
    Bilingual(
        "--bearer-env 所写的环境变量未设置或为空。",
        "The environment variable that --bearer-env names is not set or empty.",
    ),
    Bilingual(
        "请把令牌放入该变量；命令行上只写变量的名称。",
        "Put the token into it; the command line has its name only.",
    ),
)


def _is_new(file: Path) -> None:
    if file.exists():
        raise FileExistsError(17, os.strerror(17), str(file))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as opened:
        opened.write(text)


def _settings(settings: Path, out: Path | None, found: Found, *, mapped: bool) -> str:
    if out is not None and mapped:
        here = os.path.relpath(out.absolute(), settings.absolute().parent)
        found = msgspec.structs.replace(found, mapping_file=Path(here).as_posix())
    if found.ca_file:
        here = os.path.relpath(
            Path(found.ca_file).absolute(), settings.absolute().parent
        )
        found = msgspec.structs.replace(found, ca_file=Path(here).as_posix())
    return draft_settings(settings.stem, found)


def _look(
    kind: Kind, source: str, bearer_env: str | None, ca_file: Path | None
) -> tuple[list[Seen], Found]:
    """Read names from where they are, and what else is told of the province."""
    # Each is slow to import, and only one is needed.
    if kind == "sql":
        from connectors.drafting.catalogue import tables  # noqa: PLC0415

        own = (("url_env", source),)
        return tables(source, os.environ), Found(kind="sql", own=own)
    if kind == "files":
        from connectors.drafting.folder import heads  # noqa: PLC0415

        place = Path(source)
        directory = place if place.is_dir() else place.parent
        own = (("directory", str(directory.absolute())),)
        return heads(place), Found(kind="files", own=own)
    if kind == "rest":
        return _rest(source, bearer_env, ca_file)
    return _graphql(source, bearer_env, ca_file)


def _rest(
    source: str, bearer_env: str | None, ca_file: Path | None
) -> tuple[list[Seen], Found]:
    from connectors.drafting.openapi import of_openapi  # noqa: PLC0415

    told = of_openapi(_text(source, bearer_env, ca_file))
    live = source.startswith("http")
    found = Found(
        kind="rest",
        url=(urljoin(source, told.url) if live else told.url).rstrip("/"),
        bearer_env=bearer_env or "",
        bearer=told.bearer,
        mapped=True,
        ca_file=str(ca_file or ""),
        own=told.rest,
    )
    return [*told.tables], found


def _graphql(
    source: str, bearer_env: str | None, ca_file: Path | None
) -> tuple[list[Seen], Found]:
    from connectors.drafting.introspection import QUERY, of_introspection  # noqa: PLC0415

    asked = msgspec.json.encode({"query": QUERY, "operationName": "HubInit"})
    told = of_introspection(_text(source, bearer_env, ca_file, asked))
    found = Found(
        kind="graphql",
        url=source if source.startswith("http") else "",
        bearer_env=bearer_env or "",
        ca_file=str(ca_file or ""),
    )
    if told.contract:  # it needs no mapping
        return [], found
    found = msgspec.structs.replace(found, mapped=True)
    return [one.seen for one in told.roots], found


def _text(
    source: str, bearer_env: str | None, ca_file: Path | None, body: bytes | None = None
) -> bytes:
    """Read a description, by address or from a file."""
    from connectors.drafting.address import is_address, read  # noqa: PLC0415

    if not is_address(source):
        with Path(source).open("rb") as file:
            text = file.read(_MOST)
        return text if body is None else _introspected(text)
    token = os.environ.get(bearer_env, "").strip() if bearer_env else None
    if bearer_env and not token:
        raise Refused(_NO_TOKEN)
    told = read(
        source, token=token, ca_file=str(ca_file) if ca_file else None, body=body
    )
    if body is not None and b"__schema" not in told:
        raise Refused(_NO_INTROSPECTION)
    return told


_NO_INTROSPECTION = Refusal(
    "INTROSPECTION_REFUSED",
    "province-init",
    Bilingual(
        "该服务不答内省查询。", "The service does not answer introspection queries."
    ),
    Bilingual(
        "请省里导出内省结果（JSON）或模式（SDL）文件，写文件名；或对枢纽开放内省。",
        "Have the province export the result of an introspection (JSON) or its schema"
        " (SDL) and name that file; or allow introspection to the hub.",
    ),
)


def _introspected(text: bytes) -> bytes:
    """Make of a schema in SDL what an introspection would tell; leave JSON as it is."""
    if text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return text
    from graphql import GraphQLError, build_schema  # noqa: PLC0415
    from graphql.utilities import introspection_from_schema  # noqa: PLC0415

    try:
        schema = build_schema(text.decode("utf-8-sig"), assume_valid_sdl=True)
        return msgspec.json.encode(introspection_from_schema(schema))
    except (GraphQLError, TypeError, ValueError, RecursionError):
        return b""  # which is no introspection either


def _tell(
    drafted: Drafted, settings: Path | None, out: Path | None, *, mapped: bool
) -> None:
    """Say what was found, where a person must decide, and what comes next."""
    told = Console(stderr=True, highlight=False, soft_wrap=True)
    if not mapped:
        told.print(
            "[green]✓[/] 该省按契约提供数据，不需要映射"
            " / it serves the contract: no mapping is needed"
        )
    elif drafted.found:
        kinds = ", ".join(f"{kind} {count}" for kind, count in drafted.found.items())
        told.print(f"[green]✓[/] 猜出的类与字段数 / kinds, and fields guessed: {kinds}")
    else:
        told.print("[yellow]![/] 没有认出任何一类 / no kind of record was recognised")
    if mapped and drafted.open:
        _tell_open(told, drafted)
    for file in (settings, out if mapped else None):
        if file is not None:
            told.print(f"[green]✓[/] {escape(str(file))}")
    if settings is not None:
        _tell_next(told, settings)


def _tell_next(told: Console, settings: Path) -> None:
    for line in settings.read_text("utf-8").splitlines():
        if FILL_IN in line:
            told.print(f"  [yellow]![/] {escape(line)}")
    told.print(f"  下一步 next: python -m hub province check {escape(str(settings))}")


def _tell_open(told: Console, drafted: Drafted) -> None:
    told.print(
        f"[yellow]![/] {len(drafted.open)} 行须由人决定"
        f" / {len(drafted.open)} lines that a person must decide on"
    )
    for number, line in drafted.open[:_SHOWN]:
        told.print(f"  {number:>4}  {escape(line)}")
    if len(drafted.open) > _SHOWN:
        told.print("     …")
