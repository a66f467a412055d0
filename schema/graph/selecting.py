"""Decider: which fields of which kinds does a query ask for?

Reads the query's own tree, once, at its root: fragments are followed, ``@skip``
and ``@include`` obeyed, and aliases of one field count together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLSkipDirective,
    InlineFragmentNode,
    get_directive_values,
)
from strawberry.utils.str_converters import to_camel_case

from schema.graph.history import FIELD as HISTORY
from schema.graph.history import NEEDED
from schema.records.kinds import KINDS, ROW_KINDS, RecordKind
from schema.records.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import GraphQLResolveInfo, SelectionNode

_NAMES = {
    line.kind: {to_camel_case(name): name for name in line.fields}
    for line in KINDS.values()
}
_ROWS = {to_camel_case(line.rows): line for line in ROW_KINDS}


def select(info: GraphQLResolveInfo[Any], *path: str) -> Selection:
    """Tell what is asked of each worker below the field that is being resolved.

    Args:
        info: Of the field that is being resolved.
        path: Names of the fields that lead from it to the workers, if any.
    """
    nodes: list[FieldNode] = list(info.field_nodes)
    for step in path:
        nodes = [node for node in _below(nodes, info) if node.name.value == step]
    wanted: dict[RecordKind, set[str]] = {}
    own = _NAMES[RecordKind.WORKER]
    for node in _below(nodes, info):
        name = node.name.value
        if name in own:
            wanted.setdefault(RecordKind.WORKER, set()).add(own[name])
        elif name == "sources":
            wanted.setdefault(RecordKind.WORKER, set())
        elif name == HISTORY:
            wanted.setdefault(RecordKind.MEMBERSHIP, set()).update(NEEDED)
        elif (line := _ROWS.get(name)) is not None:
            names = _NAMES[line.kind]
            asked = (child.name.value for child in _below([node], info))
            wanted.setdefault(line.kind, set()).update(
                names[one] for one in asked if one in names
            )
    return Selection.of(wanted)


def _below(
    nodes: Iterable[FieldNode], info: GraphQLResolveInfo[Any]
) -> list[FieldNode]:
    """Collect the fields directly below, through fragments of whatever type.

    A worker's fields carry the same names in no other member of the unions that
    lead to it, so the type condition need not be compared.
    """
    seen: set[str] = set()
    return [
        field
        for node in nodes
        if node.selection_set
        for field in _fields(node.selection_set.selections, info, seen)
    ]


def _fields(
    selections: Iterable[SelectionNode], info: GraphQLResolveInfo[Any], seen: set[str]
) -> Iterator[FieldNode]:
    for node in selections:
        if _skipped(node, info):
            continue
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set.selections, info, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            fragment = info.fragments[node.name.value]
            yield from _fields(fragment.selection_set.selections, info, seen)


def _skipped(node: SelectionNode, info: GraphQLResolveInfo[Any]) -> bool:
    if not node.directives:
        return False
    skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
    include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
    return bool(skip and skip["if"]) or bool(include and not include["if"])
