"""Itinerary: what each kind of province costs: the hub's time, and a look-up of a million."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from deploy.demo.postgres import EmbeddedPostgres
from tests.bench import machine
from tests.bench.calls import calls, judge_calls
from tests.bench.machine import Machine
from tests.bench.report import new_table, verdict_table
from tests.bench.tables import Looked, in_database, in_files
from tests.bench.timing import Part, Timing
from tests.bench.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from tests.bench.showing import Showing

#: A look-up of one worker in a million, in milliseconds. Issue 6.
LOOK_UP_MS: Final = 20.0


class Plan(NamedTuple):
    """How much is measured.

    Attributes:
        rounds: Of the calls.
        rows: Of each kind, in databases and files.
        asked: How many workers are looked up.
    """

    rounds: int
    rows: int
    asked: int


FULL: Final = Plan(9, 1_000_000, 2_000)
#: Shows that the measurement itself works; the figures mean nothing.
QUICK: Final = Plan(1, 2_000, 20)


class Found(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        machine: Where.
        calls: The hub's own time of a call, by kind.
        looked: Look-ups in a province's own rows.
    """

    machine: Machine
    calls: list[Part]
    looked: list[Looked]


def measure_kinds(plan: Plan, directory: Path, showing: Showing) -> Found:
    """Measure each kind of province.

    Args:
        plan: How much.
        directory: Where rows are put; they are deleted afterwards.
        showing: Shows how far it is.
    """
    before = machine.share()
    with showing.step("每次省级查询 calls"):
        timed = asyncio.run(calls(Timing(plan.rounds)))
    place = directory / "kinds"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    place.chmod(0o711)  # as root the database is another user, who must pass
    looked = []
    try:
        with showing.step(f"数据库 databases: {plan.rows:,} rows"):
            file = place / "own.sqlite"
            file.touch()
            with EmbeddedPostgres(place / "server", durable=False) as server:
                url = server.ensure_database("own")
                looked.append(in_database(url, plan.rows, plan.asked))
            looked.append(in_database(f"sqlite:///{file}", plan.rows, plan.asked))
        with showing.step(f"文件 files: {plan.rows:,} rows"):
            looked.append(in_files(place, plan.rows, plan.asked))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return Found(machine.look(before, machine.share()), timed, looked)


def judge(found: Found) -> list[Verdict]:
    """Hold the figures against the targets of issue 6."""
    return [
        *judge_calls(found.calls),
        *(
            Verdict(
                f"查一人 one of {one.rows:,}: {one.kind}",
                f"p99 {one.p99:.2f} ms",
                f"< {LOOK_UP_MS:g} ms",
                one.p99 < LOOK_UP_MS,
                f"taken in {one.taken:,.0f} s" if one.taken else "",
            )
            for one in found.looked
        ),
    ]


def show(found: Found, verdicts: Sequence[Verdict], console: Console) -> None:
    """Print the tables."""
    console.print(f"\n{found.machine.line}")
    if found.machine.busy:
        console.print(f"[yellow]{found.machine.warning}[/]")
    table = new_table("省级查询 A call, 10 rows: CPU of the hub", "part", "µs")
    for part in found.calls:
        table.add_row(part.name, f"{part.micros:,.0f}")
    console.print(table)
    table = new_table(
        "查一人 One worker of many: ms",
        "what",
        "rows",
        "p50",
        "p99",
        "most",
        "taken, s",
    )
    for one in found.looked:
        figures = (f"{each:.2f}" for each in (one.p50, one.p99, one.most))
        table.add_row(one.kind, f"{one.rows:,}", *figures, f"{one.taken:,.1f}")
    console.print(table)
    console.print(verdict_table(verdicts))
