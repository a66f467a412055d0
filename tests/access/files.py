"""Joined files in which every value names its class, to see what passes."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from schema.records.keys import ProvinceCode, WorkerId
from schema.records.kinds import KINDS, ROW_KINDS, FieldClass, RecordKind
from schema.records.merged import (
    Completeness,
    Conflict,
    Merged,
    MergedRow,
    Version,
    Withheld,
)
from schema.records.selection import Selection
from schema.records.told import Fault, FaultCode, NotOffered, Source
from schema.records.verdict import Deny, Permit

AT = datetime(2026, 3, 1, tzinfo=UTC)
PROVINCES = tuple(ProvinceCode(code) for code in ("44", "51", "63"))
SOURCES = tuple(Source(province, AT, AT) for province in PROVINCES)

provinces = st.sampled_from(PROVINCES)
sources = st.sampled_from(SOURCES)


def mark(kind, field):
    """A value that says to which class it belongs; structs check no types."""
    return f"<{KINDS[kind].class_of(field)}>"


def record_of(line, fields):
    values = {name: mark(line.kind, name) for name in fields}
    if line.kind is RecordKind.WORKER:
        return line.record(local_id="k1", as_of=AT, **values)
    return line.record(id="r1", as_of=AT, **values)


selections = st.fixed_dictionaries(
    {},
    optional={
        line.kind: st.frozensets(st.sampled_from(sorted(line.fields)))
        for line in KINDS.values()
    },
).map(Selection.of)

answers = st.sampled_from([Permit("p.one"), Deny("d.one"), Deny("default-deny")])
#: Not every class need be judged: what is missing is denied.
judgements = st.dictionaries(st.sampled_from(list(FieldClass)), answers)
existence_permitted = judgements.map(
    lambda judgement: {**judgement, FieldClass.EXISTENCE: Permit("p.exists")}
)


def _rows(line):
    row = st.builds(
        lambda fields, source: MergedRow(
            f"{source.province}:r1", record_of(line, fields), source, (source,)
        ),
        st.frozensets(st.sampled_from(sorted(line.fields))),
        sources,
    )
    return st.lists(row, min_size=1, max_size=2).map(tuple)


_fields = st.sampled_from(
    [(line.kind, name) for line in KINDS.values() for name in sorted(line.fields)]
)
_kinds = st.lists(st.sampled_from(list(RecordKind)), unique=True, max_size=3).map(tuple)

conflicts = st.builds(
    lambda field, source: Conflict(
        field[0], "44:r1", field[1], "newest", (Version(mark(*field), source),)
    ),
    _fields,
    sources,
)

completenesses = st.builds(
    Completeness,
    complete=st.booleans(),
    asked=st.just(PROVINCES),
    answered=st.lists(provinces, unique=True).map(tuple),
    faults=st.lists(
        st.builds(Fault, provinces, st.sampled_from(FaultCode), st.booleans(), _kinds),
        max_size=2,
    ).map(tuple),
    not_offered=st.lists(
        st.one_of(
            st.builds(NotOffered, provinces, st.sampled_from(RecordKind)),
            st.builds(lambda p, f: NotOffered(p, *f), provinces, _fields),
        ),
        max_size=3,
    ).map(tuple),
    unknown_to=st.lists(provinces, unique=True, max_size=1).map(tuple),
)

_own = KINDS[RecordKind.WORKER]

files = st.builds(
    Merged,
    worker=st.just(WorkerId("w-1")),
    record=st.one_of(
        st.none(),
        st.frozensets(st.sampled_from(sorted(_own.fields))).map(
            lambda fields: record_of(_own, fields)
        ),
    ),
    sources=st.just(SOURCES),
    rows=st.fixed_dictionaries(
        {}, optional={line.kind: _rows(line) for line in ROW_KINDS}
    ),
    conflicts=st.lists(conflicts, max_size=3).map(tuple),
    withheld=st.sampled_from([(), (Withheld(RecordKind.SKILL, "level", "older"),)]),
    completeness=completenesses,
)
