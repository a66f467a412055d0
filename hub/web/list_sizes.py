"""Decider: how long to assume the lists of the graph's answers to be.

The graph says so itself, by ``@listSize``. A list without it is taken to be of
usual length; one whose length is that of a list in the question counts there.
The weighing knows no types, so the sizes are by the name of the field; of two
fields of one name the longer counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_directive_values,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import GraphQLField, GraphQLSchema

#: Rows of one kind that a worker has, sources of a row, conflicts of a file.
_USUAL: Final = 3

#: Lists without ``@listSize`` that are as long as a list in the question.
_AS_ASKED: Final = frozenset({"items", "results"})


def assumed_sizes(schema: GraphQLSchema) -> Mapping[str, int]:
    """Tell the length to assume of each field that answers a list of objects."""
    found: dict[str, int] = {}
    sized: set[str] = set(_AS_ASKED)
    for name, field in _lists_and_sized(schema):
        said = _said_of(field, schema)
        sized.update(said.get("sized_fields") or ())
        if not _is_list(field):
            continue
        size = said.get("assumed_size") or _USUAL
        found[name] = max(found.get(name, 1), int(size))
    return {name: size for name, size in found.items() if name not in sized}


def _lists_and_sized(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    for type_name, kind in schema.type_map.items():
        # Introspection has a depth of its own; see MaxIntrospectionDepthRule.
        if type_name.startswith("__"):
            continue
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            yield from kind.fields.items()


def _is_list(field: GraphQLField) -> bool:
    answer = get_nullable_type(field.type)
    return is_list_type(answer) and is_composite_type(get_named_type(answer))


def _said_of(field: GraphQLField, schema: GraphQLSchema) -> dict[str, Any]:
    """Read ``@listSize``: strawberry keeps it aside, an SDL in the field's node."""
    definition = (field.extensions or {}).get("strawberry-definition")
    for one in getattr(definition, "directives", None) or ():
        if type(one).__name__ == "ListSize":
            return {
                "assumed_size": getattr(one, "assumed_size", None),
                "sized_fields": getattr(one, "sized_fields", None),
            }
    directive = schema.get_directive("listSize")
    if directive is None or field.ast_node is None:
        return {}
    said = get_directive_values(directive, field.ast_node) or {}
    return {
        "assumed_size": said.get("assumedSize"),
        "sized_fields": said.get("sizedFields"),
    }
