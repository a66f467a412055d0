"""Decider (pure): the province contract, cut to what a connector declares.

What a province does not serve is not in its SDL (``schema/province.graphql``): the
hub asks for nothing else, and a foreign caller is told so by validation.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec
from graphql import (
    EnumTypeDefinitionNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    concat_ast,
    parse,
    print_ast,
    visit,
)

from connectors.graphql.changes import FIELDS as CHANGES
from connectors.graphql.commands import FIELDS as ACTS
from connectors.graphql.names import NAMES, ROWS
from schema.records.kinds import KINDS, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import (
        DefinitionNode,
        DocumentNode,
        NamedTypeNode,
        Node,
    )

    from connectors.port import Capabilities

    #: A field of the contract: the name of its type, and its own.
    Field = tuple[str, str]

#: What federation adds to every subgraph, and what the SDL does not show.
_FEDERATION = """
"representations 的一项。 One representation."
scalar _Any
union _Entity = Worker
type _Service {
  "本省的 SDL。 The province's SDL."
  sdl: String!
}
directive @link(url: String!, import: [String]) repeatable on SCHEMA
directive @key(fields: String!) repeatable on OBJECT
extend type Query {
  "按 localId 查询，次序与提问一致；查无此人为 null。 By localId, in the order of the question; null for a stranger."
  _entities(representations: [_Any!]!): [_Entity]!
  "本省的 SDL。 The province's SDL."
  _service: _Service!
}
"""

#: Definitions that may be left out when nothing refers to them.
_NAMED = (
    ObjectTypeDefinitionNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
)
_TYPES = {
    kind: KINDS[kind].record.__name__.removesuffix("Record") for kind in RecordKind
}


class Cut(msgspec.Struct, frozen=True):
    """The contract as one province serves it.

    Attributes:
        sdl: For ``_service``: with its descriptions, without what federation adds.
        schema: To be executed; its fields have no resolvers yet.
    """

    sdl: str
    schema: GraphQLSchema


def cut(capabilities: Capabilities) -> Cut:
    """Cut the contract to what is declared.

    Args:
        capabilities: What the connector declares.
    """
    left_out = frozenset(_left_out(capabilities))
    whole = _contract()
    definitions = [_without(one, left_out) for one in whole.definitions]
    document = dataclasses.replace(
        whole, definitions=_reached([one for one in definitions if one is not None])
    )
    sdl = print_ast(document)
    served = build_ast_schema(concat_ast([document, parse(_FEDERATION)]))
    return Cut(sdl, served)


@cache
def _contract() -> DocumentNode:
    text = files("schema").joinpath("province.graphql").read_text("utf-8")
    return parse(text, no_location=True)


def _left_out(capabilities: Capabilities) -> Iterator[Field]:
    """Name the fields that are not served."""
    yield from _rows_left_out(capabilities)
    for act, field in ACTS.items():
        if act not in capabilities.acts:
            yield "Mutation", field
    if not capabilities.changes:
        for field in CHANGES:
            yield "Query", field


def _rows_left_out(capabilities: Capabilities) -> Iterator[Field]:
    for kind, names in NAMES.items():
        served = capabilities.fields.get(kind, frozenset[str]())
        for field, name in names.items():
            if field not in served:
                yield _TYPES[kind], name.text
        if kind in ROWS and kind not in capabilities.fields:
            yield "Worker", ROWS[kind]


def _without(node: DefinitionNode, left_out: frozenset[Field]) -> DefinitionNode | None:
    """Leave fields out of a type; the type itself, if none is left."""
    if not isinstance(node, ObjectTypeDefinitionNode):
        return node
    kept = tuple(
        field
        for field in node.fields or ()
        if (node.name.value, field.name.value) not in left_out
    )
    return dataclasses.replace(node, fields=kept) if kept else None


def _reached(definitions: list[DefinitionNode]) -> tuple[DefinitionNode, ...]:
    """Leave out the types that nothing refers to any more."""
    named = {one.name.value: one for one in definitions if isinstance(one, _NAMED)}
    reached: set[str] = set()
    ahead = ["Query", "Mutation", "Worker"]
    while ahead:
        name = ahead.pop()
        if name in named and name not in reached:
            reached.add(name)
            ahead += _Names.of(named[name])
    return tuple(
        one
        for one in definitions
        if not isinstance(one, _NAMED) or one.name.value in reached
    )


class _Names(Visitor):
    """Finds the types that a definition names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, node: Node) -> list[str]:
        """Find them in one definition."""
        names = cls()
        visit(node, names)
        return names.found

    def enter_named_type(self, node: NamedTypeNode, *_more: object) -> None:
        """Take note of one."""
        self.found.append(node.name.value)
