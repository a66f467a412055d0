"""The command: serve one province from its database file, until told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

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
    add("--delay-ms", type=float, default=0, help="play a slow province")
    return parser.parse_args(words)  # fmt: skip


def _stop(zh: str, en: str) -> NoReturn:
    sys.stderr.write(f"{zh}\n{en}\n")
    raise SystemExit(2)


def _open(file: Path, code: str) -> tuple[Register, RowMapping]:
    """Open the database, and see that it is the province's own."""
    register = Register(file)
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
    """Serve until SIGTERM or SIGINT.

    The line ``ready http://…/graphql`` on standard output tells that requests
    are accepted, and where. The log goes to standard error.
    """
    wanted = _arguments(words)
    token = os.environ.get(wanted.token_env)
    if not token:
        _stop(
            f"请在环境变量 {wanted.token_env} 中设置访问令牌。",
            f"Set the bearer token in the environment variable {wanted.token_env}.",
        )
    register, province = _open(wanted.database, wanted.code)
    kept = frozenset(province["kinds"]) - frozenset(wanted.without)
    subgraph = build(wanted.code, province["as_of"], wanted.contract_version, kept)
    server = Server(register, subgraph, token, wanted.delay_ms / 1000)
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
