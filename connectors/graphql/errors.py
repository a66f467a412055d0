"""Decider (pure): what the ``errors`` of a GraphQL answer mean for us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import UNSET

from connectors.faults import ProvinceFault
from connectors.graphql.names import FIELDS, KINDS_BY_ROWS
from schema.records.kinds import KINDS, RecordKind
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.port import Question
    from schema.records.worker import WorkerRecord

R = TypeVar("R", bound=msgspec.Struct)

#: So many errors are looked at; with more of them, everything counts as missing.
_LOOKED_AT = 1_000

_ALIAS = re.compile(r"a(\d{1,4})", re.ASCII)

#: Codes that the servers in use put into ``extensions.code``.
_CODES: Mapping[str, FaultCode] = {
    "GRAPHQL_VALIDATION_FAILED": FaultCode.NOT_SUPPORTED,
    "GRAPHQL_PARSE_FAILED": FaultCode.NOT_SUPPORTED,
    "UNAUTHENTICATED": FaultCode.UNAUTHORISED,
    "FORBIDDEN": FaultCode.UNAUTHORISED,
    "THROTTLED": FaultCode.THROTTLED,
    "RATE_LIMITED": FaultCode.THROTTLED,
    "TOO_MANY_REQUESTS": FaultCode.THROTTLED,
}

#: Validators write their own words; these are the reference implementation's,
#: which graphql-js, graphql-core, graphql-java and Apollo Router share.
_UNKNOWN_THERE = re.compile(
    r"Cannot query field|Unknown (?:type|argument|directive|fragment)"
    r"|FieldUndefined|UnknownType|Fragment cannot be spread"
)


class Extensions(msgspec.Struct):
    """The part of an error's ``extensions`` that we read."""

    code: object = None


class ErrorBody(msgspec.Struct):
    """One error. Its message is never logged: it may quote personal data."""

    message: str = ""
    path: tuple[str | int, ...] | None = None
    extensions: Extensions | None = None


def refusal(errors: Sequence[ErrorBody]) -> ProvinceFault:
    """Tell which fault it is when nothing but errors came."""
    for error in errors[:_LOOKED_AT]:
        code = error.extensions.code if error.extensions else None
        if isinstance(code, str) and code in _CODES:
            return ProvinceFault(_CODES[code], "GraphQL errors, by their code")
        if _UNKNOWN_THERE.search(error.message):
            return ProvinceFault(FaultCode.NOT_SUPPORTED, "a field unknown there")
    return ProvinceFault(FaultCode.PROVINCE_ERROR, f"{len(errors)} GraphQL errors")


class Gaps(msgspec.Struct, frozen=True):
    """Which parts of an answer are missing because of errors beside the data.

    Attributes:
        errors: Whether there were any.
        kinds: What is missing.
        marks: For a worker (place of the ask, place of the key), the paths of
            the fields that are null because of an error.
    """

    errors: bool
    kinds: frozenset[RecordKind]
    marks: Mapping[tuple[int, int], tuple[tuple[str | int, ...], ...]]

    @classmethod
    def of(cls, question: Question, errors: Sequence[ErrorBody]) -> Gaps:
        """Find out from the paths of the errors."""
        kinds: set[RecordKind] = set()
        marks: dict[tuple[int, int], tuple[tuple[str | int, ...], ...]] = {}
        for error in errors[:_LOOKED_AT]:
            match _steps(error.path, len(question.asks)):
                case (int(place), int(index), str(field), *rest):
                    kinds.add(KINDS_BY_ROWS.get(field, RecordKind.WORKER))
                    at = (place, index)
                    marks[at] = (*marks.get(at, ()), (field, *rest))
                case (int(place), *_):
                    kinds |= question.asks[place].selection.kinds
                case _:
                    kinds |= _all(question)
        if len(errors) > _LOOKED_AT:
            kinds |= _all(question)
        return cls(bool(errors), frozenset(kinds), marks)

    def mark(
        self, place: int, workers: tuple[WorkerRecord | None, ...]
    ) -> tuple[WorkerRecord | None, ...]:
        """Turn nulls that stand for an error into ``UNSET``.

        ``None`` is the province's word for "there is no value"; of these fields
        it has not said that.
        """
        if not self.marks:
            return workers
        marked = list(workers)
        for index, worker in enumerate(workers):
            for path in self.marks.get((place, index), ()):
                if worker is not None:
                    worker = _unset(worker, path)  # noqa: PLW2901
            marked[index] = worker
        return tuple(marked)


def _steps(path: tuple[str | int, ...] | None, asks: int) -> tuple[str | int, ...]:
    """Put the place of the ask for its alias; empty if the path is not ours."""
    found = _ALIAS.fullmatch(str(path[0])) if path else None
    if path is None or found is None or int(found[1]) >= asks:
        return ()
    return (int(found[1]), *path[1:])


def _all(question: Question) -> frozenset[RecordKind]:
    return frozenset[RecordKind]().union(
        *(ask.selection.kinds for ask in question.asks)
    )


def _unset(worker: WorkerRecord, path: tuple[str | int, ...]) -> WorkerRecord:
    match path:
        case (str(field),):
            return _unset_field(worker, FIELDS[RecordKind.WORKER].get(field))
        case (str(rows), int(at), str(field), *_) if rows in KINDS_BY_ROWS:
            kind = KINDS_BY_ROWS[rows]
            return _unset_row(worker, KINDS[kind].rows, at, FIELDS[kind].get(field))
        case _:
            return worker


def _unset_row(
    worker: WorkerRecord, rows_name: str, at: int, field: str | None
) -> WorkerRecord:
    rows = getattr(worker, rows_name)
    if not rows or not 0 <= at < len(rows):
        return worker
    row = _unset_field(rows[at], field)
    return msgspec.structs.replace(
        worker, **{rows_name: (*rows[:at], row, *rows[at + 1 :])}
    )


def _unset_field(record: R, field: str | None) -> R:
    if field is None or getattr(record, field) is not None:
        return record
    return msgspec.structs.replace(record, **{field: UNSET})
