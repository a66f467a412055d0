"""Value: what is served just now, made ready to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from graphql import GraphQLObjectType, GraphQLSchema

from connectors.port import Capabilities
from hub.subgraph import sentences
from hub.subgraph.cutting import cut
from hub.subgraph.problems import of_fault
from hub.web.documents import Documents
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import GraphQLResolveInfo

    from hub.config.server import LimitSettings
    from hub.subgraph.request import Request

_UNION = "_Entity"


class Served(msgspec.Struct, frozen=True):
    """The contract as it is served.

    Attributes:
        capabilities: What it is cut to.
        sdl: What ``_service`` tells.
        schema: What is executed.
        documents: What was asked before, validated against it.
    """

    capabilities: Capabilities
    sdl: str
    schema: GraphQLSchema
    documents: Documents


def serve_contract(capabilities: Capabilities, limits: LimitSettings) -> Served:
    """Cut the contract, and give its fields their resolvers.

    It takes some tens of milliseconds of pure computing.

    Args:
        capabilities: What the connector declares.
        limits: How much a document may ask for.
    """
    made = cut(capabilities)
    schema = made.schema
    roots = {schema.query_type, schema.mutation_type}
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                field.resolve = _ROOTS.get(name, _act) if kind in roots else _part(name)
    schema.type_map[_UNION].resolve_type = _worker  # type: ignore[attr-defined]
    return Served(capabilities, made.sdl, schema, Documents(schema, limits))


def _worker(*_given: object) -> str:
    return "Worker"


def _part(name: str) -> Callable[..., Any]:
    """Make the resolver of a plain field: what is not there could not be told."""

    def resolve(parent: Mapping[str, Any], _info: GraphQLResolveInfo[Any]) -> Any:
        try:
            return parent[name]
        except KeyError:
            raise of_fault(FaultCode.PARTIAL, sentences.UNTOLD) from None

    return resolve


def _of(info: GraphQLResolveInfo[Any]) -> Request:
    request: Request = info.context
    return request


def _entities(_root: None, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
    return _of(info).entities(info, given["representations"])


def _service(_root: None, info: GraphQLResolveInfo[Any]) -> Any:
    return {"sdl": _of(info).served.sdl}


def _contract(_root: None, info: GraphQLResolveInfo[Any]) -> Any:
    return _of(info).contract()


def _case_changes(_root: None, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
    return _of(info).changes(given["first"], after=given.get("after"))


def _case_file(_root: None, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
    return _of(info).changes(
        given["first"], case_no=given["caseNo"], seq=given["after"]
    )


def _act(_root: None, info: GraphQLResolveInfo[Any], **_given: Any) -> Any:
    return _of(info).act(info)


_ROOTS = {
    "_entities": _entities,
    "_service": _service,
    "contract": _contract,
    "caseChanges": _case_changes,
    "caseFile": _case_file,
}
