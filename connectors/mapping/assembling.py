"""Decider (pure): rows of many kinds become the workers that were asked for.

What cannot be read costs as little as possible: a value costs its own field, which is
left out as one that was not told; a row without its own name or date costs its kind of
that worker (``None``), and a worker without them that worker. Each is a ``PARTIAL``
fault of its kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.mapping.mistakes import RowMistake
from schema.records.kinds import KINDS, RecordKind
from schema.records.worker import WorkerRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from connectors.mapping.kind import KindMapping, Row
    from connectors.mapping.mapping import Mapping as ProvinceMapping
    from connectors.port import Ask
    from schema.records.selection import Selection

    #: Rows of each kind, by the local key of their worker.
    Grouped = Mapping[RecordKind, Mapping[str, Sequence[Row]]]


class Assembled(msgspec.Struct, frozen=True):
    """What came of one ask.

    Attributes:
        workers: In the order of its keys; none where the province has no such worker,
            or where its row is none (then all kinds are missing).
        missing: Kinds that could not be told, wholly, for some worker or in some field:
            the kinds of a ``PARTIAL`` fault.
        mistakes: Why, for the log and the office's report; no personal data.
    """

    workers: tuple[WorkerRecord | None, ...]
    missing: frozenset[RecordKind]
    mistakes: tuple[RowMistake, ...]


def grouped(kind: KindMapping, rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Put rows together by the worker they belong to; rows without a key are left out."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        key = kind.local_key(row)
        if isinstance(key, str):
            found.setdefault(key, []).append(row)
    return found


def assemble(
    mapping: ProvinceMapping,
    ask: Ask,
    rows: Grouped,
    as_of: datetime | None = None,
) -> Assembled:
    """Make the workers of one ask.

    Args:
        mapping: How rows are read.
        ask: Whose, and which fields; within what the mapping serves.
        rows: What the province gave. ``WORKER`` must be among them; another kind that
            was asked for and is not among them could not be told this time.
        as_of: How fresh rows are whose mapping has no column for it.
    """
    found = _Assembling(mapping, ask.selection, rows, as_of)
    workers = tuple(map(found.worker, ask.keys))
    return Assembled(workers, frozenset(found.missing), tuple(found.mistakes))


class _Assembling:
    def __init__(
        self,
        mapping: ProvinceMapping,
        selection: Selection,
        rows: Grouped,
        as_of: datetime | None,
    ) -> None:
        self.missing: set[RecordKind] = set()
        self.mistakes: list[RowMistake] = []
        self._workers = mapping.kinds[RecordKind.WORKER]
        self._kinds = [
            (mapping.kinds.get(kind), KINDS[kind].rows, rows.get(kind))
            for kind, _ in selection.parts
            if KINDS[kind].rows
        ]
        self._rows = rows.get(RecordKind.WORKER, {})
        self._selection = selection
        self._as_of = as_of
        self.missing.update(
            kind
            for kind in selection.kinds
            if kind is not RecordKind.WORKER
            and (kind not in mapping.kinds or kind not in rows)
        )

    def worker(self, key: str) -> WorkerRecord | None:
        """Make one worker."""
        own = self._rows.get(key, ())
        if not own:
            return None
        made = self._own(own, key)
        if made is None:
            self.missing |= self._selection.kinds
            return None
        told = {name: self._of(kind, rows, key) for kind, name, rows in self._kinds}
        worker: WorkerRecord = msgspec.structs.replace(made, **told) if told else made
        return worker

    def _own(self, rows: Sequence[Row], key: str) -> WorkerRecord | None:
        """Read the one row of a worker; none if nobody knows whose it is."""
        made: WorkerRecord | None = None
        wrong: tuple[RowMistake, ...]
        if len(rows) > 1:
            wrong = (RowMistake("WORKER", "local_id", self._workers.key, "TWICE"),)
        else:
            made, wrong = self._workers.sound(rows[0], self._selection, self._as_of)
            if made is not None and made.local_id != key:
                made = None
                wrong = (RowMistake("WORKER", "local_id", self._workers.key, "OTHER"),)
        if wrong:
            self.mistakes += wrong
            self.missing.add(RecordKind.WORKER)
        return made

    def _of(
        self,
        kind: KindMapping | None,
        rows: Mapping[str, Sequence[Row]] | None,
        key: str,
    ) -> tuple[object, ...] | None:
        """Read the rows of a kind of one worker; none if one of them is no row."""
        if kind is None or rows is None:
            return None
        made: list[Any] = []
        wrong: list[RowMistake] = []
        for row in rows.get(key, ()):
            one, flaws = kind.sound(row, self._selection, self._as_of)
            made.append(one)
            wrong += flaws
        whole = all(one is not None for one in made)
        if whole and len({one.id for one in made}) < len(made):
            whole = False
            wrong.append(RowMistake(kind.kind, "id", "", "TWICE"))
        if wrong:
            self.mistakes += wrong
            self.missing.add(kind.kind)
        return tuple(made) if whole else None
