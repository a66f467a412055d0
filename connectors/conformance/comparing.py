"""Decider (pure): are two tellings of a worker the same, and where are they not?

It names kinds and fields, never a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from schema.records.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import msgspec

    from schema.records.kinds import RecordKind
    from schema.records.selection import Selection
    from schema.records.worker import WorkerRecord

#: So many names of fields are shown; the rest is counted.
_SHOWN = 6


def not_as_asked(told: WorkerRecord, selection: Selection) -> list[str]:
    """Name the fields that are missing, and those that nobody asked for."""
    found: list[str] = []
    for kind, line in KINDS.items():
        wanted = selection.fields(kind)
        if not line.rows:
            found += _unfit(kind, told, wanted)
            continue
        rows = getattr(told, line.rows)
        if (rows is not UNSET) != (kind in selection.kinds):
            found.append(f"{kind}{' -' if rows is UNSET else ' +'}")
        elif rows:
            found += [name for row in rows for name in _unfit(kind, row, wanted)]
    return list(dict.fromkeys(found))


def _unfit(
    kind: RecordKind, record: msgspec.Struct, wanted: frozenset[str]
) -> Iterator[str]:
    for name in sorted(KINDS[kind].fields):
        there = getattr(record, name) is not UNSET
        if there != (name in wanted):
            yield f"{kind}.{name}{' +' if there else ' -'}"


def differences(
    told: WorkerRecord | None, kept: WorkerRecord | None, selection: Selection
) -> list[str]:
    """Name the fields, of those selected, in which two tellings differ.

    Rows may stand in any order: the contract gives them none.
    """
    if told is None or kept is None:
        return [] if told is kept else ["WORKER"]
    found = []
    if told.local_id != kept.local_id:
        found.append("WORKER.local_id")
    for kind, names in selection.parts:
        if rows := KINDS[kind].rows:
            found += _row_differences(
                kind, names, getattr(told, rows), getattr(kept, rows)
            )
        else:
            found += _named(kind, {*names, "as_of"}, told, kept)
    return list(dict.fromkeys(found))


def _row_differences(
    kind: RecordKind, names: Iterable[str], told: object, kept: object
) -> list[str]:
    ours, theirs = _by_id(told), _by_id(kept)
    if ours is None or theirs is None or ours.keys() != theirs.keys():
        return [] if ours == theirs else [f"{kind}"]
    return [
        name
        for one in ours
        for name in _named(kind, {*names, "as_of"}, ours[one], theirs[one])
    ]


def _by_id(rows: object) -> Mapping[str, msgspec.Struct] | None:
    return {row.id: row for row in rows} if isinstance(rows, tuple) else None


def _named(
    kind: RecordKind, names: Iterable[str], one: msgspec.Struct, other: msgspec.Struct
) -> list[str]:
    return [
        f"{kind}.{name}"
        for name in sorted(names)
        if getattr(one, name) != getattr(other, name)
    ]


def ids_twice(workers: Sequence[WorkerRecord], kind: RecordKind) -> bool:
    """Tell whether an id stands for two rows of a kind."""
    rows = [row.id for one in workers for row in (getattr(one, KINDS[kind].rows) or ())]
    return len(set(rows)) < len(rows)


def moments(workers: Iterable[WorkerRecord]) -> Iterator[tuple[str, datetime]]:
    """Name every ``as_of``, and tell it."""
    for one in workers:
        yield "WORKER", one.as_of
        for kind, line in KINDS.items():
            for row in (getattr(one, line.rows) or ()) if line.rows else ():
                yield kind, row.as_of


def listed(names: Sequence[str]) -> str:
    """Write names down, the first of them if there are many."""
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" … (+{rest})" if rest > 0 else "")
