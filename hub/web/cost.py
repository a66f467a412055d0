"""Decider: how much a document asks for, before anything is done about it.

The weighing needs no schema and runs before validation, whose rules compare
fields pairwise. Every definition is walked once: a walk leaves the definition's
own weight and the list of fragments it spreads, and the weights of fragments
are then added up along the spreads, each fragment once. A list given to a field
(``workers(by: [...])``, ``_entities(representations: [...])``) multiplies
everything below that field; so does, for any other list, the length that the
graph says to assume.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
)

from hub.web.list_sizes import NONE_KNOWN, Scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import DocumentNode, SelectionSetNode, ValueNode

    from hub.web.list_sizes import Assumed, Sizes

#: Fields that show the graph itself; federation's is one of them.
_OF_THE_GRAPH: Final = frozenset({"__schema", "__type", "_service"})


class Weight(msgspec.Struct, frozen=True):
    """What a document asks for, at most.

    Attributes:
        cost: Fields of the answer, lists multiplied out.
        depth: How deep selections nest, fragments spread out.
        root_fields: Fields on the root of the largest operation.
        aliases: Aliases in the whole document.
        repeats: How many fields and spreads stand in their selection for a second
            or later time; validation compares each of them with its peers,
            and all below them.
        fragments: Fragment definitions.
        literals: Values inside the literals of arguments.
        list_items: The longest list that is given to an argument.
        lists: The variables whose length multiplies the cost.
        shows_graph: Whether the graph itself is asked for.
    """

    cost: int
    depth: int
    root_fields: int
    aliases: int
    repeats: int
    fragments: int
    literals: int
    list_items: int
    lists: frozenset[str]
    shows_graph: bool


class _Spread(msgspec.Struct, frozen=True):
    name: str
    times: int
    depth: int


class _Own(msgspec.Struct):
    """What one definition asks for itself, without the fragments it spreads."""

    cost: int = 0
    depth: int = 0
    root_fields: int = 0
    aliases: int = 0
    repeats: int = 0
    literals: int = 0
    list_items: int = 0
    shows_graph: bool = False
    spreads: list[_Spread] = []


class _Total(msgspec.Struct, frozen=True):
    cost: int
    depth: int
    root_fields: int


_NOTHING = _Total(0, 0, 0)

#: More than any limit; keeps numbers small whatever is multiplied.
_CEILING = 1 << 62


def weigh(
    document: DocumentNode, sizes: Sizes, unknown: int, assumed: Assumed = NONE_KNOWN
) -> Weight:
    """Weigh a document.

    Args:
        document: As parsed; it need not be valid.
        sizes: Lengths of the lists among the variables.
        unknown: The length to assume of a list that is not among ``sizes``.
        assumed: The length to assume of the list that a field answers.

    Returns:
        The weight of the heaviest operation.
    """
    fragments: dict[str, _Own] = {}
    operations: list[_Own] = []
    defaults: dict[str, int] = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            defaults |= _list_variables(definition)
    lengths = {
        name: sizes.get(name, max(unknown, default))
        for name, default in defaults.items()
    }
    scale = Scale(lengths, assumed)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            own = _walk(definition.selection_set, scale)
            if isinstance(definition, FragmentDefinitionNode):
                fragments[definition.name.value] = own
            else:
                operations.append(own)
    totals = _add_up(fragments)
    wholes = [_whole(own, totals) for own in operations]
    everything = [*fragments.values(), *operations]
    return Weight(
        cost=max((one.cost for one in wholes), default=0),
        depth=max((one.depth for one in [*wholes, *totals.values()]), default=0),
        root_fields=max((one.root_fields for one in wholes), default=0),
        aliases=sum(own.aliases for own in everything),
        repeats=sum(own.repeats for own in everything),
        fragments=len(fragments),
        literals=sum(own.literals for own in everything) + sum(defaults.values()),
        list_items=max((own.list_items for own in everything), default=0),
        lists=frozenset(lengths),
        shows_graph=any(own.shows_graph for own in everything),
    )


def _list_variables(operation: OperationDefinitionNode) -> dict[str, int]:
    """Find the variables that are lists, and how long their defaults are."""
    found = {}
    for one in operation.variable_definitions or ():
        kind = one.type.type if isinstance(one.type, NonNullTypeNode) else one.type
        if isinstance(kind, ListTypeNode):
            default = one.default_value
            length = len(default.values) if isinstance(default, ListValueNode) else 0
            found[one.variable.name.value] = length
    return found


def _walk(selection_set: SelectionSetNode, scale: Scale) -> _Own:
    """Walk one definition with a stack of its own: nesting costs no frames."""
    own = _Own(spreads=[])
    stack = [(selection_set, 1, 1, set[str]())]
    while stack:
        current, times, depth, names = stack.pop()
        own.depth = max(own.depth, depth)
        for node in current.selections:
            if isinstance(node, FragmentSpreadNode):
                own.repeats += _again("..." + node.name.value, names)
                own.spreads.append(_Spread(node.name.value, times, depth - 1))
            elif isinstance(node, FieldNode):
                own.repeats += _again((node.alias or node.name).value, names)
                own.root_fields += depth == 1
                factor = _note(own, node, times, scale)
                if node.selection_set:
                    below = min(times * factor, _CEILING)
                    stack.append((node.selection_set, below, depth + 1, set()))
            elif isinstance(node, InlineFragmentNode):
                # It adds no level of its own, and its fields merge with its peers'.
                stack.append((node.selection_set, times, depth, names))
    return own


def _again(name: str, names: set[str]) -> bool:
    if name in names:
        return True
    names.add(name)
    return False


def _note(own: _Own, node: FieldNode, times: int, scale: Scale) -> int:
    """Take note of one field; tell by what everything below it is multiplied."""
    own.aliases += node.alias is not None
    own.cost = min(own.cost + times, _CEILING)
    own.shows_graph = own.shows_graph or node.name.value in _OF_THE_GRAPH
    factor, given = scale.factor(node)
    own.list_items = max(own.list_items, given)
    own.literals += sum(_values_in(one.value) for one in node.arguments or ())
    return factor


def _values_in(value: ValueNode) -> int:
    """Count what stands inside a literal: items of lists and fields of objects."""
    count, stack = 0, [value]
    while stack:
        one = stack.pop()
        if isinstance(one, ListValueNode):
            count += len(one.values)
            stack.extend(one.values)
        elif isinstance(one, ObjectValueNode):
            count += len(one.fields)
            stack.extend(field.value for field in one.fields)
    return count


def _add_up(fragments: Mapping[str, _Own]) -> dict[str, _Total]:
    """Add the weights of fragments up, each once; a cycle adds nothing here.

    Validation refuses cycles. The walk goes without recursion, as a chain of
    fragments may be longer than the stack is deep.
    """
    totals: dict[str, _Total] = {}
    for root in fragments:
        path = [] if root in totals else [root]
        entered = set(path)
        while path:
            own = fragments[path[-1]]
            ahead = _first_open(own.spreads, fragments, totals, entered)
            if ahead is None:
                name = path.pop()
                totals[name] = _whole(own, totals)
            else:
                path.append(ahead)
                entered.add(ahead)
    return totals


def _first_open(
    spreads: Iterable[_Spread],
    fragments: Mapping[str, _Own],
    totals: Mapping[str, _Total],
    entered: set[str],
) -> str | None:
    for spread in spreads:
        name = spread.name
        if name in fragments and name not in totals and name not in entered:
            return name
    return None


def _whole(own: _Own, totals: Mapping[str, _Total]) -> _Total:
    cost, depth, root_fields = own.cost, own.depth, own.root_fields
    for spread in own.spreads:
        total = totals.get(spread.name, _NOTHING)
        cost = min(cost + spread.times * total.cost, _CEILING)
        depth = max(depth, spread.depth + total.depth)
        if spread.depth == 0:
            root_fields = min(root_fields + total.root_fields, _CEILING)
    return _Total(cost, depth, root_fields)
