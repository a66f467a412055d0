"""Adapter: builds the schema that the hub serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLInputObjectType, GraphQLScalarType
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.scalar import scalar

from schema.graph.case import Case
from schema.graph.entities import HubSchema
from schema.graph.mutation import Mutation
from schema.graph.partners import VERSION
from schema.graph.query import Query
from schema.graph.subscription import Subscription
from schema.graph.transfer import Transfer
from schema.graph.view import YuanText, plain
from schema.graph.words import words
from schema.graph.worker import Worker

if TYPE_CHECKING:
    from graphql import ValueNode


def build_schema() -> HubSchema:
    """Build the schema: an Apollo Federation v2 subgraph.

    ``types`` names the entities: one that is reached only through a union would
    fall out of ``_Entity`` otherwise.
    """
    yuan = scalar(
        name="Yuan",
        description=words("Yuan"),
        serialize=str,
        parse_value=str,
    )
    schema = HubSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Worker, Transfer, Case],
        config=StrawberryConfig(default_resolver=plain),
        scalar_overrides={YuanText: yuan},
        federation_version=VERSION,
    )
    _let_graphql_check_one_of(schema)
    _say_where_literals_are_wrong(schema)
    return schema


def _let_graphql_check_one_of(schema: HubSchema) -> None:
    """Tell graphql-core which inputs are ``@oneOf``.

    Strawberry checks them itself, by a rule of its own executor and with errors
    that look like bugs. graphql-core checks them while it validates, if it knows.
    """
    for shown in schema._schema.type_map.values():  # noqa: SLF001  # strawberry has no public door to it
        definition = shown.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if isinstance(shown, GraphQLInputObjectType) and definition is not None:
            shown.is_one_of = definition.is_one_of


def _say_where_literals_are_wrong(schema: HubSchema) -> None:
    """Give complaints of strawberry's scalars the place in the document.

    They are raised without one, and among many dates nobody would find the wrong one.
    """
    for shown in schema._schema.type_map.values():  # noqa: SLF001  # as above
        if isinstance(shown, GraphQLScalarType):
            shown.parse_literal = _placing(shown.parse_literal)  # type: ignore[method-assign]


def _placing(read: Any) -> Any:
    def parse(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        try:
            return read(node, variables)
        except GraphQLError as error:
            cause = error.original_error
            raise GraphQLError(
                error.message, error.nodes or node, original_error=cause
            ) from None

    return parse
