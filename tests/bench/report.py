"""Adapter: the figures as tables for people, and as JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from rich.table import Table
from rich.text import Text

from tests.bench.figures import load_of, stages_of
from tests.bench.plan import FAR_LABEL, NEAR_LABEL
from tests.bench.questions import QUESTIONS
from tests.bench.verdict import Verdict, of_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from tests.bench.figures import Load, Ratio
    from tests.bench.job import Slice
    from tests.bench.machine import Machine
    from tests.bench.timing import Part

#: In the order in which a look-up goes through them. ``request`` is the whole.
_STAGES: Final = ("begin", "locate", "gather", "merge", "trail")


class Row(msgspec.Struct, frozen=True):
    """One kind of load.

    Attributes:
        question: Its name.
        provinces: ``near`` or ``far``.
        concurrency: How many requests were under way at once.
        load: What it came to.
        stages: Mean seconds of each stage in the hub.
    """

    question: str
    provinces: str
    concurrency: int
    load: Load
    stages: dict[str, float]


class Report(msgspec.Struct, frozen=True):
    """All that a run found."""

    machine: Machine
    rows: list[Row]
    parts: list[Part]
    verdicts: list[Verdict]


def rows_of(slices: Sequence[Slice]) -> list[Row]:
    """Sum the slices up, kind by kind."""
    return [
        Row(question, label, level, load_of(found, per), dict(stages_of(found)))
        for label, question, level, found in _kinds(slices)
        for per in (QUESTIONS[question].workers,)
    ]


def _kinds(slices: Sequence[Slice]) -> Iterator[tuple[str, str, int, list[Slice]]]:
    kinds = dict.fromkeys(
        (one.step.label, one.step.question, one.step.concurrency)
        for one in slices
        if one.step.label in {NEAR_LABEL, FAR_LABEL}
    )
    for label, question, level in kinds:
        found = of_label(slices, label, question=question, concurrency=level)
        yield label, question, level, found


def show(report: Report, console: Console) -> None:
    """Print all tables."""
    console.print(f"\n{report.machine.line}")
    if report.machine.busy:
        console.print(f"[yellow]{report.machine.warning}[/]")
    console.print(_loads(report.rows))
    console.print(_where(report.rows))
    console.print(_parts(report.parts))
    console.print(verdict_table(report.verdicts))


def _loads(rows: Iterable[Row]) -> Table:
    table = new_table(
        "查询 Look-ups: ms; CPU: of the hub, for one look-up",
        "load", "/s", "p50", "p90", "p99", "CPU", "MB", "kB",
    )  # fmt: skip
    for row in rows:
        load = row.load
        table.add_row(
            _name(row),
            f"{load.rate:,.0f}",
            _ms(load.p50),
            _ms(load.p90),
            _ms(load.p99),
            _ms(load.cpu),
            f"{load.rss / 1e6:.0f}",
            f"{load.size / 1e3:.1f}",
        )
    return table


def _where(rows: Iterable[Row]) -> Table:
    table = new_table(
        "时间去向 Where a request's time goes in the hub: mean ms",
        "load", *_STAGES, "graph, rest", "all",
    )  # fmt: skip
    for row in rows:
        stages = row.stages
        whole = stages.get("request", 0.0)
        rest = whole - sum(stages.get(name, 0.0) for name in _STAGES)
        shown = [*(stages.get(name, 0.0) for name in _STAGES), rest, whole]
        table.add_row(_name(row), *map(_ms, shown))
    return table


def _name(row: Row) -> str:
    return f"{row.question}, {row.provinces}, {row.concurrency:2} at once"


def _parts(parts: Iterable[Part]) -> Table:
    table = new_table("各部分 Parts alone", "part", "µs", "for one", "clock")
    for part in parts:
        clock = "wall" if part.waits else "CPU"
        table.add_row(part.name, f"{part.micros:,.1f}", part.per, clock)
    return table


def verdict_table(verdicts: Iterable[Verdict]) -> Table:
    """Show targets, what was reached, and whether that will do.

    What is said about a measurement stands below it, for it is as long as a line.
    """
    table = new_table("目标 Targets", "what", "reached", "target", "")
    for one in verdicts:
        mark = "[green]✓[/]" if one.good else "[red]✗[/]"
        name = Text(one.name, overflow="fold")
        if one.detail:
            name.append(f"\n{one.detail}", style="dim")
        table.add_row(name, one.reached, one.target, mark)
    return table


def comparison(title: str, ratios: Iterable[tuple[str, str, str, Ratio]]) -> Table:
    """Show how two sides compare.

    Args:
        title: Of the table.
        ratios: For each measure its name, what either side came to, and the ratio.
    """
    table = new_table(title, "what", "first", "second", "second : first", "95 %", "")
    for name, first, second, ratio in ratios:
        if ratio.low > 1:
            said = "[red]more 更多[/]"
        elif ratio.high < 1:
            said = "[green]less 更少[/]"
        else:
            said = "no difference seen 未见差异"
        table.add_row(
            name,
            first,
            second,
            f"× {ratio.value:.3f}",
            f"{ratio.low:.3f} – {ratio.high:.3f}",
            said,
        )
    return table


def new_table(title: str, *columns: str) -> Table:
    """Begin a table: names to the left, figures to the right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    texts = {"load", "part", "for one", "clock", "what", ""}
    for column in columns:
        table.add_column(column, justify="left" if column in texts else "right")
    return table


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f}"


def as_json(report: Any) -> bytes:
    """Write a report for programs."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2)
