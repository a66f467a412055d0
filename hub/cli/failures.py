"""Adapter: how a command ends that could not do its work.

Every failure ends in one Chinese and one English sentence, and what to do.
A traceback is shown with ``--debug`` only.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from hub.audit.entries import UnreadableEntryError
from hub.config.mistakes import BadSettings
from hub.identity.secrets import BadSecrets
from hub.web.scrub import scrub
from schema.records.refusal import Bilingual, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.config.mistakes import Mistake

#: What a command ends with: it did not do its work …
FAILED = 1
#: … or it did, and some rows were refused or conflict.
IN_PART = 2

_NOTHING = Bilingual("", "")

_UNEXPECTED = (
    Bilingual("命令意外中止（{what}）。", "The command ended unexpectedly ({what})."),
    Bilingual(
        "请加 --debug 重试，并把输出交给枢纽的维护者。",
        "Run it again with --debug, and hand the output to the hub's maintainers.",
    ),
)
_OF_ERRNO = {
    errno.ENOSPC: (
        Bilingual("磁盘已满。", "The disk is full."),
        Bilingual(
            "请腾出空间后重新运行；已完成的部分不会重复。",
            "Make room and run the command again; what was done stays done.",
        ),
    ),
    errno.ENOENT: (
        Bilingual("找不到文件 {file}。", "The file {file} does not exist."),
        Bilingual("请检查路径。", "Check the path."),
    ),
    errno.EACCES: (
        Bilingual("没有权限访问 {file}。", "Access to {file} is not permitted."),
        Bilingual(
            "请检查该文件及其目录的权限。",
            "Check the permissions of it and its directory.",
        ),
    ),
    errno.EISDIR: (
        Bilingual("{file} 是目录，不是文件。", "{file} is a directory, not a file."),
        Bilingual("请给出文件的路径。", "Name a file."),
    ),
}
_OF_OS = (
    Bilingual("系统报告错误（{what}）。", "The system reported an error ({what})."),
    Bilingual("请排除后重新运行。", "Mend it and run the command again."),
)


def console() -> Console:
    """Make the console that failures go to: standard error."""
    return Console(stderr=True, soft_wrap=True, highlight=False)


def end(error: BaseException, *, debug: bool) -> NoReturn:
    """Say what failed, and end the command.

    Raises:
        typer.Exit: Always.
    """
    if debug:
        console().print_exception(show_locals=False)
    if isinstance(error, BadSettings):
        show_mistakes(error.mistakes)
    else:
        for message, remedy in explain(error):
            show(message, remedy)
    raise typer.Exit(FAILED)


def explain(error: BaseException) -> Iterator[tuple[Bilingual, Bilingual]]:
    """Find the words for an error."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from explain(one)
    elif isinstance(error, Refused):
        yield error.refusal.message, error.refusal.remedy
    elif isinstance(error, BadSecrets):
        for mistake in error.mistakes:
            yield mistake, _NOTHING
    elif isinstance(error, OSError):
        message, remedy = _OF_ERRNO.get(error.errno or 0, _OF_OS)
        what = error.strerror or type(error).__name__
        yield message.format(file=error.filename or "-", what=what), remedy
    elif isinstance(error, UnreadableEntryError | ValueError) and " / " in str(error):
        zh, _, en = str(error).partition(" / ")
        yield Bilingual(zh, en), _NOTHING
    else:
        message, remedy = _UNEXPECTED
        yield message.format(what=type(error).__name__), remedy


def show(message: Bilingual, remedy: Bilingual = _NOTHING) -> None:
    """Show a failure in both languages."""
    out = console()
    for sentence, cure in ((message.zh, remedy.zh), (message.en, remedy.en)):
        line = Text("✗ ", style="bold red")
        line.append(scrub(sentence))
        if cure:
            line.append(f" {scrub(cure)}", style="yellow")
        out.print(line)


def show_mistakes(mistakes: tuple[Mistake, ...]) -> None:
    """Show all mistakes of settings, by file."""
    out = console()
    out.print(
        Text(
            f"✗ 设置有 {len(mistakes)} 处错误 / {len(mistakes)} mistakes in the settings",
            style="bold red",
        )
    )
    for one in mistakes:
        out.print()
        out.print(Text(f"{one.file}  {one.key}".rstrip(), style="bold"))
        for message, remedy in (
            (one.message.zh, one.remedy.zh),
            (one.message.en, one.remedy.en),
        ):
            out.print(Text(f"  {message} ").append(remedy, style="yellow"))
