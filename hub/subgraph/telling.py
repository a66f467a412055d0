"""Decider (pure): what a connector told becomes what ``_entities`` answers.

Null is never ambiguous: a stranger is null, and what could not be told is null with an
error in its place. No fault is lost: one that shows nowhere is added to the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from connectors.graphql.names import ROWS
from hub.subgraph import sentences
from hub.subgraph.problems import BAD_USER_INPUT, Told, of_fault, told
from hub.subgraph.representations import LONGEST_KEY
from schema.records.kinds import KINDS, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.port import Ask
    from hub.subgraph.representations import Places
    from schema.records.selection import Selection
    from schema.records.told import Fault, FaultCode
    from schema.records.worker import WorkerRecord

    #: What stands in one place of ``_entities``.
    Entity = dict[str, Any] | Told | None


class Entities(msgspec.Struct, frozen=True):
    """What one ``_entities`` answers.

    Attributes:
        values: In the order of the question. Fields that could not be told are not in
            them: a resolver says so in their places.
        besides: Faults that show in none of the places.
    """

    values: list[Entity]
    besides: list[Told]


def entities(
    alias: str,
    places: Places,
    ask: Ask,
    workers: Sequence[WorkerRecord | None],
    faults: Sequence[Fault],
) -> Entities:
    """Put what was told into the places of the question.

    Args:
        alias: The answer's name of the field, for the paths of errors.
        places: Who was asked for.
        ask: The same without repetition, and what of each.
        workers: In the order of the keys of ``ask``.
        faults: What is missing, by kinds.
    """
    missing = {kind: one.code for one in faults for kind in one.kinds}
    known = dict(zip(ask.keys, workers, strict=True))
    untold = _untold(ask.selection, missing)
    values = [_entity(key, known, untold) for key in places.keys]
    if not missing or not ask.keys:
        return Entities(values, [])
    shown = {kind for one in known.values() for kind in _gaps(one, ask.selection)}
    if untold and None in known.values():
        shown |= ask.selection.kinds
    besides = [
        of_fault(code, sentences.UNTOLD, _path(alias, values, kind))
        for kind, code in sorted(missing.items())
        if kind in ask.selection.kinds and kind not in shown
    ]
    return Entities(values, besides)


def _untold(
    selection: Selection, missing: dict[RecordKind, FaultCode]
) -> FaultCode | None:
    """Tell why a worker who is not there may be there all the same."""
    if RecordKind.WORKER in missing:
        return missing[RecordKind.WORKER]
    kinds = selection.kinds
    return min(missing.values()) if missing and kinds <= missing.keys() else None


def _entity(
    key: str | None, known: dict[str, WorkerRecord | None], untold: FaultCode | None
) -> Entity:
    if key is None:
        return told(BAD_USER_INPUT, sentences.REPRESENTATION, most=LONGEST_KEY)
    worker = known[key]
    if worker is not None:
        row: dict[str, Any] = msgspec.to_builtins(worker)
        return {name: value for name, value in row.items() if not _failed(name, value)}
    return None if untold is None else of_fault(untold, sentences.UNTOLD)


def _failed(name: str, value: object) -> bool:
    """Tell whether it is a kind whose rows could not be told."""
    return value is None and name in _ROWS


_ROWS = frozenset(ROWS.values())


def _gaps(worker: WorkerRecord | None, selection: Selection) -> Iterator[RecordKind]:
    """Name the kinds of which something that was asked for is not there."""
    if worker is None:
        return
    for kind, names in selection.parts:
        rows_name = KINDS[kind].rows
        rows = getattr(worker, rows_name) if rows_name else (worker,)
        if rows is None or any(
            getattr(row, name) is UNSET for row in rows for name in names
        ):
            yield kind


def _path(alias: str, values: list[Entity], kind: RecordKind) -> list[str | int]:
    """Find a place that names the kind: rows of the first worker who is there."""
    for at, value in enumerate(values):
        if isinstance(value, dict):
            return [alias, at, ROWS.get(kind, "localId")]
    return [alias]
