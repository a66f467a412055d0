"""Decider: what provinces told of one worker becomes one honest file.

Rows of two provinces are the same row if they hold the same value in the
field that the registry names for it (a case number, a certificate number);
all other rows stand side by side. Within one row, and for the worker's own fields,
a field on which provinces agree is simply told; where they disagree, a rule of
survivorship chooses, and the disagreement is shown with all versions.

The result does not depend on the order in which provinces answered.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from hub.reading.survivorship import Strategy, choose, same, together
from schema.records.kinds import KINDS, RecordKind
from schema.records.merged import Completeness, Conflict, Merged, MergedRow, Version
from schema.records.told import Source, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.reading.survivorship import Survivorship
    from schema.records.keys import WorkerId
    from schema.records.selection import Selection
    from schema.records.told import Gathered
    from schema.records.worker import WorkerRecord

#: By these dates rows are put in order, the latest first.
_DATED = ("since", "first_touch_on", "started_on", "issued_on", "opened_on")

_source = attrgetter("source")


def merge(
    worker: WorkerId, gathered: Gathered, selection: Selection, rules: Survivorship
) -> Merged:
    """Join what was told.

    Args:
        worker: The hub's name of the person.
        gathered: What the provinces told, and which could not.
        selection: What the caller asked for and may see. Conflicts are looked
            for in exactly these fields.
        rules: Which version survives.
    """
    told = _once_each(gathered.told)
    conflicts: list[Conflict] = []
    record: WorkerRecord | None = None
    if told:
        own = selection.fields(RecordKind.WORKER)
        record, found = _join(RecordKind.WORKER, "", told, own, rules)
        conflicts += found
    rows: dict[RecordKind, tuple[MergedRow[Any], ...]] = {}
    for kind, fields in selection.parts:
        if kind is not RecordKind.WORKER:
            rows[kind], found = _rows(kind, told, fields, rules)
            conflicts += found
    return Merged(
        worker=worker,
        record=record,
        sources=tuple(map(_source, told)),
        rows=rows,
        conflicts=tuple(conflicts),
        withheld=(),
        completeness=completeness(gathered),
    )


def completeness(gathered: Gathered) -> Completeness:
    """Tell how whole a file is.

    A file is complete if every province that keeps something of what was asked
    has told it: no fault, and no kind that a province keeps but does not serve.
    A field that a province's version of the contract lacks is listed, but takes
    nothing away: the province does not keep it.
    """
    faulty = {fault.province for fault in gathered.faults}
    return Completeness(
        complete=not gathered.faults and all(n.field for n in gathered.not_offered),
        asked=tuple(sorted(gathered.asked)),
        answered=tuple(sorted(set(gathered.asked) - faulty)),
        faults=tuple(sorted(gathered.faults, key=attrgetter("province", "code"))),
        not_offered=tuple(sorted(gathered.not_offered)),
        unknown_to=tuple(sorted(gathered.unknown_to)),
    )


def _once_each(told: Iterable[Told[WorkerRecord]]) -> list[Told[WorkerRecord]]:
    """One telling per province, in the order of rank: the most recent first."""
    first: dict[str, Told[WorkerRecord]] = {}
    for one in sorted(told, key=_rank):
        first.setdefault(one.source.province, one)
    return list(first.values())


def _rank(one: Told[Any]) -> tuple[float, str]:
    return -one.source.freshness, one.source.province


def _rows(
    kind: RecordKind,
    told: Sequence[Told[WorkerRecord]],
    fields: frozenset[str],
    rules: Survivorship,
) -> tuple[tuple[MergedRow[Any], ...], list[Conflict]]:
    line = KINDS[kind]
    groups: dict[object, list[Told[Any]]] = {}
    for one in told:
        for row in getattr(one.record, line.rows) or ():
            same = (getattr(row, line.same_by) if line.same_by else None) or None
            key = (one.source.province, row.id) if same is None else same
            source = Source(one.source.province, row.as_of, one.source.fetched_at)
            groups.setdefault(key, []).append(Told(row, source))
    merged = []
    conflicts: list[Conflict] = []
    for group in groups.values():
        row, found = _row(kind, group, fields, rules)
        merged.append(row)
        conflicts += found
    merged.sort(key=attrgetter("id"))
    merged.sort(key=_date, reverse=True)
    conflicts.sort(key=attrgetter("row", "field"))
    return tuple(merged), conflicts


def _row(
    kind: RecordKind,
    group: list[Told[Any]],
    fields: frozenset[str],
    rules: Survivorship,
) -> tuple[MergedRow[Any], list[Conflict]]:
    if len(group) == 1:  # most rows are one province's alone
        (one,) = group
        name = f"{one.source.province}:{one.record.id}"
        return MergedRow(name, one.record, one.source, (one.source,)), []
    ranked = sorted(group, key=_rank)
    authority = _authority(kind, ranked, rules)
    leading = next((o for o in ranked if o.source.province == authority), ranked[0])
    ranked.remove(leading)
    ranked.insert(0, leading)
    name = f"{leading.source.province}:{leading.record.id}"
    # A province that lists one row twice contradicts itself where the two differ:
    # both are versions, but it is one source.
    sources = {one.source.province: one.source for one in reversed(ranked)}
    in_order = dict.fromkeys(one.source.province for one in ranked)
    record, conflicts = _join(kind, name, ranked, fields, rules)
    return (
        MergedRow(name, record, leading.source, tuple(sources[p] for p in in_order)),
        conflicts,
    )


def _authority(
    kind: RecordKind, ranked: Sequence[Told[Any]], rules: Survivorship
) -> str | None:
    """Which province the row itself names as the one whose version stands.

    Where provinces name different ones, the most recently known naming counts.
    """
    for field in rules.needed[kind] - {KINDS[kind].same_by}:
        for one in ranked:
            if isinstance(named := getattr(one.record, field), str):
                return named
    return None


def _join(
    kind: RecordKind,
    row: str,
    told: Sequence[Told[Any]],
    fields: frozenset[str],
    rules: Survivorship,
) -> tuple[Any, list[Conflict]]:
    """Join records of the same row, the leading one first."""
    leading = told[0].record
    if len(told) == 1:
        return leading, []
    authority = _authority(kind, told, rules) if row else None
    changed: dict[str, object] = {}
    conflicts = []
    for field in sorted(fields):
        versions = [
            Version(value, one.source)
            for one in told
            if (value := getattr(one.record, field)) is not UNSET
        ]
        if not versions:
            continue
        value = versions[0].value
        if all(version.value == value for version in versions):
            changed[field] = value  # nothing to choose between
            continue
        rule = rules.rule(kind, field)
        if rule.strategy is Strategy.UNION:
            changed[field] = together(versions)
            continue
        ranked = choose(rule, versions, authority)
        chosen = changed[field] = ranked[0].value
        if any(not same(kind, field, chosen, other.value) for other in ranked):
            conflicts.append(Conflict(kind, row, field, rule.id, ranked))
    return msgspec.structs.replace(leading, **changed), conflicts


def _date(row: MergedRow[Any]) -> str:
    for name in _DATED:
        value = getattr(row.record, name, None)
        if value is not None and value is not UNSET:
            return str(value)
    return ""
