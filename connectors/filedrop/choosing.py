"""Decider (pure): which batches of a drop folder may be taken, and whether one was sound."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from connectors.filedrop.torn import Torn
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from connectors.filedrop.manifest import Batch
    from connectors.filedrop.pointer import KindTaken, Pointer
    from connectors.filedrop.settings import FilesSettings

#: A province's clock may be so far ahead of ours.
AHEAD: Final = timedelta(hours=1)


def candidates(
    found: Sequence[Batch],
    current: Pointer | None,
    mapping: str,
    *,
    whole: bool,
) -> list[Batch]:
    """Tell which batches may be taken, the freshest first: it never goes back.

    Args:
        found: All that are there, the freshest first.
        current: The batch that is asked now.
        mapping: Checksum of the mapping; a batch that was read by another is read anew.
        whole: Whether the index of ``current`` is there.
    """
    if current is None:
        return list(found)
    again = not whole or current.mapping != mapping
    return [
        one
        for one in found
        if one.manifest.as_of > current.as_of
        or (again and one.digest == current.digest)
    ]


def is_ahead(batch: Batch, now: datetime) -> bool:
    """Tell whether a batch is of a day to come."""
    return batch.manifest.as_of > now + AHEAD


def refuse_future(batch: Batch, now: datetime) -> None:
    """Refuse a batch of a day to come: nothing after it would be taken.

    Raises:
        Torn: It is one.
    """
    if is_ahead(batch, now):
        raise Torn("FUTURE")


def refuse_unsound(
    taken: Mapping[RecordKind, KindTaken],
    before: Pointer | None,
    settings: FilesSettings,
    sources: Mapping[RecordKind, str],
) -> None:
    """Refuse a batch that reads like an accident, whatever its manifest says.

    Args:
        taken: What was read of each kind.
        before: The batch that is asked now.
        settings: How much may be unreadable, or gone.
        sources: Where the mapping reads each kind: what it reads no more is no loss.

    Raises:
        Torn: Too much of it cannot be read, or most of a kind is gone.
    """
    for kind, one in taken.items():
        if one.unreadable > settings.most_unreadable * one.rows:
            raise Torn("MANY_UNREADABLE", str(kind))
    if settings.least_part and not taken[RecordKind.WORKER].rows:
        raise Torn("NOBODY", sources[RecordKind.WORKER])
    for kind, last in before.kinds.items() if before else ():
        if kind not in sources or not last.rows:
            continue
        now = taken.get(kind)
        if now is None and settings.least_part:
            raise Torn("KIND_LOST", sources[kind], 1)
        if now is not None and now.rows < settings.least_part * last.rows:
            raise Torn("SHRUNK", sources[kind])
