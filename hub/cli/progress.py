"""Adapter: shows how far a long command is: a bar in a terminal, lines in a log."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Where there is no terminal, one line in so many seconds.
_EVERY_S = 2.0


@contextmanager
def counting(
    what: str, *, amounts: bool = True
) -> Iterator[Callable[[int, int | None, str], None]]:
    """Show progress on standard error while the block runs.

    Args:
        what: What is being done.
        amounts: Show done and total; without, only the percentage.

    Yields:
        A function to be told what is done, the total if it is known, and a remark.
    """
    if not sys.stderr.isatty():
        yield _lines(what, amounts=amounts)
        return
    columns = [TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()]
    more = [MofNCompleteColumn()] if amounts else []
    bar = Progress(
        *columns,
        *more,
        TextColumn("{task.fields[remark]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(what, total=None, remark="")

        def tell(done: int, total: int | None = None, remark: str = "") -> None:
            bar.update(task, completed=done, total=total, remark=remark)

        yield tell


def _lines(what: str, *, amounts: bool) -> Callable[[int, int | None, str], None]:
    last = monotonic()

    def tell(done: int, total: int | None = None, remark: str = "") -> None:
        nonlocal last
        if monotonic() - last < _EVERY_S:
            return
        last = monotonic()
        part = f"{done * 100 // total} %" if total else ""
        count = f"{done}/{total or '?'}" if amounts else ""
        line = " ".join(filter(None, (what, part, count, remark)))
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    return tell
