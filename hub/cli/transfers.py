"""Adapter: the command ``transfers picture``."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from hub.transfer.model import explore
from hub.transfer.picture import picture

app = typer.Typer(help="会员转接 / transfers.", no_args_is_help=True)


class Language(StrEnum):
    """Of the words in the picture."""

    ZH = "zh"
    EN = "en"


@app.callback()
def transfers() -> None:
    """会员转接 / transfers."""


@app.command("picture")
def draw(
    language: Annotated[
        Language, typer.Option(help="图中文字 / of the words in it.")
    ] = Language.ZH,
) -> None:
    """由代码画出转接的状态图（Mermaid）/ draw the states of a transfer from the code."""
    sys.stdout.write(picture(explore(), language.value) + "\n")
