"""Decider: what the graph looks like to gateways of an older Federation.

Apollo's own Node gateway starts with no supergraph that holds ``@authenticated``
or ``@requiresScopes``, and compositions before 2.9 know neither ``@cost`` nor
``@listSize``. Without them nothing is opened: they only repeat to gateways what the
hub judges itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from graphql import (
    REMOVE,
    ListValueNode,
    StringValueNode,
    Visitor,
    parse,
    print_ast,
    visit,
)
from strawberry.federation.versions import FEDERATION_VERSIONS

from schema.graph.partners import NEEDS, VERSION
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphql import DirectiveNode

_NO_SUCH: Final = Refusal(
    code="NO_SUCH_FEDERATION",
    rule="federation.version",
    message=Bilingual(
        "没有这个 Federation 版本。", "There is no such version of Federation."
    ),
    remedy=Bilingual(
        f"请给出 2.0 至 {VERSION}，例如 --federation 2.4。",
        f"Give one from 2.0 to {VERSION}, e.g. --federation 2.4.",
    ),
)
_FEDERATION: Final = "https://specs.apollo.dev/federation/v"


def for_version(sdl: str, version: str) -> str:
    """Write an SDL as a version of Federation understands it.

    Args:
        sdl: As the hub serves it.
        version: Such as ``2.3``.

    Raises:
        Refused: There is no such version, or not that the hub knows of.
    """
    known = FEDERATION_VERSIONS.get(version)
    if known is None or known > FEDERATION_VERSIONS[VERSION]:
        raise Refused(_NO_SUCH)
    unknown = {name for name, needed in NEEDS.items() if needed > known}
    return print_ast(visit(parse(sdl), _Leaving(unknown, version))) + "\n"


class _Leaving(Visitor):
    """Leaves directives out, wherever they are applied and in the import."""

    def __init__(self, names: Collection[str], version: str) -> None:
        super().__init__()
        self._names = names
        self._version = version

    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        """Leave it out, or import no more than what is left."""
        if node.name.value in self._names:
            return REMOVE
        return None

    def enter_string_value(self, node: StringValueNode, *_: Any) -> Any:
        """Name the version; the address stands nowhere else."""
        if node.value.startswith(_FEDERATION):
            return replace(node, value=_FEDERATION + self._version)
        return None

    def enter_list_value(self, node: ListValueNode, *_: Any) -> Any:
        """Leave the names out of the import."""
        gone = {f"@{name}" for name in self._names}
        left = tuple(
            one
            for one in node.values
            if not (isinstance(one, StringValueNode) and one.value in gone)
        )
        return replace(node, values=left) if len(left) < len(node.values) else None
