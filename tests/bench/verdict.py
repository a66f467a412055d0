"""Decider (pure): do the figures reach their targets?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tests.bench.figures import load_of, overhead_of, ratio_of
from tests.bench.plan import FAR_LABEL, FLAT_LABEL, NEAR_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from tests.bench.job import Slice

#: The hub may add so much to its slowest province, at the median. Issue 2, part 8.
OVERHEAD_S: Final = 0.005
#: And hold so much memory.
MEMORY_BYTES: Final = 200e6
#: A look-up at a million links may cost so much more than at ten thousand.
FLAT: Final = 1.3
#: A million links in five minutes. Issue 2, part 3: "in minutes".
IMPORT_RATE: Final = 1_000_000 / 300
#: The importer's memory must not grow with the file.
IMPORT_BYTES: Final = 200e6


class Verdict(msgspec.Struct, frozen=True):
    """One target and what was reached.

    Attributes:
        name: What is judged.
        reached: What was measured.
        target: What it should be.
        good: Whether it is.
        detail: More about the measurement.
    """

    name: str
    reached: str
    target: str
    good: bool
    detail: str = ""


class Imported(msgspec.Struct, frozen=True):
    """What importing a file of links came to.

    Attributes:
        links: How many.
        seconds: How long, the start of the program included.
        rss: Bytes of memory at the most.
    """

    links: int
    seconds: float
    rss: int


def of_label(slices: Iterable[Slice], label: str, **wanted: Any) -> list[Slice]:
    """Find the slices of a label, and of steps with these attributes."""
    return [
        one
        for one in slices
        if one.step.label == label
        and all(getattr(one.step, name) == value for name, value in wanted.items())
    ]


def medians(slices: Sequence[Slice]) -> list[float]:
    """Tell the median seconds of each slice."""
    return [load_of([one]).p50 for one in slices]


def _alone(one: Slice) -> float:
    return overhead_of([one])


def judge(
    slices: Sequence[Slice], few: str, many: str, imported: Imported
) -> list[Verdict]:
    """Hold the figures against the targets of issue 2.

    Args:
        slices: All that was measured.
        few: Name of the hub with few links.
        many: Name of the one with many.
        imported: What the import came to.
    """
    wrong = [one for one in slices if one.errors]
    requests = sum(len(one.took) for one in slices)
    memory = max(one.rss for one in slices)
    flat = of_label(slices, FLAT_LABEL)
    small = [one for one in flat if one.step.target == few]
    large = [one for one in flat if one.step.target == many]
    ratio = ratio_of(medians(small), medians(large))
    rate = imported.links / imported.seconds
    verdicts = [
        Verdict(
            "错误答复 wrong answers",
            str(sum(one.errors for one in wrong)),
            "0",
            not wrong,
            wrong[0].error if wrong else f"{requests:,} answers read and checked",
        )
    ]
    for label in (NEAR_LABEL, FAR_LABEL):
        for question in ("card", "file"):
            found = of_label(slices, label, question=question, paired=True)
            added = overhead_of(found)
            verdicts.append(
                Verdict(
                    f"枢纽附加时间 overhead: {question}, {label}",
                    f"{added * 1e3:.2f} ms",
                    f"< {OVERHEAD_S * 1e3:.0f} ms",
                    added < OVERHEAD_S,
                    f"median of {sum(len(one.took) for one in found):,} pairs; in the"
                    f" quietest slice {min(map(_alone, found)) * 1e3:.2f} ms",
                )
            )
    return [
        *verdicts,
        Verdict(
            f"{many} : {few} links, cost of a look-up",
            f"× {ratio.value:.2f}",
            f"≤ {FLAT}",
            ratio.value <= FLAT,
            f"95 %: {ratio.low:.2f} – {ratio.high:.2f}, {len(small)} pairs of slices",
        ),
        Verdict(
            "内存 memory of the hub",
            f"{memory / 1e6:.0f} MB",
            f"< {MEMORY_BYTES / 1e6:.0f} MB",
            memory < MEMORY_BYTES,
        ),
        Verdict(
            "导入 import of links",
            f"{rate:,.0f} / s",
            f"≥ {IMPORT_RATE:,.0f} / s",
            rate >= IMPORT_RATE,
            f"1,000,000 in {1e6 / rate / 60:.1f} min",
        ),
        Verdict(
            "导入内存 memory of the import",
            f"{imported.rss / 1e6:.0f} MB",
            f"< {IMPORT_BYTES / 1e6:.0f} MB",
            imported.rss < IMPORT_BYTES,
        ),
    ]
