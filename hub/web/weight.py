"""Value: how much a document asks for."""

from __future__ import annotations

import msgspec


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
        operations: Operations; validation follows the fragments of each.
        fragments: Fragment definitions.
        variable_uses: Uses of variables, those in fragments once for each operation:
            so often validation looks at them.
        literals: Values inside the literals of arguments.
        list_items: The longest list that is given to an argument.
        lists: The variables whose length multiplies the cost.
        introspections: How often the whole graph is asked for.
        shows_graph: Whether the graph itself is asked for, or a part of it.
    """

    cost: int
    depth: int
    root_fields: int
    aliases: int
    repeats: int
    operations: int
    fragments: int
    variable_uses: int
    literals: int
    list_items: int
    lists: frozenset[str]
    introspections: int
    shows_graph: bool
