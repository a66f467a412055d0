"""The command: serve one province from its database file, until told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from deploy.demo.province import compare
from deploy.demo.province.acting import Desk
from deploy.demo.province.case_file import CaseFile
from deploy.demo.province.ledger import Ledger, OtherDataError
from deploy.demo.province.register import Register
from deploy.demo.province.server import Server
from deploy.demo.province.subgraph import KINDS, VERSIONS, build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo.province", description=__doc__
    )
    add = parser.add_argument
    add("--code", required=True, help="code of the province, e.g. 44")
    add("--database", required=True, type=Path, help="its SQLite file")
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=0, help="port; 0 takes a free one")
    add(
        "--token-env",
        default="PROVINCE_TOKEN",
        metavar="NAME",
        help="environment variable that holds the bearer token",
    )
    add("--contract-version", choices=list(VERSIONS), default=list(VERSIONS)[-1])
    add(
        "--without",
        nargs="+",
        choices=list(KINDS),
        default=[],
        metavar="KIND",
        help="kinds that this province does not keep",
    )
    add(
        "--acts",
        type=Path,
        metavar="FILE",
        help="SQLite file for what members do: OUT and IN entries; made if missing",
    )
    add(
        "--cases",
        type=Path,
        metavar="FILE",
        help="SQLite file of its case files, whose changes it tells; made if missing",
    )
    add("--delay-ms", type=float, default=0, help="play a slow province")
    return parser.parse_args(words)  # fmt: skip


def _stop(zh: str, en: str) -> NoReturn:
    sys.stderr.write(f"{zh}\n{en}\n")
    raise SystemExit(2)


def _open_ledger(file: Path, database: Path) -> Ledger:
    """Open what the acts are written into."""
    try:
        return Ledger(file, database)
    except OtherDataError:
        _stop(
            f"{file} 属于另一份数据：请换一个文件，或先将其移走。",
            f"{file} was begun over other data: choose another file, or move it away.",
        )
    except sqlite3.Error:
        _stop(
            f"无法写入 {file}：请检查目录与权限，以及 --database。",
            f"{file} cannot be written: check directory, rights and --database.",
        )


def _open_cases(file: Path | None) -> CaseFile | None:
    """Open what its case files are kept in, if it tells of them."""
    try:
        return None if file is None else CaseFile(file)
    except sqlite3.Error:
        _stop(
            f"无法写入 {file}：请检查目录与权限。",
            f"{file} cannot be written: check directory and rights.",
        )


def _open(
    file: Path, code: str, acts: Path | None = None
) -> tuple[Register, RowMapping]:
    """Open the database, and see that it is the province's own."""
    register = Register(file, acts)
    try:
        province = register.province()
    except SQLAlchemyError:
        register.close()
        _stop(
            f"无法读取数据库 {file}：请用 python -m deploy.demo.population 生成。",
            f"{file} cannot be read: make it by python -m deploy.demo.population.",
        )
    if province["code"] != code:
        register.close()
        _stop(
            f"{file} 是 {province['code']} 省的数据，请核对 --code。",
            f"{file} holds the data of province {province['code']}: check --code.",
        )
    return register, province


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        _stop(
            f"无法监听 {host}:{port}（{error.strerror}），请换一个端口或用 --port 0。",
            f"Cannot listen on {host}:{port} ({error.strerror}): "
            "choose another port, or --port 0.",
        )


def main(words: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; ``register`` shows what acts have done.

    The line ``ready http://…/graphql`` on standard output tells that requests
    are accepted, and where. The log goes to standard error.
    """
    given = sys.argv[1:] if words is None else words
    if given[:1] == ["register"]:
        compare.main(given[1:])
        return
    wanted = _arguments(given)
    token = os.environ.get(wanted.token_env)
    if not token:
        _stop(
            f"请在环境变量 {wanted.token_env} 中设置访问令牌。",
            f"Set the bearer token in the environment variable {wanted.token_env}.",
        )
    register, province = _open(wanted.database, wanted.code)
    desk = None
    if wanted.acts is not None:
        ledger = _open_ledger(wanted.acts, wanted.database)
        desk = Desk(wanted.code, ledger)
        register.close()
        register, province = _open(wanted.database, wanted.code, wanted.acts)
    kept = frozenset(province["kinds"]) - frozenset(wanted.without)
    subgraph = build(
        wanted.code,
        province["as_of"],
        wanted.contract_version,
        kept,
        acts=desk is not None,
        cases=_open_cases(wanted.cases),
    )
    server = Server(register, subgraph, token, wanted.delay_ms / 1000, desk)
    listener = _listen(wanted.host, wanted.port)
    config = uvicorn.Config(
        server.app,
        http="httptools",
        loop="uvloop",
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s", level="INFO")
    # Strawberry logs errors with the query beside them; our own line has neither.
    logging.getLogger("strawberry.execution").disabled = True
    # uvicorn stops gracefully and then raises the signal anew: leave quietly.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: sys.exit(0))
    with listener:
        host, port = listener.getsockname()[:2]
        sys.stdout.write(f"ready http://{host}:{port}/graphql\n")
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[listener])
    register.close()


if __name__ == "__main__":
    main()
