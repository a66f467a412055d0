"""Decider (pure): what the numbers say."""

from __future__ import annotations

import random
import re
from statistics import median
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.job import Slice

_SAMPLE: Final = re.compile(r"^(\w+?)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
_ROUNDS: Final = 2_000


def quantile(values: Sequence[float], part: float) -> float:
    """Give the value below which a part of the values lies.

    Args:
        values: In any order; at least one.
        part: Between 0 and 1.
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


class Load(msgspec.Struct, frozen=True):
    """What one kind of load came to, over all its slices.

    Attributes:
        requests: How many.
        errors: How many of them had a wrong answer.
        rate: Workers looked up, a second.
        p50: Seconds; likewise the next two.
        cpu: Seconds of the hub's processor time for one look-up.
        rss: Bytes, at the most.
        size: Bytes of one answer.
    """

    requests: int
    errors: int
    rate: float
    p50: float
    p90: float
    p99: float
    cpu: float
    rss: int
    size: int


def load_of(slices: Sequence[Slice], workers: int = 1) -> Load:
    """Sum slices up.

    Args:
        slices: Of the same load; at least one, with at least one request.
        workers: How many workers one request looks up.
    """
    took = [each for one in slices for each in one.took]
    looked_up = len(took) * workers
    return Load(
        requests=len(took),
        errors=sum(one.errors for one in slices),
        rate=looked_up / sum(one.elapsed for one in slices),
        p50=quantile(took, 0.5),
        p90=quantile(took, 0.9),
        p99=quantile(took, 0.99),
        cpu=sum(one.cpu for one in slices) / looked_up,
        rss=max(one.rss for one in slices),
        size=slices[-1].bytes,
    )


def overhead_of(slices: Sequence[Slice]) -> float:
    """Tell the median of what the hub adds to its slowest province, in seconds."""
    return median(
        total - direct
        for one in slices
        for total, direct in zip(one.took, one.direct, strict=True)
    )


class Ratio(msgspec.Struct, frozen=True):
    """How one side compares with another.

    Attributes:
        value: Second by first.
        low: The ratio lies between this and …
        high: … this with 95 % confidence.
    """

    value: float
    low: float
    high: float


def ratio_of(first: Sequence[float], second: Sequence[float], seed: int = 1) -> Ratio:
    """Compare two sides that were measured in alternation.

    Each slice of the first is paired with the slice of the second that came
    next to it, so that what the machine did meanwhile falls on both. The interval
    is found by drawing pairs again and again (bootstrap).

    Args:
        first: One value for each slice of the first side.
        second: Likewise of the second; as many.
        seed: Of the drawing.
    """
    ratios = [b / a for a, b in zip(first, second, strict=True)]
    draw = random.Random(seed)  # noqa: S311  # statistics, no secret
    drawn = sorted(median(draw.choices(ratios, k=len(ratios))) for _ in range(_ROUNDS))
    edge = int(0.025 * _ROUNDS)
    return Ratio(median(ratios), drawn[edge], drawn[-1 - edge])


def sums(text: str, name: str, label: str) -> dict[str, tuple[float, float]]:
    """Read a histogram: sum of seconds and count, by the value of a label.

    Args:
        text: In Prometheus' text format.
        name: Of the histogram.
        label: The label that tells its series apart.
    """
    found: dict[str, list[float]] = {}
    for metric, labels, value in _SAMPLE.findall(text):
        for place, suffix in enumerate(("_sum", "_count")):
            if metric == name + suffix:
                key = re.search(rf'{label}="([^"]*)"', labels)
                if key:
                    found.setdefault(key[1], [0.0, 0.0])[place] = float(value)
    return {key: (total, count) for key, (total, count) in found.items()}


def stages_of(slices: Sequence[Slice]) -> Mapping[str, float]:
    """Tell the mean seconds of each stage of a look-up, as the hub told them.

    ``request`` is the whole of it, from the first byte to the last.
    """
    totals: dict[str, float] = {}
    requests = 0
    for one in slices:
        for name, label in (
            ("hub_stage_seconds", "stage"),
            ("hub_request_seconds", "route"),
        ):
            before = sums(one.before, name, label)
            for key, (total, _) in sums(one.after, name, label).items():
                shown = "request" if key == "/graphql" else key
                if not shown.startswith("/"):
                    grown = total - before.get(key, (0.0, 0.0))[0]
                    totals[shown] = totals.get(shown, 0.0) + grown
        requests += len(one.took)
    return {name: total / requests for name, total in totals.items()}
