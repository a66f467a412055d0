"""Adapter: the command ``province serve``: the contract in front of a province's system."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from hub.cli.running import DebugOption, failing_clearly, run

if TYPE_CHECKING:
    from rich.table import Table

    from connectors.settings import ProvinceSettings
    from hub.subgraph.settings import KitSettings
    from hub.subgraph.source import Source

#: Where it listens unless it is told otherwise, and the token that it takes.
_PORT = 8440
#: What is under way when it stops has so long at least.
_SHUTDOWN = timedelta(seconds=15)
_BEARER = "PROVINCE_TOKEN"


def serve(  # noqa: PLR0917  # typer calls it by names
    file: Annotated[
        Path,
        typer.Option(
            "--from",
            metavar="FILE",
            help="省的设置文件 NN.toml / the settings of the province.",
        ),
    ],
    host: Annotated[
        str, typer.Option(help="监听地址 / address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="监听端口 / port to listen on.", min=0, max=65535)
    ] = _PORT,
    bearer_env: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="存有令牌的环境变量名，默认 PROVINCE_TOKEN；可给两个，换令牌时都有效"
            " / environment variable with the token that callers show; give two while it"
            " changes.",
            show_default=False,
        ),
    ] = None,
    tls_cert: Annotated[
        str | None, typer.Option(metavar="PEM", help="TLS 证书 / certificate.")
    ] = None,
    tls_key: Annotated[
        str | None, typer.Option(metavar="PEM", help="TLS 私钥 / private key.")
    ] = None,
    client_ca: Annotated[
        str | None,
        typer.Option(
            metavar="PEM",
            help="只接受此机构签发证书的来访者（双向 TLS）"
            " / take only callers with a certificate of this authority.",
        ),
    ] = None,
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        typer.Option(help="日志级别 / least severe lines that are written."),
    ] = "INFO",
    *,
    debug: DebugOption = False,
) -> None:
    """在省里的系统之前提供省级契约 / serve the province contract before its own system."""
    with failing_clearly(debug=debug):
        # Loaded here: the other commands need not pay for a server.
        from hub.config.load import load_province  # noqa: PLC0415
        from hub.config.server import ServerSettings  # noqa: PLC0415
        from hub.subgraph.serve import listen  # noqa: PLC0415
        from hub.subgraph.serve import serve as serve_kit  # noqa: PLC0415
        from hub.subgraph.settings import KitSettings  # noqa: PLC0415
        from hub.web.logs import configure  # noqa: PLC0415

        configure(log_level)
        province = load_province(file, os.environ)
        settings = KitSettings(
            ServerSettings(
                host=host,
                port=port,
                log_level=log_level,
                # An act that is under way is finished, however long it may take.
                shutdown=max(_SHUTDOWN, province.act_deadline),
            ),
            tuple(bearer_env or (_BEARER,)),
            tls_cert=tls_cert,
            tls_key=tls_key,
            client_ca=client_ca,
        )
        listener = listen(settings)

        def announce(address: str, source: Source) -> None:
            _show(address, source, province, settings)

        try:
            run(serve_kit(province, settings, os.environ, listener, announce))
        finally:
            listener.close()


def _show(
    address: str, source: Source, province: ProvinceSettings, settings: KitSettings
) -> None:
    """Tell what is served, and where."""
    from rich.console import Console  # noqa: PLC0415

    console = Console(highlight=False)
    console.print(_table(source, province))
    if not source.ready:
        console.print(
            "[yellow]! 省里的系统此刻不答，答时即可查询；见 /readyz"
            " / the province's own system does not answer yet; see /readyz[/]"
        )
    names = " / ".join(settings.bearer_envs)
    sys.stdout.write(
        f"令牌 token: {names}\n"
        f"省级契约已提供 / the province contract is served at {address}/graphql\n"
    )
    sys.stdout.flush()


def _table(source: Source, province: ProvinceSettings) -> Table:
    from rich.table import Table  # noqa: PLC0415

    from connectors.graphql.commands import FIELDS  # noqa: PLC0415
    from connectors.graphql.names import ROWS  # noqa: PLC0415
    from schema.records.kinds import KINDS  # noqa: PLC0415

    capabilities = source.served.capabilities
    table = Table(
        title=f"{province.code} {province.name_zh} {province.name_en}: "
        f"{province.kind} → 契约 contract {capabilities.contract_version}",
        title_justify="left",
    )
    table.add_column("种类 kind")
    table.add_column("字段 field")
    table.add_column("提供 served", justify="right")
    for kind, line in KINDS.items():
        served = capabilities.fields.get(kind)
        told = "—" if served is None else f"{len(served)}/{len(line.fields)}"
        table.add_row(kind.value, ROWS.get(kind, "Worker"), told)
    table.add_section()
    acts = [FIELDS[act] for act in FIELDS if act in capabilities.acts]
    table.add_row("登记 acts", ", ".join(acts) or "—", f"{len(acts)}/{len(FIELDS)}")
    changes = "caseChanges, caseFile" if capabilities.changes else "—"
    table.add_row("案卷变更 changes", changes, "✓" if capabilities.changes else "—")
    return table
