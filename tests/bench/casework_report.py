"""Adapter: what lists of cases and acts on them came to, as tables and verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.bench.moving_report import share
from tests.bench.report import new_table, verdict_table
from tests.bench.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from tests.bench.casework import Casework, Load

#: A page of a follow-up list, of 99 in a hundred, in the hub. Issue 5.
LIST_S: Final = 0.100
#: Re-evaluating the clocks of a hundred thousand cases. Issue 5.
CLOCKS_S: Final = 60.0


def judge(found: Casework) -> list[Verdict]:
    """Hold the figures against the targets of issue 5.

    What is judged is what the officer waited for, which is a little more than the
    time in the hub.
    """
    flaws = [flaw for load in found.loads for flaw in load.flaws]
    flaws += [one.flaw for one in found.walked if one.flaw]
    asked = sum(len(load.took) for load in found.loads)
    slowest = max((load for load in found.loads if not load.act), key=p99)
    return [
        Verdict(
            "不符 wrong lists, acts that were refused",
            str(len(flaws)),
            "0",
            not flaws,
            flaws[0] if flaws else f"{asked:,} answers read; whole lists counted",
        ),
        Verdict(
            "列表 the slowest list, p99",
            f"{1e3 * p99(slowest):.0f} ms",
            f"< {1e3 * LIST_S:.0f} ms",
            p99(slowest) < LIST_S,
            slowest.name,
        ),
        Verdict(
            "期限重算 clocks of all cases, no rule changed",
            f"{found.clocks:.1f} s",
            f"< {CLOCKS_S:.0f} s",
            found.clocks < CLOCKS_S,
            f"{found.cases:,} cases",
        ),
        Verdict(
            "期限重算 the same, every case has other due dates",
            f"{found.changed:.1f} s",
            f"< {CLOCKS_S:.0f} s",
            found.changed < CLOCKS_S,
            f"{found.cases:,} cases",
        ),
    ]


def p99(load: Load) -> float:
    """Tell the seconds that 99 of a hundred did not exceed."""
    return share(load.took, 0.99)


def show(found: Casework, verdicts: Sequence[Verdict], console: Console) -> None:
    """Print all tables."""
    console.print(f"\n{found.machine.line}")
    if found.machine.busy:
        console.print(f"[yellow]{found.machine.warning}[/]")
    console.print(_times(found))
    console.print(_costs(found))
    console.print(_whole(found))
    console.print(verdict_table(verdicts))


def _times(found: Casework) -> Table:
    table = new_table(
        f"案件 {found.cases:,} open cases: ms until the answer was read",
        "what", "at once", "/s", "p50", "p99", "most", "hub",
    )  # fmt: skip
    for one in found.loads:
        times = (share(one.took, 0.5), p99(one), share(one.took, 1.0), one.hub)
        table.add_row(
            one.name,
            str(one.crowd),
            f"{len(one.took) / one.seconds:.0f}",
            *(f"{1e3 * seconds:.1f}" for seconds in times),
        )
    return table


def _costs(found: Casework) -> Table:
    table = new_table(
        "处理器 CPU: ms for one", "what", "at once", "rows", "hub", "postgres"
    )
    for one in found.loads:
        costs = (one.cpu.get(part, 0.0) for part in ("hub", "postgres"))
        rows = "" if one.act else f"{one.rows:.0f}"
        table.add_row(one.name, str(one.crowd), rows, *(f"{ms:.1f}" for ms in costs))
    return table


def _whole(found: Casework) -> Table:
    table = new_table("整个列表 Whole lists", "what", "rows", "s")
    for one in found.walked:
        table.add_row(one.name, f"{one.rows:,}", f"{one.seconds:.1f}")
    return table
