"""The command: run the system of a province that speaks in its own words.

``rest`` serves an interface, ``sql`` keeps a database and works through its inbox,
``files`` delivers batches; each until told to stop. The line ``ready …`` on standard
output tells where.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import socket
import sqlite3
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from deploy.demo.own_words.clerk import Clerk
from deploy.demo.own_words.delivery import Exporter
from deploy.demo.own_words.interface import Interface
from deploy.demo.own_words.office import Office, make
from deploy.demo.province.acting import Desk
from deploy.demo.province.case_file import CaseFile
from deploy.demo.province.ledger import Ledger, OtherDataError
from deploy.demo.province.register import Register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: How often a programme without a server looks whether there is something to do.
_EVERY_S = 0.05
#: The hub's name where it asks for tokens.
CLIENT = "union-hub"


class Kept(NamedTuple):
    """What a province keeps: its register, who came and went, its case files."""

    register: Register
    ledger: Ledger
    cases: CaseFile


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo.own_words", description=__doc__
    )
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind, told in (
        ("rest", "serve an interface of REST"),
        ("sql", "keep a database, and work through its inbox"),
        ("files", "deliver batches of files"),
    ):
        add = kinds.add_parser(kind, help=told).add_argument
        add("--code", required=True, help="code of the province, e.g. 33")
        add("--database", required=True, type=Path, help="its SQLite file")
        add(
            "--acts", required=True, type=Path, metavar="FILE", help="who came and went"
        )
        add("--cases", required=True, type=Path, metavar="FILE", help="its case files")
        if kind == "rest":
            add("--port", type=int, default=0, help="port; 0 takes a free one")
            add(
                "--secret-env",
                default="PROVINCE_TOKEN",
                metavar="NAME",
                help="environment variable that holds the secret of the client",
            )
        else:
            add("--to", required=True, type=Path, help="its database, or drop folder")
    return parser.parse_args(words)


def _stop(zh: str, en: str) -> NoReturn:
    sys.stderr.write(f"{zh}\n{en}\n")
    raise SystemExit(2)


@contextlib.contextmanager
def _kept(wanted: argparse.Namespace) -> Iterator[Kept]:
    """Open what the province keeps."""
    with contextlib.ExitStack() as stack:
        try:
            ledger = Ledger(wanted.acts, wanted.database)
            stack.callback(ledger.close)
            cases = CaseFile(wanted.cases)
            stack.callback(cases.close)
            register = Register(wanted.database, wanted.acts)
            stack.callback(register.close)
            code = register.province()["code"]
        except OtherDataError:
            _stop(
                f"{wanted.acts} 属于另一份数据：请换一个文件，或先将其移走。",
                f"{wanted.acts} was begun over other data: choose another file.",
            )
        except (sqlite3.Error, SQLAlchemyError):
            _stop(
                f"无法读取 {wanted.database} 或写入 {wanted.acts}、{wanted.cases}。",
                f"{wanted.database} cannot be read, or what is beside it not written.",
            )
        if code != wanted.code:
            _stop(
                f"{wanted.database} 是 {code} 省的数据，请核对 --code。",
                f"{wanted.database} holds the data of province {code}: check --code.",
            )
        yield Kept(register, ledger, cases)


def _rest(wanted: argparse.Namespace, kept: Kept) -> None:
    secret = os.environ.get(wanted.secret_env)
    if not secret:
        _stop(
            f"请在环境变量 {wanted.secret_env} 中设置密钥。",
            f"Set the secret in the environment variable {wanted.secret_env}.",
        )
    desk = Desk(wanted.code, kept.ledger)
    interface = Interface(kept.register, desk, kept.cases, (CLIENT, secret))
    config = uvicorn.Config(
        interface.app,
        http="httptools",
        loop="uvloop",
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    with socket.create_server(("127.0.0.1", wanted.port), backlog=2048) as listener:
        _ready(f"http://127.0.0.1:{listener.getsockname()[1]}")
        uvicorn.Server(config).run(sockets=[listener])


def _sql(wanted: argparse.Namespace, kept: Kept) -> None:
    make(wanted.to, kept.register)
    office = Office(wanted.code, wanted.to, kept.register, kept.ledger, kept.cases)
    office.work()
    _ready(f"sqlite:///{wanted.to.resolve()}")
    with contextlib.closing(office):
        _for_ever(office.work)


def _files(wanted: argparse.Namespace, kept: Kept) -> None:
    exporter = Exporter(wanted.to, kept.register)
    clerk = Clerk(wanted.code, wanted.to, kept.ledger, kept.cases, exporter)
    if not clerk.work() and exporter.is_behind:
        exporter.deliver()
    _ready(str(wanted.to.resolve()))
    _for_ever(clerk.work)


def _ready(where: str) -> None:
    sys.stdout.write(f"ready {where}\n")
    sys.stdout.flush()


def _for_ever(work: Callable[[], int]) -> None:
    while True:
        if not work():
            time.sleep(_EVERY_S)


def main(words: Sequence[str] | None = None) -> None:
    """Run until SIGTERM or SIGINT."""
    wanted = _arguments(words)
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s", level="INFO")
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: sys.exit(0))
    run = {"rest": _rest, "sql": _sql, "files": _files}[wanted.kind]
    with _kept(wanted) as kept:
        run(wanted, kept)


if __name__ == "__main__":
    main()
