"""View: pages, as Relay's connections have them.

A page that cannot be given (a wrong cursor, more than may be asked for, a scope that
is missing) is an error that bears the refusal, not a member of a union: Relay's
clients and ``@listSize`` know connections only as the type of a field.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Annotated, Any, TypeVar

import msgspec
import strawberry

from schema.graph.partners import SHARED
from schema.records.paging import MOST_ON_PAGE, USUAL_ON_PAGE, Page
from schema.records.refusal import Refusal, Refused

T = TypeVar("T")

First = Annotated[
    int,
    strawberry.argument(
        description=f"至多几项，1 至 {MOST_ON_PAGE}，默认 {USUAL_ON_PAGE}。 "
        f"How many at the most, 1 to {MOST_ON_PAGE}."
    ),
]
After = Annotated[
    str | None,
    strawberry.argument(
        description="上一页的 endCursor；省略则从头。 The `endCursor` of the page before; left out: from the start."
    ),
]


class Edge(msgspec.Struct, frozen=True):
    """Value: an item and its place."""

    cursor: str
    node: Any


class Turned(msgspec.Struct, frozen=True):
    """Value: where a page stands in the whole."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(
    directives=SHARED,
    description="一页在全部中的位置。 Where a page stands in the whole.",
)
class PageInfo:
    has_next_page: bool = strawberry.field(
        description="其后是否还有。 Whether there is more after it."
    )
    has_previous_page: bool = strawberry.field(
        description="是否由 after 续读（其前有过一项）。 Whether it goes on from an `after`."
    )
    start_cursor: str | None = strawberry.field(
        description="首项的 cursor。 The cursor of the first item."
    )
    end_cursor: str | None = strawberry.field(
        description="末项的 cursor；作为 after 续读。 The cursor of the last item: give it as `after` to go on."
    )


def connection(node: Any, name: str, description: str) -> Any:
    """Make the types that show pages of a type: the connection and its edge.

    Args:
        node: The GraphQL type of an item.
        name: Name of the items, e.g. ``Transfer``.
        description: What is listed, in both languages.
    """
    edge: Any = _made(
        f"{name}Edge",
        f"一项及其位置。 An item and its place. {description}",
        cursor=(str, "此项的位置。 The place of the item."),
        node=(node, "此项。 The item."),
    )
    return _made(
        f"{name}Connection",
        description,
        edges=(
            GenericAlias(list, (edge,)),
            "各项，依次。 The items, in their order.",
            _edges,
        ),
        page_info=(PageInfo, "本页的位置。 Where the page stands.", page_info),
    )


def granted(answer: T | Refusal) -> T:
    """Let a page through, and raise a refusal.

    Raises:
        Refused: It is one.
    """
    if isinstance(answer, Refusal):
        raise Refused(answer)
    return answer


def _edges(root: Any) -> Any:
    page: Page[Any] = root
    return [Edge(*one) for one in zip(page.cursors, page.items, strict=True)]


def page_info(root: Any) -> Any:
    """Tell where a page stands in the whole, by its cursors."""
    page: Page[Any] = root
    ends = page.cursors[:1] + page.cursors[-1:]
    first, last = ends or (None, None)
    return Turned(page.more, page.resumed, first, last)


def _made(name: str, description: str, **fields: tuple[Any, ...]) -> Any:
    namespace: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for key, (kind, words, *resolver) in fields.items():
        namespace["__annotations__"][key] = kind
        namespace[key] = (
            strawberry.field(resolver=resolver[0], graphql_type=kind, description=words)
            if resolver
            else strawberry.field(description=words)
        )
    return strawberry.type(
        type(name, (), namespace), name=name, description=description
    )
