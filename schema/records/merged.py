"""Value: one honest file, joined from what provinces told."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from schema.records.keys import ProvinceCode, WorkerId
from schema.records.kinds import RecordKind
from schema.records.told import Fault, NotOffered, Source
from schema.records.worker import WorkerRecord

R = TypeVar("R")


class Version(msgspec.Struct, frozen=True):
    """One of several values of a field, and who holds it."""

    value: object
    source: Source


class Conflict(msgspec.Struct, frozen=True):
    """Where provinces disagree.

    Attributes:
        kind: Of which kind of record.
        row: Id of the merged row; empty for the worker's own fields.
        field: Which field (Python name).
        rule: Id of the survivorship rule that chose.
        versions: All values, the chosen one first.
    """

    kind: RecordKind
    row: str
    field: str
    rule: str
    versions: tuple[Version, ...]


class MergedRow(msgspec.Struct, Generic[R], frozen=True):
    """One row of the joined file.

    Attributes:
        id: ``province:id`` of the leading source; unique within the file.
        record: The joined record.
        source: The leading source.
        sources: Every province that told the row, the leading one first.
    """

    id: str
    record: R
    source: Source
    sources: tuple[Source, ...]


class Withheld(msgspec.Struct, frozen=True):
    """A field that the caller may not see, named rather than left null in silence.

    Attributes:
        kind: Of which kind of record.
        field: Which field (Python name); empty for all rows of the kind.
        rule: Id of the policy that withheld it, or ``default-deny``.
    """

    kind: RecordKind
    field: str
    rule: str


class Completeness(msgspec.Struct, frozen=True):
    """How whole a file is.

    Attributes:
        complete: Every province that keeps something asked for has told it.
        asked: The provinces that were asked.
        answered: The provinces that answered in full.
        faults: The provinces that could not, and why.
        not_offered: What a province does not serve: a kind that it keeps (the
            field is empty), or a field of a kind.
        unknown_to: Provinces that answered that they have no such worker,
            although a link says so: the link is stale.
    """

    complete: bool
    asked: tuple[ProvinceCode, ...]
    answered: tuple[ProvinceCode, ...]
    faults: tuple[Fault, ...]
    not_offered: tuple[NotOffered, ...]
    unknown_to: tuple[ProvinceCode, ...] = ()


class Merged(msgspec.Struct, frozen=True):
    """One honest file: a worker joined from every province that answered.

    Attributes:
        worker: The hub's name of the person.
        record: The worker's own fields; all ``UNSET`` where nobody told.
        sources: Every province that told the worker's own fields.
        rows: The joined rows by kind.
        conflicts: Where provinces disagree.
        withheld: What the caller may not see.
        completeness: How whole the file is.
    """

    worker: WorkerId
    record: WorkerRecord | None
    sources: tuple[Source, ...]
    rows: dict[RecordKind, tuple[MergedRow[Any], ...]]
    conflicts: tuple[Conflict, ...]
    withheld: tuple[Withheld, ...]
    completeness: Completeness
