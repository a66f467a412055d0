"""Decider (pure): which slices of load are put on which hub, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tests.bench.job import Step
from tests.bench.people import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Seconds that provinces take in the wide area: the slowest decides.
FAR: Final = dict(zip(PROVINCES, (0.005, 0.010, 0.015, 0.020), strict=True))

#: Labels of the slices.
NEAR_LABEL: Final = "near"
FAR_LABEL: Final = "far"
FLAT_LABEL: Final = "flat"
COMPARE_LABEL: Final = "compare"


class Measure(NamedTuple):
    """How much is measured.

    Attributes:
        few: Links of the small hub.
        many: Links of the large one.
        levels: How many requests are under way at once, besides one at a time.
        slice: Seconds of one question at one level.
        pairs: Slices of each hub for the flatness.
        pair: Seconds of one of them.
        rounds: Rounds of each part.
        imported: Links of the file that is imported.
        cuts: Into so many slices the time at one request at a time is cut.
        warm: Seconds of each slice that comes before all and does not count.
    """

    few: int
    many: int
    levels: tuple[int, ...]
    slice: float
    pairs: int
    pair: float
    rounds: int
    imported: int
    cuts: int = 10
    warm: float = 0.5


FULL: Final = Measure(10_000, 1_000_000, (16, 64), 5.0, 24, 0.5, 9, 50_000)
#: Shows that the benchmark itself works; the numbers mean nothing.
QUICK: Final = Measure(1_000, 4_000, (2, 4), 0.2, 2, 0.1, 1, 200, cuts=2, warm=0.1)


def loads(measure: Measure, hub: str) -> list[Step]:
    """Plan the load on one hub: every question at every level, near and far.

    One request at a time is paired with a direct question to the slowest
    province; so what the hub adds is known, near and far. That is done in short
    slices in turn: on a shared machine some of them meet a quiet moment.
    """
    short = measure.slice / measure.cuts
    steps = [
        Step(hub, question, 1, short, latency, paired=True, label=label)
        for _ in range(measure.cuts)
        for label, latency in ((NEAR_LABEL, {}), (FAR_LABEL, FAR))
        for question in ("card", "file")
    ]
    for question in ("card", "file"):
        steps += [
            Step(hub, question, level, measure.slice, {}, label=NEAR_LABEL)
            for level in measure.levels
        ]
    level = measure.levels[0]
    steps.append(Step(hub, "twenty", level, measure.slice, {}, label=NEAR_LABEL))
    return steps


def alternating(
    hubs: Sequence[str],
    question: str,
    *,
    slices: int,
    seconds: float,
    concurrency: int = 1,
    label: str = FLAT_LABEL,
) -> list[Step]:
    """Plan slices that alternate between hubs, so that both meet the same machine.

    Every second round goes the other way round: neither is always the first.
    """
    steps = []
    for number in range(slices):
        order = hubs if number % 2 == 0 else tuple(reversed(hubs))
        steps += [
            Step(hub, question, concurrency, seconds, label=label) for hub in order
        ]
    return steps
