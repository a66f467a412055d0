"""Decider: how long to assume the lists of the graph's answers to be.

The graph says so itself, by ``@listSize``. A list without it is taken to be of
usual length; one whose length is that of a list in the question counts there.
The weighing knows no types, so the sizes are by the name of the field; of two
fields of one name the longer counts. A page is as long as its ``first`` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    IntValueNode,
    ListValueNode,
    VariableNode,
    get_directive_values,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from hub.web.graph_sizes import GraphSizes, graph_sizes
from schema.records.paging import MOST_ON_PAGE, USUAL_ON_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import FieldNode, GraphQLField, GraphQLSchema, ValueNode

Sizes: TypeAlias = "Mapping[str, int]"

#: Rows of one kind that a worker has, sources of a row, conflicts of a file.
_USUAL: Final = 3

#: The argument that says how many items a page has.
_FIRST: Final = "first"

#: Lists without ``@listSize`` that are as long as a list in the question.
_AS_ASKED: Final = frozenset({"items", "results"})


class Assumed(msgspec.Struct, frozen=True):
    """How long to assume lists to be.

    Attributes:
        sizes: The length by the field's name; 1 where it is not among them.
        paged: The fields whose length their argument ``first`` says.
        graph: The lengths of the lists that show the graph itself.
        weights: What a field weighs by itself, by its name; 1 where it is not among
            them. Roots are not: they are few, and their limit is another.
    """

    sizes: Sizes
    paged: frozenset[str] = frozenset()
    graph: GraphSizes = GraphSizes()
    weights: Sizes = {}


NONE_KNOWN: Final = Assumed({})


class Scale(msgspec.Struct, frozen=True):
    """By what the fields below a field are multiplied.

    Attributes:
        variables: Length of each list among the variables.
        assumed: Length to assume of the lists that fields answer.
    """

    variables: Sizes
    assumed: Assumed

    def factor(self, node: FieldNode) -> tuple[int, int]:
        """Tell the factor of a field, and the longest list that is given to it."""
        given = [
            length
            for one in node.arguments or ()
            if (length := self._length(one.value)) is not None
        ]
        if given:
            return max(1, *given), max(given)
        return self._assumed(node), 0

    def _assumed(self, node: FieldNode) -> int:
        """Tell how long to take a list to be that no list in the question decides."""
        name = node.name.value
        usual = self.assumed.sizes.get(name, 1)
        if name not in self.assumed.paged:
            return usual
        asked = next(
            (o.value for o in node.arguments or () if o.name.value == _FIRST), None
        )
        if asked is None:
            return usual
        # More than a page may have is refused; what a variable holds may be that.
        if isinstance(asked, IntValueNode) and len(asked.value) <= len(
            str(MOST_ON_PAGE)
        ):
            return max(1, min(int(asked.value), MOST_ON_PAGE))
        return MOST_ON_PAGE

    def _length(self, value: ValueNode) -> int | None:
        if isinstance(value, ListValueNode):
            return len(value.values)
        if isinstance(value, VariableNode):
            return self.variables.get(value.name.value)
        return None


def assumed_sizes(schema: GraphQLSchema) -> Assumed:
    """Tell the length to assume of each field that answers a list of objects.

    A page has as many items as ``first`` says, counted at the field that takes it: at
    its ``edges`` they are not counted again.
    """
    found: dict[str, int] = {}
    paged: set[str] = set()
    sized: set[str] = set(_AS_ASKED)
    for name, field in _lists_and_sized(schema):
        said = _said_of(field, schema)
        sized.update(said.get("sized_fields") or ())
        if _FIRST in (said.get("slicing_arguments") or ()):
            paged.add(name)
            found[name] = max(found.get(name, 1), USUAL_ON_PAGE)
        if not _is_list(field):
            continue
        size = said.get("assumed_size") or _USUAL
        found[name] = max(found.get(name, 1), int(size))
    sizes = {name: size for name, size in found.items() if name not in sized}
    return Assumed(sizes, frozenset(paged), graph_sizes(schema), _weights(schema))


def _weights(schema: GraphQLSchema) -> dict[str, int]:
    """Tell what fields weigh that say so by ``@cost``; of one name the heavier counts."""
    roots = {schema.query_type, schema.mutation_type, schema.subscription_type}
    found: dict[str, int] = {}
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and kind not in roots:
            for name, field in kind.fields.items():
                weight = _weight_of(field, schema)
                found[name] = max(found.get(name, 1), weight)
    return {name: weight for name, weight in found.items() if weight > 1}


def _weight_of(field: GraphQLField, schema: GraphQLSchema) -> int:
    definition = (field.extensions or {}).get("strawberry-definition")
    for one in getattr(definition, "directives", None) or ():
        if type(one).__name__ == "Cost":
            return int(one.weight)
    directive = schema.get_directive("cost")
    if directive is None or field.ast_node is None:
        return 1
    said = get_directive_values(directive, field.ast_node) or {}
    return int(said.get("weight", 1))


def _lists_and_sized(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    for type_name, kind in schema.type_map.items():
        # Introspection has sizes of its own: ``graph_sizes``.
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
                "sized_fields": getattr(one, "sized_fields", None) or (),
                "slicing_arguments": getattr(one, "slicing_arguments", None) or (),
            }
    directive = schema.get_directive("listSize")
    if directive is None or field.ast_node is None:
        return {}
    said = get_directive_values(directive, field.ast_node) or {}
    return {
        "assumed_size": said.get("assumedSize"),
        "sized_fields": said.get("sizedFields"),
        "slicing_arguments": said.get("slicingArguments"),
    }
