"""Adapter: what the processes of a federation have computed so far."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_TICK: Final = os.sysconf("SC_CLK_TCK")
#: Places in ``/proc/PID/stat`` behind the name: parent, and own and waited-for time.
_PARENT: Final = 1
_OWN: Final = slice(11, 13)
_WAITED: Final = slice(13, 15)


def spent(processes: Mapping[str, int], trees: Mapping[str, int]) -> dict[str, float]:
    """Tell the seconds of processor time of each.

    Args:
        processes: Ids of processes, by name; several whose names begin alike up to a
            hyphen are one.
        trees: Ids of processes that count with their children.
    """
    found: dict[str, float] = {}
    for name, process in processes.items():
        group = name.partition("-")[0]
        found[group] = found.get(group, 0.0) + _seconds(_stat(process)[_OWN])
    for name, process in trees.items():
        every = [_stat(process), *_children(process)]
        ended = _seconds(every[0][_WAITED])
        found[name] = ended + sum(_seconds(one[_OWN]) for one in every)
    return found


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _children(parent: int) -> list[list[str]]:
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                stat = _stat(int(one.name))
            except OSError:
                continue  # it has ended
            if stat[_PARENT] == str(parent):
                found.append(stat)
    return found


def _seconds(ticks: list[str]) -> float:
    return sum(map(int, ticks)) / _TICK
