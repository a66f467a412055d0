"""The command: ``python -m tests.chaos`` (``make chaos``)."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tests.bench.showing import Showing
from tests.chaos.run import Outcome, Wishes, run

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 5


def main(words: Sequence[str] | None = None) -> int:
    """Run once; answers 1 if anything did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--size", type=int, default=2_000, help="memberships that move")
    parser.add_argument("--seed", type=int, default=1, help="who moves, what breaks")
    parser.add_argument("--cases", type=int, help="cases; a third of the size")
    parser.add_argument("--at-once", type=int, default=24, help="officers at once")
    parser.add_argument(
        "--pause", type=float, default=2.5, help="between two mischiefs"
    )
    parser.add_argument("--calm", action="store_true", help="break nothing")
    parser.add_argument("--dir", type=Path, help="keep data and logs here")
    wanted = parser.parse_args(words)
    wishes = Wishes(
        wanted.size,
        wanted.seed,
        wanted.at_once,
        wanted.calm,
        wanted.pause,
        cases=wanted.cases,
    )
    console = Console(width=None if sys.stdout.isatty() else 120)
    with tempfile.TemporaryDirectory(prefix="hub-chaos-") as fresh:
        outcome = run(wishes, wanted.dir or Path(fresh), Showing(console))
    show(outcome, wishes, console)
    return 0 if outcome.good else 1


def show(outcome: Outcome, wishes: Wishes, console: Console) -> None:
    """Print what was done, what was met, and what held."""
    done = Table(title=f"chaos: size {wishes.size}, seed {wishes.seed}")
    done.add_column("破坏 broken")
    done.add_column("次数 times", justify="right")
    for what, times in sorted(outcome.mischief.items()):
        done.add_row(what, str(times))
    done.add_row("答复丢失 answers lost on the line", str(outcome.lost_answers))
    done.add_row("重发 acts sent again", str(outcome.resent))
    console.print(done)
    held = Table(min_width=100)
    held.add_column("检查 checked", no_wrap=True)
    held.add_column("数 looked", justify="right", no_wrap=True)
    held.add_column("错 wrong", justify="right", no_wrap=True)
    for one in outcome.findings:
        style = "red" if one.wrong else "green"
        held.add_row(
            f"{one.zh} {one.en}", str(one.looked), f"[{style}]{len(one.wrong)}[/]"
        )
    console.print(held)
    for one in outcome.findings:
        for wrong in one.wrong[:_SHOWN]:
            console.print(f"[red]{one.en}[/]: {wrong}")
    ends = ", ".join(
        f"{state} {count}" for state, count in sorted(outcome.ends.items())
    )
    console.print(f"结局 ends: {ends}")
    cases = ", ".join(
        f"{state} {count}" for state, count in sorted(outcome.case_ends.items())
    )
    book = outcome.case_book
    console.print(
        f"案件 cases: {cases}; 办理 acts {len(book.acknowledged)}, "
        f"推送 pushed {dict(book.pushed)}"
    )
    console.print(f"日志 journals: {dict(outcome.case_events.most_common())}")
    if book.refused:
        console.print(f"拒绝 refused: {dict(Counter(book.refused.values()))}")
    if outcome.refused:
        console.print(
            f"拒绝 refused: {len(outcome.refused)} {set(outcome.refused.values())}"
        )
    if outcome.errors:
        console.print(f"途中 met on the way: {dict(outcome.errors)}", soft_wrap=True)
    console.print(
        f"用时 moving {outcome.moving:.1f} s, settling {outcome.settling:.1f} s, "
        f"{wishes.size / (outcome.moving + outcome.settling):.0f}/s"
    )


if __name__ == "__main__":
    sys.exit(main())
