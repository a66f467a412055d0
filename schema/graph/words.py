"""Value: descriptions for the hub's types, taken from the province contract.

A field means the same in the hub as in a province, so it is described once, in
``schema/province.graphql``, in both languages.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from graphql import (
    EnumTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    StringValueNode,
    parse,
)


@cache
def _words(file: str) -> dict[tuple[str, str], str]:
    text = files("schema").joinpath(file).read_text("utf-8")
    found: dict[tuple[str, str], str] = {}
    for node in parse(text, no_location=True).definitions:
        if isinstance(node, ObjectTypeDefinitionNode):
            parts = [(part.name.value, part.description) for part in node.fields or ()]
        elif isinstance(node, EnumTypeDefinitionNode):
            parts = [(part.name.value, part.description) for part in node.values or ()]
        elif isinstance(node, ScalarTypeDefinitionNode):
            parts = []
        else:
            continue
        for name, description in [("", node.description), *parts]:
            if isinstance(description, StringValueNode):
                found[node.name.value, name] = description.value
    return found


def words(type_name: str, part: str = "", file: str = "province.graphql") -> str | None:
    """Describe a type, a field of it or a value of an enum.

    Args:
        type_name: Name of the GraphQL type in the province contract.
        part: Name of the field or value; empty for the type itself.
        file: Another SDL of ``schema``: the hub's own, for what only it has.
    """
    return _words(file).get((type_name, part))
