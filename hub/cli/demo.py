"""Adapter: the command ``demo``: hands over to the demo federation."""

from __future__ import annotations

import importlib.util
import os
import sys

import typer

from hub.cli.failures import FAILED, show
from schema.records.refusal import Bilingual

_ABSENT = (
    Bilingual(
        "演示联邦未安装在此处。",
        "The demo federation is not part of this installation.",
    ),
    Bilingual(
        "请在源码目录中运行 make demo。", "Run make demo in the source directory."
    ),
)


def demo(context: typer.Context) -> None:
    """启动演示联邦 / start the demo federation (its own options: --help)."""
    # The hub must not import deploy; it only looks whether it is there.
    if importlib.util.find_spec("deploy") is None:
        show(*_ABSENT)
        raise typer.Exit(FAILED)
    arguments = [sys.executable, "-m", "deploy.demo", *context.args]
    sys.stdout.flush()
    os.execv(sys.executable, arguments)  # noqa: S606  # no shell is wanted
