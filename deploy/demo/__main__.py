"""The command: ``python -m deploy.demo``; also ``… token ROLE`` and ``… forget``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from deploy.demo.directory import ISSUER_NOTE, Directory
from deploy.demo.failure import DemoFailed
from deploy.demo.issuer import Issuer, Role
from deploy.demo.run import run
from deploy.demo.wishes import Wishes
from hub.clock import SystemClock
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Outflow: Qinghai, Sichuan, Hubei, Shandong; inflow: Guangdong, Zhejiang.
PROVINCES = "63,51,42,37,44,33"
_OF_DIRECTORY = "演示数据目录 / directory of the demo's data"
_WIDTH = 140
_HIGHEST_PORT = 65_535


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= _HIGHEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"端口应为 0 到 {_HIGHEST_PORT} 的整数 / a port is a number up to {_HIGHEST_PORT}"
    )


def _size(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= 10_000_000:  # noqa: PLR2004
        return int(text)
    raise argparse.ArgumentTypeError(
        "人数应为 1 到 10000000 的整数 / a size is a number from 1 to 10000000"
    )


def _provinces(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(text.replace(" ", "").split(",")))
    known = PROVINCES.split(",")
    if codes and set(codes) <= set(known):
        return codes
    raise argparse.ArgumentTypeError(
        f"省份代码只能从 {PROVINCES} 中选 / provinces are chosen from {PROVINCES}"
    )


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    add = parser.add_argument
    add(
        "--once",
        action="store_true",
        help="十次查询、核对、停止 / ten look-ups, checked, then stop",
    )
    add("--size", type=_size, default=20_000, help="职工人数 / how many workers")
    add("--seed", type=int, default=2026, help="随机种子 / seed of the population")
    add(
        "--port",
        type=_port,
        default=8080,
        help="枢纽端口，0 为任选 / the hub's port; 0 takes a free one",
    )
    add(
        "--dir",
        type=Path,
        default=Path(".demo"),
        help=_OF_DIRECTORY,
    )
    add(
        "--provinces",
        type=_provinces,
        default=_provinces(PROVINCES),
        help="省份代码，逗号分隔 / codes of provinces, separated by commas",
    )
    commands = parser.add_subparsers(dest="command")
    token = commands.add_parser(
        "token", help="打印一个角色的令牌 / print the token of a role"
    )
    token.add_argument("role", type=Role, choices=list(Role))
    forget = commands.add_parser("forget", help="删除演示数据 / delete the demo's data")
    for command in (token, forget):  # it may stand before the command, or after it
        command.add_argument(
            "--dir", type=Path, default=argparse.SUPPRESS, help=_OF_DIRECTORY
        )
    return parser.parse_args(words)  # fmt: skip


def _run(asked: argparse.Namespace, directory: Directory) -> int:
    wishes = Wishes(
        asked.size, asked.seed, asked.port, asked.provinces, once=asked.once
    )
    console = Console(highlight=False)
    if not console.is_terminal:  # a file or a pipe has no width: tables need one
        console.width = _WIDTH
    return run(wishes, directory, console)


def _token(directory: Directory, role: Role) -> str:
    url = directory.remembered(ISSUER_NOTE)
    if not url:
        raise DemoFailed(
            Bilingual(
                f"目录 {directory.root} 中还没有启动过演示。",
                f"No demo was started in the directory {directory.root} yet.",
            ),
            Bilingual(
                "请先运行 make demo,或用 --dir 指定演示目录。",
                "Run make demo first, or name the demo's directory with --dir.",
            ),
        )
    now = SystemClock().now().timestamp()
    return Issuer(directory.keys).token(role, url=url, now=now)


def main(words: Sequence[str] | None = None) -> int:
    """Do what was asked for.

    Returns:
        0, or 1 when something failed or a look-up's answer was not right.
    """
    asked = _arguments(words)
    directory = Directory(asked.dir)
    try:
        if asked.command == "forget":
            directory.forget()
            return 0
        if asked.command == "token":
            sys.stdout.write(f"{_token(directory, asked.role)}\n")
            return 0
        return _run(asked, directory)
    except DemoFailed as failed:
        Console(stderr=True, highlight=False).print(
            str(failed), style="red", markup=False, soft_wrap=True
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
