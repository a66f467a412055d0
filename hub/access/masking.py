"""Decider: what of a joined file this caller may see, for this purpose.

Provinces are asked only for what is permitted, so most of what is withheld
never arrives. This is the second lock: it goes by the judgement alone, and
takes out whatever is of a class that is not permitted, asked for or not.
"""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from schema.records.keys import WorkerId
from schema.records.kinds import KINDS, ROW_KINDS, FieldClass, RecordKind
from schema.records.merged import Completeness, Merged, Withheld
from schema.records.record import UNSET
from schema.records.verdict import Deny

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema.records.merged import MergedRow
    from schema.records.record import UnsetType
    from schema.records.selection import Selection
    from schema.records.told import Fault
    from schema.records.verdict import Permit
    from schema.records.worker import WorkerRecord

    Judgement = Mapping[FieldClass, Permit | Deny]

#: Stands for what was not judged at all: withheld like what was denied.
_NOT_JUDGED: Final = Deny("default-deny")

_NO_ROWS: Final = {line.rows: UNSET for line in ROW_KINDS}


def permitted_of(judgement: Judgement) -> frozenset[FieldClass]:
    """Tell which classes may be shown.

    None at all where existence itself is withheld: whatever was shown of a
    file would tell that there is one.
    """
    return frozenset(
        field_class
        for field_class in judgement
        if _denial(judgement, field_class) is None
    )


def withheld_of(asked: Selection, judgement: Judgement) -> tuple[Withheld, ...]:
    """List what was asked for and is withheld, each with the rule.

    Args:
        asked: What the query selects, whole.
        judgement: Of every class; one that is missing counts as denied.

    Returns:
        In the order of the kinds and of the fields' names. Where existence is
        withheld, the first entry is kind ``WORKER`` with an empty field, and
        all the rest follows. An empty field of another kind stands for all of
        its rows.
    """
    withheld: list[Withheld] = []
    if (denial := _denial(judgement, FieldClass.EXISTENCE)) is not None:
        withheld.append(Withheld(RecordKind.WORKER, "", denial.rule))
    for kind, names in asked.parts:
        line = KINDS[kind]
        if line.rows and (denial := _denial(judgement, line.field_class)) is not None:
            withheld.append(Withheld(kind, "", denial.rule))
            continue
        for name in sorted(names):
            denial = _denial(judgement, line.class_of(name))
            if denial is not None:
                withheld.append(Withheld(kind, name, denial.rule))
    return tuple(withheld)


def mask(merged: Merged, asked: Selection, judgement: Judgement) -> Merged:
    """Take out of a joined file what is withheld.

    Withheld fields become ``UNSET``. Rows of withheld kinds go, and so does
    what tells of them: their conflicts, and that a province keeps such rows
    but did not tell them. Where existence is withheld, nothing stays but the
    list of what is withheld.

    Args:
        merged: What the provinces told.
        asked: What the query selects, whole.
        judgement: Of every class; one that is missing counts as denied.
    """
    withheld = (*merged.withheld, *withheld_of(asked, judgement))
    listed = tuple(dict.fromkeys(withheld))  # masking twice lists nothing twice
    allowed = permitted_of(judgement)
    if FieldClass.EXISTENCE not in allowed:
        nothing = Completeness(
            complete=False, asked=(), answered=(), faults=(), not_offered=()
        )
        return Merged(WorkerId(""), None, (), {}, (), listed, nothing)
    return msgspec.structs.replace(
        merged,
        record=_mask_worker(merged.record, allowed),
        rows={
            kind: _mask_rows(kind, rows, allowed)
            for kind, rows in merged.rows.items()
            if _may_tell(kind, "", allowed)
        },
        conflicts=tuple(
            conflict
            for conflict in merged.conflicts
            if _may_tell(conflict.kind, conflict.field, allowed)
        ),
        withheld=listed,
        completeness=_mask_completeness(merged.completeness, allowed),
    )


def _denial(judgement: Judgement, field_class: FieldClass) -> Deny | None:
    for judged in (field_class, FieldClass.EXISTENCE):
        answer = judgement.get(judged, _NOT_JUDGED)
        if isinstance(answer, Deny):
            return answer
    return None


def _may_tell(kind: RecordKind, field: str, allowed: frozenset[FieldClass]) -> bool:
    """Whether anything may be told of a field; an empty one is the kind itself."""
    line = KINDS[kind]
    if line.rows and line.field_class not in allowed:
        return False
    return not field or line.class_of(field) in allowed


def _mask_worker(
    record: WorkerRecord | None, allowed: frozenset[FieldClass]
) -> WorkerRecord | None:
    if record is None:
        return None
    hidden = _hidden(RecordKind.WORKER, allowed)
    # Rows stand in ``Merged.rows``; were any left here, they would pass unmasked.
    return msgspec.structs.replace(record, **hidden, **_NO_ROWS)


def _mask_rows(
    kind: RecordKind, rows: tuple[MergedRow[Any], ...], allowed: frozenset[FieldClass]
) -> tuple[MergedRow[Any], ...]:
    hidden = _hidden(kind, allowed)
    if not hidden:
        return rows
    return tuple(
        msgspec.structs.replace(
            row, record=msgspec.structs.replace(row.record, **hidden)
        )
        for row in rows
    )


@functools.lru_cache(512)  # few callers differ in what they may see
def _hidden(
    kind: RecordKind, allowed: frozenset[FieldClass]
) -> Mapping[str, UnsetType]:
    line = KINDS[kind]
    return MappingProxyType(
        {name: UNSET for name in line.fields if line.class_of(name) not in allowed}
    )


def _mask_completeness(
    completeness: Completeness, allowed: frozenset[FieldClass]
) -> Completeness:
    faults: list[Fault] = []
    for fault in completeness.faults:
        kinds = tuple(kind for kind in fault.kinds if _may_tell(kind, "", allowed))
        if kinds or not fault.kinds:  # no kinds at all: nothing was told
            faults.append(msgspec.structs.replace(fault, kinds=kinds))
    return msgspec.structs.replace(
        completeness,
        faults=tuple(faults),
        not_offered=tuple(
            lack
            for lack in completeness.not_offered
            if _may_tell(lack.kind, lack.field, allowed)
        ),
    )
