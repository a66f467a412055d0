"""Decider (pure): does the SDL of a province fit the contract, type by type?"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from graphql import (
    InputObjectTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    parse,
    print_ast,
)

from connectors.graphql.names import KINDS_BY_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import (
        DirectiveNode,
        DocumentNode,
    )

    #: Of each object and input type, the type of each field, as it is written.
    Shapes = Mapping[str, Mapping[str, str]]

_KEYED = "Worker"
_FEDERATION = "specs.apollo.dev/federation/v2"
_HOLDING = (
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    InputObjectTypeDefinitionNode,
)


def flaws(sdl: str) -> list[str]:
    """Name what of an SDL does not fit the contract.

    What it has beyond the contract is passed over, and so is what it leaves out.

    Args:
        sdl: As ``_service`` tells it.

    Raises:
        graphql.GraphQLError: It cannot be read.
    """
    document = parse(sdl, no_location=True, max_tokens=20_000)
    found = []
    if not any(_FEDERATION in one for one in _links(document)):
        found.append("@link federation v2")
    if "localId" not in _keys(document):
        found.append('Worker @key(fields: "localId")')
    ours, theirs = _contract(), _shapes(document)
    for name, fields in theirs.items():
        for field, told in fields.items():
            wanted = ours.get(name, {}).get(field)
            if wanted is not None and _wrapping(told) != _wrapping(wanted):
                found.append(f"{name}.{field}: {told} ≠ {wanted}")
    return found


def kinds_of(sdl: str) -> set[str]:
    """Name the kinds whose rows an SDL serves.

    Raises:
        graphql.GraphQLError: It cannot be read.
    """
    worker = _shapes(parse(sdl, no_location=True, max_tokens=20_000)).get(_KEYED, {})
    return {kind.value for field, kind in KINDS_BY_ROWS.items() if field in worker}


@lru_cache(maxsize=1)
def _contract() -> Shapes:
    text = files("schema").joinpath("province.graphql").read_text("utf-8")
    return _shapes(parse(text, no_location=True))


def _shapes(document: DocumentNode) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for node in document.definitions:
        if isinstance(node, _HOLDING):
            fields = found.setdefault(node.name.value, {})
            for one in node.fields or ():
                fields[one.name.value] = print_ast(one.type)
    return found


def _wrapping(told: str) -> str:
    """Keep of a type what is list and what may be null, and drop its name."""
    return "".join(letter for letter in told if letter in "[]!")


def _links(document: DocumentNode) -> Iterator[str]:
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            yield from _said(node.directives or (), "link", "url")


def _keys(document: DocumentNode) -> set[str]:
    return {
        text.strip()
        for node in document.definitions
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode)
        and node.name.value == _KEYED
        for text in _said(node.directives or (), "key", "fields")
    }


def _said(
    directives: tuple[DirectiveNode, ...], name: str, argument: str
) -> Iterator[str]:
    for one in directives:
        # A link may give its directives a prefix.
        if one.name.value.rpartition("__")[2] == name:
            for given in one.arguments or ():
                if given.name.value == argument and isinstance(
                    given.value, StringValueNode
                ):
                    yield given.value.value
