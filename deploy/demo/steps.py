"""Adapter: shows what the demo does while it does it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


class Steps:
    """Shows one line per step: a spinner while it runs, then how long it took.

    Args:
        console: Where to. Not a terminal: plain lines only.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, zh: str, en: str) -> Iterator[Callable[[str], None]]:
        """Show a step around what it does.

        Args:
            zh: What is done, in Chinese.
            en: The same in English.

        Yields:
            A function that shows how far the step is; throttled, so that it may
            be called often.
        """
        title = f"{zh}  [dim]{en}[/dim]"
        began = time.monotonic()
        note = ""
        if not self._console.is_terminal:
            self._console.print(f"… {title}", soft_wrap=True)
        with self._console.status(title) as status:
            shown = began

            def tell(how_far: str) -> None:
                nonlocal shown, note
                note = how_far
                if time.monotonic() - shown > 0.1:  # noqa: PLR2004
                    shown = time.monotonic()
                    status.update(f"{title}  {how_far}")

            yield tell
        took = time.monotonic() - began
        self._console.print(
            f"[green]✓[/green] {title}  {note} [dim]{took:.1f} s[/dim]", soft_wrap=True
        )
