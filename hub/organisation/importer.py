"""Itinerary: a file of organisations is read, checked as a whole, and kept.

All or nothing: a tree with holes would let nobody act for the unions below them.
Importing the same file again changes nothing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from hub.organisation import mistakes
from hub.organisation.checking import check
from hub.organisation.ending import closed
from hub.organisation.lines import organisations
from hub.organisation.ports import Imported
from schema.records.refusal import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hub.organisation.organisation import Organisation
    from hub.organisation.ports import OrganisationStore

_PROGRESS_EVERY = 1000


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong.

    Attributes:
        line: Number of the line; none for what is kept already, and does not fit to
            the file.
        code: The organisation, if it could be read.
        refusal: Why.
    """

    line: int | None
    code: str
    refusal: Refusal


class ImportReport(msgspec.Struct, frozen=True):
    """How an import went.

    Attributes:
        rows: How many lines state an organisation, or try to.
        imported: What it changed; none if there were mistakes.
        mistakes: All that were found, in the order of lines.
        closed: Unions that the file names and that have a last day now.
    """

    rows: int
    imported: Imported | None
    mistakes: tuple[Mistake, ...]
    closed: tuple[str, ...] = ()


async def import_organisations(
    path: Path,
    store: OrganisationStore,
    progress: Callable[[int, int | None, str], None] = lambda *_: None,
) -> ImportReport:
    """Keep the organisations of a file, if they and those that are kept make a tree.

    Args:
        path: A CSV file, with ``COLUMNS`` as its first line.
        store: Where they are kept.
        progress: Told how many lines are read, of how many, with a remark.

    Raises:
        OSError: The file cannot be read.
        Refused: It is no file of organisations, or the store cannot be reached.
    """
    content = await asyncio.to_thread(path.read_bytes)
    stated, unreadable = await asyncio.to_thread(_read, content, progress)
    rows = len(stated) + len(unreadable)
    if not rows:
        raise Refused(mistakes.NO_ROWS)
    if unreadable:
        return ImportReport(rows, None, tuple(unreadable))
    progress(rows, rows, "核对 / checking")
    kept = await store.all()
    wrong = await asyncio.to_thread(_wrong, stated, kept)
    if wrong:
        return ImportReport(rows, None, tuple(wrong))
    progress(rows, rows, "保存 / keeping")
    imported = await store.import_many([row for _, row in stated])
    named = {row.code for _, row in stated}
    gone = closed([*_staying(stated, kept), *(row for _, row in stated)])
    return ImportReport(rows, imported, (), tuple(sorted(gone & named)))


def _read(
    content: bytes, progress: Callable[[int, int | None, str], None]
) -> tuple[list[tuple[int, Organisation]], list[Mistake]]:
    total = content.count(b"\n")
    stated: list[tuple[int, Organisation]] = []
    unreadable: list[Mistake] = []
    for number, read in organisations(content):
        if isinstance(read, Refusal):
            unreadable.append(Mistake(number, "", read))
        else:
            stated.append((number, read))
        if number % _PROGRESS_EVERY == 0:
            progress(number, total, "读取 / reading")
    return stated, unreadable


def _wrong(
    stated: Sequence[tuple[int, Organisation]], kept: Sequence[Organisation]
) -> list[Mistake]:
    """Check what would stand after the import."""
    lines = {(row.code, row.valid_from): number for number, row in stated}
    found = [
        Mistake(lines.get((row.code, row.valid_from)), row.code, refusal)
        for row, refusal in check(
            [*_staying(stated, kept), *(row for _, row in stated)]
        )
    ]
    return sorted(found, key=lambda one: (one.line is None, one.line or 0, one.code))


def _staying(
    stated: Sequence[tuple[int, Organisation]], kept: Sequence[Organisation]
) -> list[Organisation]:
    """List what is kept and is not stated anew."""
    named = {(row.code, row.valid_from) for _, row in stated}
    return [row for row in kept if (row.code, row.valid_from) not in named]
