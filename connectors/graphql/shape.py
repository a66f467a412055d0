"""Decider (pure): was told exactly what was asked for?

A field that was asked for and is missing would look like one that nobody asked
for; one that was told unasked was neither judged by the policy nor written to
the audit trail. Neither may pass.
"""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from schema.records.kinds import KINDS, ROW_KINDS, RecordKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from schema.records.selection import Selection
    from schema.records.worker import WorkerRecord

    Values = Callable[[object], tuple[object, ...]]

#: More rows of one kind than any worker has in one province.
ROWS_CAP = 1_000


def _values(names: Iterable[str]) -> Values:
    """Make a function that reads these fields at once, in C."""
    fields = sorted(names)
    if not fields:
        return lambda _record: ()
    if len(fields) == 1:
        one = attrgetter(fields[0])
        return lambda record: (one(record),)
    return attrgetter(*fields)


class Fields(msgspec.Struct, frozen=True):
    """The fields of one record: which must be told, and which must not."""

    wanted: Values
    unwanted: Values
    silence: tuple[object, ...]

    @classmethod
    def of(cls, wanted: frozenset[str], every: frozenset[str]) -> Fields:
        """Make the check for a record with the fields ``every``."""
        rest = every - wanted
        return cls(_values(wanted), _values(rest), (UNSET,) * len(rest))

    def match(self, record: object) -> bool:
        """Tell whether a record has exactly the wanted fields."""
        return (
            UNSET not in self.wanted(record) and self.unwanted(record) == self.silence
        )


class Shape(msgspec.Struct, frozen=True):
    """What an answer to one selection looks like.

    Attributes:
        worker: The worker's own fields, and the fields that hold rows.
        rows: Kind, where its rows stand, and the fields of one row.
    """

    worker: Fields
    rows: tuple[tuple[RecordKind, str, Fields], ...]

    def flaw(self, worker: WorkerRecord) -> str:
        """Name what is wrong with a worker as it was told; empty if nothing is.

        The name is for the log: it tells fields, never values.
        """
        if not self.worker.match(worker):
            return "worker: not the fields that were asked for"
        for kind, rows_name, fields in self.rows:
            rows = getattr(worker, rows_name)
            if rows and (flaw := _flaw_of_rows(rows, fields)):
                return f"{kind}: {flaw}"
        return ""

    def untold(self, worker: WorkerRecord) -> list[RecordKind]:
        """Name the kinds that the province could not tell."""
        return [kind for kind, rows, _ in self.rows if getattr(worker, rows) is None]


def _flaw_of_rows(rows: tuple[msgspec.Struct, ...], fields: Fields) -> str:
    if len(rows) > ROWS_CAP:
        return f"more than {ROWS_CAP} rows"
    if len({row.id for row in rows}) != len(rows):  # type: ignore[attr-defined]
        return "one id twice"
    if not all(map(fields.match, rows)):
        return "not the fields that were asked for"
    return ""


@lru_cache(maxsize=512)
def shape(selection: Selection) -> Shape:
    """Tell what an answer to a selection looks like."""
    kinds = selection.kinds
    rows = tuple(
        (
            line.kind,
            line.rows,
            Fields.of(selection.fields(line.kind), line.fields),
        )
        for line in ROW_KINDS
        if line.kind in kinds
    )
    every = KINDS[RecordKind.WORKER].fields | {line.rows for line in ROW_KINDS}
    wanted = selection.fields(RecordKind.WORKER) | {name for _, name, _ in rows}
    return Shape(Fields.of(wanted, every), rows)
