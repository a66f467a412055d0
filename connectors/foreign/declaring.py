"""Decider (pure): a mapping is held against the schema that a province tells by itself.

What does not fit is not served, field by field, and told with its line in the mapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from connectors.mapping.mistakes import Mistake
from connectors.mapping.near import near
from schema.records.kinds import RecordKind
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.foreign.fitting import Root
    from connectors.mapping.mapping import Mapping as MappingFile

#: Lists and non-nulls around a type; deeper ones nobody writes.
_WRAPPED = "ofType{name " * 6 + "}" * 6
_TYPE = "type{name " + _WRAPPED + "}"
_TYPES = "types{name fields{name " + _TYPE + "}}"
QUERY = "query HubSchema{__schema{queryType{name} " + _TYPES + "}}"


class _Type(msgspec.Struct):
    name: str | None = None
    ofType: _Type | None = None  # noqa: N815  # the name that GraphQL gave it

    @property
    def named(self) -> str:
        """The type inside all lists."""
        inner: _Type | None = self
        while inner is not None and inner.name is None:
            inner = inner.ofType
        return inner.name or "" if inner else ""


class _Field(msgspec.Struct):
    name: str
    type: _Type


class _Object(msgspec.Struct):
    name: str
    fields: tuple[_Field, ...] | None = None


class _Root(msgspec.Struct):
    name: str


class _Schema(msgspec.Struct, rename="camel"):
    query_type: _Root
    types: tuple[_Object, ...]


class Introspected(msgspec.Struct):
    """What a schema tells of itself."""

    schema: _Schema = msgspec.field(name="__schema")


class Declared(msgspec.Struct, frozen=True):
    """What of a mapping the schema has.

    Attributes:
        fields: What can be told, by kind.
        mistakes: What does not fit.
    """

    fields: Mapping[RecordKind, frozenset[str]]
    mistakes: tuple[Mistake, ...]


def declared(
    told: Introspected, mapping: MappingFile, roots: Mapping[RecordKind, Root]
) -> Declared:
    """Hold a mapping against a schema.

    Args:
        told: What the schema tells of itself.
        mapping: The mapping.
        roots: How each kind is asked for.
    """
    types = {
        one.name: {field.name: field.type.named for field in one.fields or ()}
        for one in told.schema.types
    }
    query = told.schema.query_type.name
    fields: dict[RecordKind, frozenset[str]] = {}
    mistakes: list[Mistake] = []
    for kind, root in roots.items():
        served = _served(types, query, mapping, root, mistakes)
        if served is not None:
            fields[kind] = served
    return Declared(fields, tuple(mistakes))


def _served(
    types: Mapping[str, Mapping[str, str]],
    query: str,
    mapping: MappingFile,
    root: Root,
    mistakes: list[Mistake],
) -> frozenset[str] | None:
    """Tell which fields of a kind there are; none if the kind cannot be told."""
    where = ("kinds", root.mapping.kind.value)
    lacking = _lacking(types, query, root.path)
    if lacking is not None:
        mistakes.append(mapping.mistake((*where, "source"), *lacking))
        return None
    inside = _type_at(types, query, root.path)
    served = set(root.mapping.fields)
    usable = True
    for field, columns in root.mapping.leaves.items():
        for column in columns:
            lacking = _lacking(types, inside, root.way(column))
            if lacking is None:
                continue
            place = (field,) if field not in root.mapping.fields else ("fields", field)
            mistakes.append(mapping.mistake((*where, *place), *lacking))
            usable = usable and field in root.mapping.fields
            served.discard(field)
    return frozenset(served) if usable else None


def _type_at(
    types: Mapping[str, Mapping[str, str]], start: str, path: Sequence[str]
) -> str:
    for step in path:
        start = types[start][step]
    return start


def _lacking(
    types: Mapping[str, Mapping[str, str]], start: str, path: Sequence[str]
) -> tuple[Bilingual, Bilingual] | None:
    """Tell at which step a path leads nowhere, and what is near; none if it leads there."""
    for step in path:
        if step.isdecimal():
            continue
        there = types.get(start, {})
        if step not in there:
            said = Bilingual(
                f"该省的类型 {start} 没有字段“{step}”。",
                f'The province\'s type {start} has no field "{step}".',
            )
            return said, near(step, there)
        start = there[step]
    return None
