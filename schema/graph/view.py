"""Value: makes the GraphQL type that shows a record.

A view adds nothing: each field of the record becomes a nullable field of the
type, under its camel-case name, with the words of the province contract. So a
new kind of record costs one line here.
"""

from __future__ import annotations

import types
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, NewType, Union, get_args, get_type_hints

import msgspec
import strawberry
from msgspec import UNSET, UnsetType
from strawberry.utils.str_converters import to_camel_case

from schema.graph.partners import PERSONAL
from schema.graph.words import words
from schema.records.merged import Merged, MergedRow
from schema.records.record import Yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: What a merged value says of itself; everything else stands in its record.
_OWN = frozenset({"id", "source", "sources", "conflicts", "withheld", "completeness"})

#: The values whose other fields stand in their record. A tuple: to build a union
#: for every field would cost more than the field.
_JOINED = (MergedRow, Merged)

#: An amount in yuan as text.
YuanText = NewType("YuanText", str)


def plain(parent: Any, name: str) -> object:
    """Resolve a plain field: the one default resolver of the graph.

    A field that its province was not asked for, or does not offer, shows as null;
    ``completeness`` says which of the two it is.
    """
    if isinstance(parent, _JOINED) and name not in _OWN:
        parent = parent.record
    value = getattr(parent, name, None)
    return None if value is UNSET else value


def describe(
    members: type[StrEnum],
    description: str | None,
    values: Mapping[str, str | None],
    name: str | None = None,
) -> type[StrEnum]:
    """Show an enum, with a description for each value.

    Args:
        members: The enum.
        description: What it lists.
        values: What each member means, by name.
        name: Its GraphQL name; the class's own if none.
    """
    shown = strawberry.enum(members, name=name, description=description)
    for value in shown.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values.get(value.name)
    return shown


@cache
def enum(members: type[StrEnum]) -> type[StrEnum]:
    """Show a code list, with the words of the contract for each value."""
    name = members.__name__
    return describe(
        members, words(name), {m.name: words(name, m.name) for m in members}
    )


def fields_of(
    record: type[msgspec.Struct],
    shown_as: str,
    tags: Mapping[str, Sequence[object]] = types.MappingProxyType({}),
) -> dict[str, Any]:
    """Make the fields that show a record: annotation and field by Python name.

    Args:
        record: The record.
        shown_as: Name of the GraphQL type.
        tags: Directives by Python name of the field.
    """
    hints = get_type_hints(record, include_extras=True)
    return {
        name: (
            _shown(hint) | None,
            strawberry.field(
                description=words(shown_as, to_camel_case(name)),
                directives=tags.get(name, ()),
            ),
        )
        for name, hint in hints.items()
        if name not in ("id", "as_of", "local_id")
    }


def _shown(hint: Any) -> Any:
    """Turn a record's annotation into the type that GraphQL shows."""
    if hint == Yuan:
        return YuanText
    arguments = [a for a in get_args(hint) if a not in (UnsetType, type(None))]
    origin = getattr(hint, "__origin__", None)
    if isinstance(hint, types.UnionType) or origin is Union:
        return _shown(arguments[0])
    if origin is tuple:
        return list[_nested(arguments[0])]  # type: ignore[misc]
    if hasattr(hint, "__metadata__"):
        return _shown(origin)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return enum(hint)
    if hint in (str, int, bool, date):
        return hint
    raise TypeError(f"no GraphQL type shows {hint!r}")


@cache
def _nested(record: type[msgspec.Struct]) -> type:
    name = record.__name__.removesuffix("Record")
    return make(name, fields_of(record, name), of=record, directives=PERSONAL)


def make(
    name: str,
    fields: dict[str, Any],
    *,
    of: type,
    decorate: Callable[..., Any] = strawberry.type,
    **options: Any,
) -> type:
    """Make a GraphQL type out of fields.

    Args:
        name: Its name.
        fields: Annotation and field by Python name.
        of: The class of the values that it shows.
        decorate: ``strawberry.type`` or ``strawberry.federation.type``.
        **options: Passed to ``decorate``.
    """

    def is_type_of(value: object, _info: object) -> bool:
        return isinstance(value, of)

    namespace: dict[str, Any] = {key: field for key, (_, field) in fields.items()}
    namespace["__annotations__"] = {key: hint for key, (hint, _) in fields.items()}
    namespace["is_type_of"] = staticmethod(is_type_of)
    namespace["__module__"] = __name__
    made: type = decorate(
        type(name, (), namespace), name=name, description=words(name), **options
    )
    return made
