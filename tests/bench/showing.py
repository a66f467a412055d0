"""Adapter: shows how far a measurement is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


class Showing:
    """Progress on the terminal; plain lines where there is none."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show something of unknown length."""
        with self._progress(SpinnerColumn(), TimeElapsedColumn()) as progress:
            progress.add_task(name, total=None)
            yield
        self._console.print(f"[green]✓[/] {name}")

    @contextmanager
    def counting(self, name: str) -> Iterator[Callable[[int, int], None]]:
        """Show something whose length is known; gives what to tell it with."""
        columns = (
            BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
        )  # fmt: skip
        with self._progress(*columns) as progress:
            task = progress.add_task(name, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)
        self._console.print(f"[green]✓[/] {name}")

    def _progress(self, *columns: object) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            *columns,  # type: ignore[arg-type]
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
