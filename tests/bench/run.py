"""Itinerary: the whole benchmark, from nothing to the tables."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import msgspec

from deploy.demo.processes import Children
from tests.bench import machine
from tests.bench.calls import judge_calls
from tests.bench.ground import ROOT, Ground, Side
from tests.bench.importing import measure_import
from tests.bench.plan import alternating, loads
from tests.bench.report import Report, rows_of
from tests.bench.timing import Part
from tests.bench.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bench.job import Slice, Step
    from tests.bench.plan import Measure
    from tests.bench.showing import Showing

_TOKENS = 201


def run(measure: Measure, directory: Path, showing: Showing) -> Report:
    """Measure everything.

    Args:
        measure: How much.
        directory: Where data is kept between runs.
        showing: Shows how far it is.

    Raises:
        deploy.demo.failure.DemoFailed: Something did not start, or stopped.
    """
    free_before = machine.share()
    few, many = (
        Side(f"{links:,}", f"links_{links}", links)
        for links in (measure.few, measure.many)
    )
    with ExitStack() as stack:
        with showing.step("启动 PostgreSQL 与各省桩 start PostgreSQL and the stubs"):
            ground = Ground(directory, stack)
            ground.start_stubs()
        for side in (few, many):
            with showing.counting(f"填充 fill {side.links:,} links") as tell:
                ground.fill(side, tell)
        with showing.step("启动枢纽 start the hubs"):
            for side in (few, many):
                ground.start_hub(side)
        flat = alternating(
            (few.name, many.name), "card", slices=measure.pairs, seconds=measure.pair
        )
        slices = _measure(
            ground, [*loads(measure, many.name), *flat], showing, measure.warm
        )
        ground.stop_hubs()
        with showing.step("各部分 the parts alone"):
            parts = measure_parts(ground, many, measure.rounds)
        with showing.step(f"导入 import {measure.imported:,} links"):
            imported = measure_import(ground, measure.imported)
    return Report(
        machine=machine.look(free_before, machine.share()),
        rows=rows_of(slices),
        parts=parts,
        verdicts=[*judge(slices, few.name, many.name, imported), *judge_calls(parts)],
    )


def _measure(
    ground: Ground, steps: Sequence[Step], showing: Showing, seconds: float
) -> list[Slice]:
    names = list(ground.targets)
    warm = alternating(
        names, "file", slices=2, seconds=seconds, concurrency=4, label="warm"
    )
    every = [*warm, *steps]
    with showing.counting("测量 measure") as tell:
        slices = ground.measure(every, lambda done: tell(done, len(every)))
    return slices[len(warm) :]


def measure_parts(ground: Ground, side: Side, rounds: int) -> list[Part]:
    """Time the parts, in a process of their own.

    Raises:
        deploy.demo.failure.DemoFailed: It failed.
    """
    settings = ground.settings(side)
    tokens = settings.with_name("tokens.json")
    tokens.touch(0o600)
    tokens.write_text(json.dumps([ground.token(age) for age in range(_TOKENS)]))
    with Children(settings.parent) as children:
        child = children.start(
            "parts",
            [
                sys.executable, "-m", "tests.bench.parts", settings, tokens,
                str(side.links // 2), str(rounds),
            ],
            env=ground.environment(side),
            cwd=ROOT,
        )  # fmt: skip
        try:
            child.process.wait(600)
        except subprocess.TimeoutExpired:
            raise child.silent(600) from None
        if child.process.returncode != 0:
            raise child.stopped()
        lines = child.log.read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Part) for line in lines if line[:1] == b"{"]
