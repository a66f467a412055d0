"""Value: why the demo cannot go on, said to the person who started it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from pathlib import Path

_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class DemoFailed(Exception):
    """Something that the demo needs is missing, in the way, or stopped.

    Attributes:
        message: What is wrong.
        remedy: What to do about it.
        tail: Last lines of the log of the process that failed; may be empty.
    """

    def __init__(self, message: Bilingual, remedy: Bilingual, tail: str = "") -> None:
        super().__init__(f"{message.en} {remedy.en}")
        self.message = message
        self.remedy = remedy
        self.tail = tail

    def __str__(self) -> str:
        """Say it in both languages, with the log's tail below."""
        said = f"{self.message.zh}{self.remedy.zh}\n{self.message.en} {self.remedy.en}"
        return f"{said}\n{self.tail}" if self.tail else said


def disk_full(place: Path, tail: str = "") -> DemoFailed:
    """Say that the disk has no room left."""
    return DemoFailed(
        Bilingual(
            f"磁盘空间不足，无法写入 {place}。",
            f"The disk is full: {place} cannot be written.",
        ),
        Bilingual(
            "请腾出至少 1 GB 空间，或用 --dir 指定另一块磁盘上的目录，然后重试。",
            "Free at least 1 GB, or choose a directory on another disk with --dir, "
            "and start again.",
        ),
        tail,
    )


def not_writable(place: Path, error: OSError) -> DemoFailed:
    """Say that a place cannot be written, and why, as the system told."""
    if error.errno in _SPACE:
        return disk_full(place)
    return DemoFailed(
        Bilingual(
            f"无法写入 {place}({error.strerror})。",
            f"{place} cannot be written ({error.strerror}).",
        ),
        Bilingual(
            "请检查目录权限，或用 --dir 指定一个可写的目录，然后重试。",
            "Check the directory's permissions, or choose a writable one with --dir, "
            "and start again.",
        ),
    )


def tail_of(log: Path, lines: int = 15) -> str:
    """Read the last lines of a log; empty when there is none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
