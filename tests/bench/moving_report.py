"""Adapter: what moving members came to, as tables and verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.bench.report import new_table, verdict_table
from tests.bench.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from tests.bench.moving import Moved

#: Transfers a second, on two processors. Issue 4, part 6d.
RATE: Final = 100.0
#: Seconds until both registers agree, of 99 in a hundred.
P99_S: Final = 2.0
#: So much of the pace must be held: the last transfers still end when it is over.
_HELD: Final = 0.9
#: Parts of what runs, and their headings: the load are the officers.
_PARTS: Final = ("hub", "runner", "postgres", "province", "load")
_HEADINGS: Final = (*_PARTS[:-1], "officers")


def share(took: Sequence[float], part: float) -> float:
    """Tell the value that this part of sorted values does not exceed; 0 of none."""
    return took[min(len(took) - 1, int(len(took) * part))] if took else 0.0


def judge(moved: Moved) -> list[Verdict]:
    """Hold the figures against the targets of issue 4."""
    paced, full = moved.slices[0], moved.slices[1]
    p99 = share(paced.took, 0.99)
    return [
        Verdict(
            "登记簿不符 promises that did not hold",
            str(sum(moved.wrong.values())),
            "0",
            not moved.wrong,
            str(moved.wrong or f"{moved.checked:,} transfers compared with registers"),
        ),
        Verdict(
            "未办成 acts that were refused or failed",
            str(sum(moved.refused.values())),
            "0",
            not moved.refused,
            str(moved.refused or ""),
        ),
        Verdict(
            "每秒接转 transfers a second",
            f"{full.rate:.0f} / s",
            f"≥ {RATE:.0f} / s",
            full.rate >= RATE,
            full.name,
        ),
        Verdict(
            "两册一致 both registers agree, p99",
            f"{p99:.2f} s",
            f"< {P99_S:.0f} s",
            p99 < P99_S and paced.rate >= _HELD * RATE,
            f"{paced.name}: {paced.rate:.0f} / s were reached",
        ),
    ]


def show(moved: Moved, verdicts: Sequence[Verdict], console: Console) -> None:
    """Print all tables."""
    console.print(f"\n{moved.machine.line}")
    if moved.machine.busy:
        console.print(f"[yellow]{moved.machine.warning}[/]")
    console.print(_times(moved))
    console.print(_costs(moved))
    console.print(verdict_table(verdicts))


def _times(moved: Moved) -> Table:
    table = new_table(
        "接转 Transfers: seconds until both registers agree",
        "what", "ended", "/s", "p50", "p99", "offered p99",
    )  # fmt: skip
    for one in moved.slices:
        times = (
            share(one.took, 0.5), share(one.took, 0.99), share(one.offered, 0.99)
        )  # fmt: skip
        shown = (f"{seconds:.2f}" for seconds in times)
        table.add_row(one.name, f"{one.transfers:,}", f"{one.rate:.0f}", *shown)
    table.add_row("issuing credentials", "", f"{moved.issued:.0f}", "", "", "")
    return table


def _costs(moved: Moved) -> Table:
    table = new_table("处理器 CPU: ms for one", "what", *_HEADINGS, "all")
    costs = [(one.name, one.cpu) for one in moved.slices]
    for name, cpu in [*costs, ("issuing credentials", moved.issuing)]:
        shown = [cpu.get(part, 0.0) for part in _PARTS]
        table.add_row(name, *(f"{one:.1f}" for one in [*shown, sum(cpu.values())]))
    return table
