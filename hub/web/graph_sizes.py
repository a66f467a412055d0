"""Decider: how large an answer is that shows the graph itself.

The lists of ``__schema`` and ``__type`` are as long as the graph is large, and
nothing in a question says so. The sizes are those of the graph that is served,
counted once: of all types together the mean is exact, of a single type that the
question chooses the largest is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

import msgspec
from graphql import GraphQLEnumType, GraphQLInputObjectType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLSchema

#: So many characters of a description weigh as much as one plain field.
_CHARS_A_FIELD: Final = 16
#: A field, an argument or a value takes so many characters of the SDL, at least.
_CHARS_A_MEMBER: Final = 80

#: Roots that show the whole graph, and the one that shows a type of it.
WHOLE: Final = frozenset({"__schema", "_service"})
OF_THE_GRAPH: Final = WHOLE | {"__type"}
#: The list of all types.
_ALL: Final = "types"
#: Fields that lead to a few of them: which ones, only the answer tells.
_TO_ONE: Final = frozenset({
    "directives", "type", "ofType", "queryType", "mutationType", "subscriptionType", "interfaces",
    "possibleTypes",
})  # fmt: skip


class Within(IntEnum):
    """Where in a document a field stands."""

    #: It asks for data.
    DATA = 0
    #: It asks for the graph, of every type there is.
    ALL = 1
    #: It asks for the graph, of a type that may be the largest.
    ONE = 2


class GraphSizes(msgspec.Struct, frozen=True):
    """How much there is of the graph.

    Attributes:
        mean: Length of a list by its name, over all types.
        most: Its greatest length.
        texts: What a text weighs, by its name; all else weighs 1.
    """

    mean: Mapping[str, int] = {}
    most: Mapping[str, int] = {}
    texts: Mapping[str, int] = {}

    def below(self, name: str, within: Within) -> tuple[int, Within]:
        """Tell what the fields below a field are multiplied by, and where they stand.

        Args:
            name: Of the field.
            within: Where itself stands; not ``DATA``.
        """
        sizes = self.mean if within is Within.ALL else self.most
        factor = sizes.get(name, 1)
        if name == _ALL:
            return factor, Within.ALL
        return factor, Within.ONE if name in _TO_ONE else within

    def weight(self, name: str) -> int:
        """Tell what a field itself weighs."""
        return self.texts.get(name, 1)


def is_of_the_graph(type_name: str) -> bool:
    """Tell whether a type describes the graph, and not what is kept in it."""
    return type_name.startswith("__") or type_name == "_Service"


def graph_sizes(schema: GraphQLSchema) -> GraphSizes:
    """Count what there is of a graph."""
    kinds = list(schema.type_map.values())
    fields = [_fields_of(kind) for kind in kinds]
    inputs = [
        len(one.fields) for one in kinds if isinstance(one, GraphQLInputObjectType)
    ]
    values = [len(one.values) for one in kinds if isinstance(one, GraphQLEnumType)]
    above = [len(getattr(kind, "interfaces", ())) for kind in kinds]
    below = [
        len(schema.get_possible_types(kind))  # type: ignore[arg-type]
        for kind in kinds
        if hasattr(kind, "resolve_type")
    ]
    arguments = [len(one.args) for some in fields for one in some]
    of_directives = [len(one.args) for one in schema.directives]
    counted: dict[str, tuple[list[int], int]] = {
        "fields": ([len(some) for some in fields], len(kinds)),
        "inputFields": (inputs, len(kinds)),
        "enumValues": (values, len(kinds)),
        "interfaces": (above, len(kinds)),
        "possibleTypes": (below, len(kinds)),
    }
    mean = {name: _mean(found, of) for name, (found, of) in counted.items()}
    most = {name: max(found, default=1) or 1 for name, (found, _) in counted.items()}
    mean["args"] = _mean(arguments, len(arguments))
    most["args"] = max([*arguments, *of_directives, 1])
    whole = {"types": len(kinds), "directives": len(schema.directives)}
    members = sum(map(sum, (arguments, inputs, values, map(len, fields))))
    texts = {
        "description": _mean_text(_descriptions(kinds, fields)),
        "sdl": max(1, members * _CHARS_A_MEMBER // _CHARS_A_FIELD),
    }
    return GraphSizes({**mean, **whole}, {**most, **whole}, texts)


def _fields_of(kind: Any) -> list[Any]:
    """List the fields of an object or interface."""
    if isinstance(kind, GraphQLInputObjectType):
        return []
    return list(getattr(kind, "fields", {}).values())


def _descriptions(kinds: Iterable[Any], fields: Iterable[list[Any]]) -> list[str]:
    described = [*kinds, *(one for some in fields for one in some)]
    return [one.description or "" for one in described]


def _mean(found: list[int], of: int) -> int:
    return max(1, -(-sum(found) // max(of, 1)))


def _mean_text(texts: list[str]) -> int:
    said = [len(one) for one in texts if one]
    return max(1, _mean(said, len(said)) // _CHARS_A_FIELD)
