"""Strategies: random workers and selections, for every kind there is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from schema.records.kinds import KINDS, RecordKind
from schema.records.selection import Selection
from schema.records.worker import WorkerRecord

_DATES = st.dates(date(1940, 1, 1), date(2040, 1, 1))
#: None lies ahead: what is dated so is not believed, and has tests of its own.
_MOMENTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001
    datetime(2026, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)


def _text(told):
    if told.pattern:
        return st.from_regex(re.compile(told.pattern, re.ASCII), fullmatch=True)
    letters = st.characters(exclude_categories=["Cs"])
    return st.text(letters, max_size=min(told.max_length or 20, 20))


_MAKERS = {
    inspect.StrType: _text,
    inspect.IntType: lambda _: st.integers(0, 2**31 - 1),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.DateType: lambda _: _DATES,
    inspect.DateTimeType: lambda _: _MOMENTS,
    inspect.EnumType: lambda told: st.sampled_from(list(told.cls)),
    inspect.VarTupleType: lambda told: _rows(told.item_type),
    inspect.StructType: lambda told: of_struct(told.cls),
    inspect.UnionType: lambda told: of_type(_value_type(told)),
}


def of_type(told):
    """Values of a type, by what msgspec knows of it."""
    return _MAKERS[type(told)](told)


def _value_type(union):
    """The one member of a union that is a value: not null, not unset."""
    absent = inspect.NoneType | inspect.CustomType
    (value,) = (told for told in union.types if not isinstance(told, absent))
    return value


def _rows(item):
    has_id = "id" in item.cls.__struct_fields__
    unique = (lambda row: row.id) if has_id else None
    return st.lists(of_type(item), max_size=3, unique_by=unique).map(tuple)


def of_struct(cls):
    """Records of a class: each value that may be absent sometimes is."""
    needed, may_lack = {}, {}
    for field in inspect.type_info(cls).fields:
        values = of_type(field.type)
        if field.required:
            needed[field.name] = values
        elif isinstance(field.type, inspect.UnionType) and not any(
            isinstance(t, inspect.VarTupleType) for t in field.type.types
        ):
            may_lack[field.name] = st.none() | values
        else:
            may_lack[field.name] = values
    return st.fixed_dictionaries(needed, optional=may_lack).map(lambda v: cls(**v))


KEYS = [f"w{number}" for number in range(4)]


@st.composite
def populations(draw):
    """Up to three workers, by their local keys."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=3))
    made = of_struct(WorkerRecord)
    return {key: msgspec.structs.replace(draw(made), local_id=key) for key in keys}


@st.composite
def selections(draw):
    """Any fields of any kinds."""
    kinds = draw(st.sets(st.sampled_from(list(RecordKind))))
    return Selection.of(
        {
            kind: draw(st.sets(st.sampled_from(sorted(KINDS[kind].fields))))
            for kind in kinds
        }
    )
