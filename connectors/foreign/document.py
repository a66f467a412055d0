"""Decider (pure): fields that are wanted become the body of one HTTP request.

Names come from settings and mapping, where they were checked; values, and with them the
keys of workers, travel in variables only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.foreign.arguments import Argument

    Value = object
    Shape = tuple[tuple[str, ...], tuple[Argument, ...], tuple[tuple[str, ...], ...]]

#: What aliases begin with.
PREFIX = "hub_a"
_ENCODER = msgspec.json.Encoder()


class Part(NamedTuple):
    """One field of a document.

    Attributes:
        path: Its name; below the first, the names that lead to it.
        values: Its arguments, and what they are given.
        leaves: What is wanted below it, each by its path.
    """

    path: tuple[str, ...]
    values: tuple[tuple[Argument, Value], ...]
    leaves: tuple[tuple[str, ...], ...]

    @property
    def shape(self) -> Shape:
        """All but the values: parts of one shape are written in the same way."""
        return self.path, tuple(one for one, _ in self.values), self.leaves


def alias(place: int) -> str:
    """Name the field of a document by its place, as no province calls its own."""
    return f"{PREFIX}{place}"


def body(operation: str, parts: Sequence[Part]) -> bytes:
    """Write the request body: document and variables, as JSON.

    Args:
        operation: ``query`` or ``mutation``.
        parts: Its fields; the first is told under ``alias(0)``, and so on.
    """
    head = _head(operation, tuple(part.shape for part in parts))
    variables = {
        f"v{place}_{number}": value
        for place, part in enumerate(parts)
        for number, (_, value) in enumerate(part.values)
    }
    return b"".join((head, _ENCODER.encode(variables), b"}"))


def document(operation: str, shapes: tuple[Shape, ...]) -> str:
    """Write the document: the same shapes always give the same text."""
    variables = ",".join(
        f"$v{place}_{number}:{argument.type}"
        for place, (_, arguments, _) in enumerate(shapes)
        for number, argument in enumerate(arguments)
    )
    fields = " ".join(
        f"{alias(place)}:{_field(shape, place)}" for place, shape in enumerate(shapes)
    )
    return f"{operation} Hub{f'({variables})' if variables else ''}{{{fields}}}"


@lru_cache(maxsize=256)
def _head(operation: str, shapes: tuple[Shape, ...]) -> bytes:
    text = _ENCODER.encode(document(operation, shapes))
    return b'{"operationName":"Hub","query":' + text + b',"variables":'


def _field(shape: Shape, place: int) -> str:
    path, arguments, leaves = shape
    given: dict[str, object] = {}
    for number, argument in enumerate(arguments):
        *above, last = argument.path
        inner = given
        for step in above:
            inner = inner.setdefault(step, {})  # type: ignore[assignment]
        inner[last] = f"$v{place}_{number}"
    told = f"({_given(given)})" if given else ""
    wanted = selection(leaves)
    return "{".join(path) + told + wanted + "}" * (len(path) - 1)


def _given(tree: dict[str, object]) -> str:
    return ",".join(
        f"{name}:{f'{{{_given(one)}}}' if isinstance(one, dict) else one}"
        for name, one in tree.items()
    )


def selection(leaves: Iterable[tuple[str, ...]]) -> str:
    """Write what is wanted; a step that is a number is a place in a list, no field."""
    tree: dict[str, dict[str, object]] = {}
    for leaf in leaves:
        inner = tree
        for step in leaf:
            if not step.isdecimal():
                inner = inner.setdefault(step, {})  # type: ignore[assignment]
    return _wanted(tree)


def _wanted(tree: dict[str, dict[str, object]]) -> str:
    if not tree:
        return ""
    inner = " ".join(name + _wanted(one) for name, one in tree.items())  # type: ignore[arg-type]
    return f"{{{inner}}}"
