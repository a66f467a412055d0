"""Adapter: builds the schema that the hub serves."""

from __future__ import annotations

from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import scalar

from schema.graph.entities import HubSchema
from schema.graph.mutation import Mutation
from schema.graph.query import Query
from schema.graph.subscription import Subscription
from schema.graph.view import YuanText, plain
from schema.graph.words import words
from schema.graph.worker import Worker


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
    return HubSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Worker],
        config=StrawberryConfig(default_resolver=plain),
        scalar_overrides={YuanText: yuan},
        federation_version="2.3",  # what gateways in use understand
    )
