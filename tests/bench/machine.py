"""Adapter: on what it was measured, and whether the machine was free for it."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

import msgspec

_LOOPS: Final = 2_000_000
#: Below this share of a processor, times on the wall say more about the neighbours.
_FREE: Final = 0.9


class Machine(msgspec.Struct, frozen=True):
    """The machine, and how free it was.

    Attributes:
        processors: How many.
        kind: What they call themselves.
        python: Version of Python.
        system: Its name.
        share: What part of a processor a program got that only computes, before
            and after the measurement.
    """

    processors: int
    kind: str
    python: str
    system: str
    share: tuple[float, ...]

    @property
    def busy(self) -> bool:
        """Whether other programs took so much that times on the wall tell little."""
        return min(self.share) < _FREE

    @property
    def line(self) -> str:
        """All of it in one line."""
        shares = ", ".join(f"{share:.0%}" for share in self.share)
        return (
            f"{self.processors} × {self.kind} · Python {self.python} · {self.system}"
            f" · processor share before and after: {shares}"
        )

    @property
    def warning(self) -> str:
        """What to say when the machine was busy."""
        return (
            "机器正忙:其他程序占用了处理器,时间数值偏大,请以 CPU 时间和比值为准。\n"
            "The machine is busy with other programs: times are too long. Go by CPU"
            " time and ratios, or measure again when it is quiet."
        )


def share() -> float:
    """Compute for a moment: what part of a processor was to be had?"""
    wall, own = perf_counter(), process_time()
    total = 0
    for number in range(_LOOPS):
        total += number
    return min(1.0, (process_time() - own) / (perf_counter() - wall))


def look(*shares: float) -> Machine:
    """Describe this machine."""
    return Machine(
        os.cpu_count() or 1,
        _kind(),
        platform.python_version(),
        platform.system(),
        shares,
    )


def _kind() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()
