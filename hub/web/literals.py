"""Decider: how much stands inside the arguments of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import ListValueNode, ObjectValueNode, VariableNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import ArgumentNode, DirectiveNode, ValueNode


def inside(arguments: Iterable[ArgumentNode] | None) -> tuple[int, int]:
    """Count what is given to a field or a directive.

    Returns:
        Items of lists and fields of objects; and uses of variables.
    """
    count = uses = 0
    stack: list[ValueNode] = [one.value for one in arguments or ()]
    while stack:
        one = stack.pop()
        if isinstance(one, VariableNode):
            uses += 1
        elif isinstance(one, ListValueNode):
            count += len(one.values)
            stack.extend(one.values)
        elif isinstance(one, ObjectValueNode):
            count += len(one.fields)
            stack.extend(field.value for field in one.fields)
    return count, uses


def inside_directives(directives: Iterable[DirectiveNode] | None) -> tuple[int, int]:
    """Count what is given to directives, as ``inside`` does."""
    found = [inside(one.arguments) for one in directives or ()]
    return sum(count for count, _ in found), sum(uses for _, uses in found)
