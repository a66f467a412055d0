"""Value: why the process that takes batches ended without a word, and what to do."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

from schema.records.refusal import Bilingual, Refusal

_FULL_ERRNO: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL_SQLITE: Final = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE"})
_WORDS: Final[dict[str, tuple[Bilingual, Bilingual]]] = {
    "DISK_FULL": (
        Bilingual("磁盘已满，批次未采用", "The disk is full, and the batch was not taken"),
        Bilingual("请腾出空间后再运行；上一批仍在使用。",
                  "Make room and run it again; the last batch is still asked."),
    ),
    "KILLED": (
        Bilingual("读取进程被系统终止（多因内存不足），批次未采用",
                  "The system ended the process that reads, mostly for want of memory; the"
                  " batch was not taken"),
        Bilingual("请检查内存后再运行；上一批仍在使用。",
                  "See to its memory and run it again; the last batch is still asked."),
    ),
    "TOO_SLOW": (
        Bilingual("读取超时，批次未采用", "Reading took too long; the batch was not taken"),
        Bilingual("请检查磁盘，或调大设置 files.take_within；上一批仍在使用。",
                  "See to the disk, or raise files.take_within; the last batch is still"
                  " asked."),
    ),
}  # fmt: skip


def cause_of(error: BaseException) -> str:
    """Tell what an error comes of that an operator can mend; empty if it is our bug."""
    if isinstance(error, OSError) and error.errno in _FULL_ERRNO:
        return "DISK_FULL"
    if getattr(error, "sqlite_errorname", "") in _FULL_SQLITE:
        return "DISK_FULL" if isinstance(error, sqlite3.Error) else ""
    return ""


def refusal_of(cause: str, batch: str) -> Refusal | None:
    """Tell an operator what happened; none if nothing is known of it.

    Args:
        cause: ``DISK_FULL``, ``KILLED`` or ``TOO_SLOW``.
        batch: Which batch was read last; empty if none was.
    """
    if cause not in _WORDS:
        return None
    (what, mend), name = _WORDS[cause], batch or "-"
    said = Bilingual(f"{what.zh}：{name}。", f"{what.en}: {name}.")
    return Refusal(cause, "files-take", said, mend)
