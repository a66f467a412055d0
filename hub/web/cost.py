"""Decider: how much a document asks for, before anything is done about it.

The weighing needs no schema and runs before validation, whose rules compare
fields pairwise. Every definition is walked once: a walk leaves the definition's
own weight and the list of fragments it spreads, and the weights of fragments
are then added up along the spreads, each fragment once. A list given to a field
(``workers(by: [...])``, ``_entities(representations: [...])``) multiplies
everything below that field; so does, for any other list, the length that the
graph says to assume. What shows the graph itself is weighed by its size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    OperationDefinitionNode,
)

from hub.web.graph_sizes import OF_THE_GRAPH, WHOLE, Within, is_of_the_graph
from hub.web.list_sizes import NONE_KNOWN, Scale
from hub.web.literals import inside, inside_directives
from hub.web.weight import Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import DocumentNode

    from hub.web.list_sizes import Assumed, Sizes

#: A fragment, and where it is spread: about the graph it weighs by that.
_Key: TypeAlias = "tuple[str, Within]"


class _Spread(msgspec.Struct, frozen=True):
    key: _Key
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
    variable_uses: int = 0
    introspections: int = 0
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
    defaults = _list_variables(document)
    lengths = {
        name: sizes.get(name, max(unknown, default))
        for name, default in defaults.items()
    }
    scale = Scale(lengths, assumed)
    about_graph = _about_graph(document)
    fragments: dict[_Key, _Own] = {}
    once: list[_Own] = []
    operations: list[_Own] = []
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            operations.append(_walk(definition, scale, Within.DATA, about_graph))
        elif isinstance(definition, FragmentDefinitionNode):
            name = definition.name.value
            walked = {
                (name, within): _walk(definition, scale, within, about_graph)
                for within in _places(name, about_graph)
            }
            fragments |= walked
            once.append(next(iter(walked.values())))
    totals = _add_up(fragments)
    wholes = [_whole(own, totals) for own in operations]
    everything = [*once, *operations]
    return Weight(
        cost=max((one.cost for one in wholes), default=0),
        depth=max((one.depth for one in [*wholes, *totals.values()]), default=0),
        root_fields=max((one.root_fields for one in wholes), default=0),
        aliases=sum(own.aliases for own in everything),
        repeats=sum(own.repeats for own in everything),
        operations=len(operations),
        fragments=len(once),
        variable_uses=sum(own.variable_uses for own in operations)
        + len(operations) * sum(own.variable_uses for own in once),
        literals=sum(own.literals for own in everything) + sum(defaults.values()),
        list_items=max((own.list_items for own in everything), default=0),
        lists=frozenset(lengths),
        introspections=sum(own.introspections for own in everything),
        shows_graph=any(own.shows_graph for own in everything),
    )


def _places(fragment: str, about_graph: set[str]) -> tuple[Within, ...]:
    """Tell where a fragment may be spread."""
    return (Within.ALL, Within.ONE) if fragment in about_graph else (Within.DATA,)


def _key(fragment: str, within: Within, about_graph: set[str]) -> _Key:
    """Tell which weight of a fragment counts; a spread may be out of place."""
    places = _places(fragment, about_graph)
    return fragment, within if within in places else places[-1]


def _about_graph(document: DocumentNode) -> set[str]:
    """Find the fragments on types that describe the graph."""
    return {
        one.name.value
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
        and is_of_the_graph(one.type_condition.name.value)
    }


def _list_variables(document: DocumentNode) -> dict[str, int]:
    """Find the variables that are lists, and how long their defaults are."""
    found = {}
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        for one in operation.variable_definitions or ():
            kind = one.type.type if isinstance(one.type, NonNullTypeNode) else one.type
            if isinstance(kind, ListTypeNode):
                default = one.default_value
                length = (
                    len(default.values) if isinstance(default, ListValueNode) else 0
                )
                found[one.variable.name.value] = length
    return found


def _walk(
    definition: OperationDefinitionNode | FragmentDefinitionNode,
    scale: Scale,
    within: Within,
    about_graph: set[str],
) -> _Own:
    """Walk one definition with a stack of its own: nesting costs no frames."""
    own = _Own(spreads=[])
    _note_given(own, inside_directives(definition.directives))
    stack = [(definition.selection_set, 1, 1, set[str](), within)]
    while stack:
        current, times, depth, names, within = stack.pop()
        own.depth = max(own.depth, depth)
        for node in current.selections:
            if node.directives:
                _note_given(own, inside_directives(node.directives))
            if isinstance(node, FragmentSpreadNode):
                own.repeats += _again("..." + node.name.value, names)
                key = _key(node.name.value, within, about_graph)
                own.spreads.append(_Spread(key, times, depth - 1))
            elif isinstance(node, FieldNode):
                own.repeats += _again((node.alias or node.name).value, names)
                own.root_fields += depth == 1
                factor, inner = _note(own, node, times, scale, within)
                if node.selection_set:
                    below = min(times * factor, _CEILING)
                    stack.append((node.selection_set, below, depth + 1, set(), inner))
            elif isinstance(node, InlineFragmentNode):
                # It adds no level of its own, and its fields merge with its peers'.
                stack.append((node.selection_set, times, depth, names, within))
    return own


def _again(name: str, names: set[str]) -> bool:
    if name in names:
        return True
    names.add(name)
    return False


def _note(
    own: _Own, node: FieldNode, times: int, scale: Scale, within: Within
) -> tuple[int, Within]:
    """Take note of one field.

    Returns:
        By what everything below it is multiplied, and where that stands.
    """
    name, graph = node.name.value, scale.assumed.graph
    own.aliases += node.alias is not None
    weight = graph.weight(name) if within else scale.assumed.weights.get(name, 1)
    own.cost = min(own.cost + times * weight, _CEILING)
    own.introspections += name in WHOLE
    own.shows_graph = own.shows_graph or name in OF_THE_GRAPH
    factor, given = scale.factor(node)
    own.list_items = max(own.list_items, given)
    if node.arguments:
        _note_given(own, inside(node.arguments))
    if within:
        return graph.below(name, within)
    return factor, Within.ONE if name in OF_THE_GRAPH else within


def _note_given(own: _Own, given: tuple[int, int]) -> None:
    """Take note of what is given to a field or to directives."""
    literals, uses = given
    own.literals += literals
    own.variable_uses += uses


def _add_up(fragments: Mapping[_Key, _Own]) -> dict[_Key, _Total]:
    """Add the weights of fragments up, each once; a cycle adds nothing here.

    Validation refuses cycles. The walk goes without recursion, as a chain of
    fragments may be longer than the stack is deep.
    """
    totals: dict[_Key, _Total] = {}
    for root in fragments:
        path = [] if root in totals else [root]
        entered = set(path)
        while path:
            own = fragments[path[-1]]
            ahead = _first_open(own.spreads, fragments, totals, entered)
            if ahead is None:
                done = path.pop()
                totals[done] = _whole(own, totals)
            else:
                path.append(ahead)
                entered.add(ahead)
    return totals


def _first_open(
    spreads: Iterable[_Spread],
    fragments: Mapping[_Key, _Own],
    totals: Mapping[_Key, _Total],
    entered: set[_Key],
) -> _Key | None:
    for spread in spreads:
        key = spread.key
        if key in fragments and key not in totals and key not in entered:
            return key
    return None


def _whole(own: _Own, totals: Mapping[_Key, _Total]) -> _Total:
    cost, depth, root_fields = own.cost, own.depth, own.root_fields
    for spread in own.spreads:
        total = totals.get(spread.key, _NOTHING)
        cost = min(cost + spread.times * total.cost, _CEILING)
        depth = max(depth, spread.depth + total.depth)
        if spread.depth == 0:
            root_fields = min(root_fields + total.root_fields, _CEILING)
    return _Total(cost, depth, root_fields)
