"""Decider (pure): what a province says that it serves becomes capabilities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from graphql import (
    GraphQLError,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    parse,
)

from connectors.faults import ProvinceFault
from connectors.graphql.changes import FIELDS as CHANGES
from connectors.graphql.commands import FIELDS, RECEIPT
from connectors.graphql.names import NAMES, ROWS
from connectors.port import Capabilities
from schema.records.command import Act
from schema.records.kinds import RecordKind
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import NamedTypeNode, TypeNode

    from connectors.graphql.names import Name

    #: Of each object type of an SDL, the type of each field, both by name.
    Types = Mapping[str, Mapping[str, str]]

#: The contract in full has about 1,700 tokens; a subgraph may hold much besides.
_TOKENS = 20_000
_LENGTH = 512 * 1024

_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})", re.ASCII)

#: The version that brought each act in the register of members.
_ACTS_SINCE = {act: (1, 2) if act is Act.CANCEL_IN else (1, 1) for act in Act}
#: The version that brought changes of case files.
_CHANGES_SINCE = (1, 2)

#: Major versions that this hub speaks. 0.9, the pilot draft, is a part of 1.0.
_MAJORS = frozenset({0, 1})


#: What a page of changes has at least.
_PAGE = {"province", "changes", "watermarks", "next", "more"}


class Contract(msgspec.Struct, frozen=True):
    """What the province's field ``contract`` says.

    Attributes:
        version: ``major.minor``.
        province: Whose it is.
        kinds: Which kinds of rows it keeps; names unknown here are passed over.
    """

    version: str
    province: str
    kinds: tuple[str, ...]


def version_of(contract: Contract) -> str:
    """Check the version that a province declares.

    Raises:
        ProvinceFault: This hub does not speak it.
    """
    found = _VERSION.fullmatch(contract.version)
    if found is None:
        raise ProvinceFault(FaultCode.MALFORMED, "not a contract version")
    if int(found[1]) not in _MAJORS:
        raise ProvinceFault(
            FaultCode.NOT_SUPPORTED, f"contract version {contract.version}"
        )
    return contract.version


def acts_since(version: str) -> frozenset[Act]:
    """Tell which acts a version of the contract knows."""
    return frozenset(
        act for act, since in _ACTS_SINCE.items() if _at_least(version, since)
    )


def changes_since(version: str) -> bool:
    """Tell whether a version of the contract knows changes of case files."""
    return _at_least(version, _CHANGES_SINCE)


def _at_least(version: str, since: tuple[int, int]) -> bool:
    found = _VERSION.fullmatch(version)
    return found is not None and (int(found[1]), int(found[2])) >= since


def capabilities(contract: Contract, sdl: str) -> Capabilities:
    """Tell what a province serves.

    A kind is served if the contract names it, and the SDL has it with its
    ``id`` and ``asOf``; a field, if the SDL has it; an act, if the version knows acts
    and the SDL has its mutation with a whole receipt; changes of case files, if the
    version knows them and the SDL has both fields. What the SDL has beyond
    that is passed over: a newer minor version only adds.

    Args:
        contract: What the province says in its ``contract``.
        sdl: Its schema, as ``_service`` tells it.

    Raises:
        ProvinceFault: The version is not spoken here, or the SDL cannot be read.
    """
    version = version_of(contract)
    types = _types(sdl)
    worker = types.get("Worker", {})
    if not {"localId", "asOf"} <= worker.keys():
        raise ProvinceFault(FaultCode.MALFORMED, "Worker without localId and asOf")
    fields: dict[RecordKind, frozenset[str]] = {}
    for kind, names in NAMES.items():
        own = kind is RecordKind.WORKER
        told = worker if own else types.get(worker.get(ROWS.get(kind, ""), ""), {})
        if kind in contract.kinds and (own or {"id", "asOf"} <= told.keys()):
            fields[kind] = frozenset(
                field for field, name in names.items() if _serves(types, told, name)
            )
    mutations = types.get("Mutation", {})
    acts = frozenset(
        act
        for act in acts_since(version)
        if set(RECEIPT) <= types.get(mutations.get(FIELDS[act], ""), {}).keys()
    )
    queries = types.get("Query", {})
    changes = changes_since(version) and all(
        types.get(queries.get(field, ""), {}).keys() >= _PAGE for field in CHANGES
    )
    return Capabilities(version, fields, acts, changes)


def _serves(types: Types, told: Mapping[str, str], name: Name) -> bool:
    """Tell whether a field is there, with all that is selected inside it."""
    if name.text not in told:
        return False
    return set(name.inner) <= types.get(told[name.text], {}).keys()


def _types(sdl: str) -> Types:
    if len(sdl) > _LENGTH:
        raise ProvinceFault(FaultCode.TOO_LARGE, f"SDL over {_LENGTH} characters")
    try:
        document = parse(sdl, no_location=True, max_tokens=_TOKENS)
    except GraphQLError as error:
        raise ProvinceFault(FaultCode.MALFORMED, "the SDL cannot be read") from error
    types: dict[str, dict[str, str]] = {}
    for node in document.definitions:
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
            fields = types.setdefault(node.name.value, {})
            for field in node.fields or ():
                fields[field.name.value] = _named(field.type).name.value
    return types


def _named(told: TypeNode) -> NamedTypeNode:
    while isinstance(told, ListTypeNode | NonNullTypeNode):
        told = told.type
    return told  # type: ignore[return-value]
