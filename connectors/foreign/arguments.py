"""Value: an argument of a field, as settings name it: where it stands, and its type.

``"gongHao: [String!]!"`` is an argument; ``"tiaoJian.gongHao._in: [String!]!"`` stands
inside an input object. The type has to be written down, since values travel in variables
only and GraphQL wants the type of each.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import AfterValidator

from connectors.settings_checks import wrong

if TYPE_CHECKING:
    from collections.abc import Iterable

_STEP = r"[_A-Za-z][_0-9A-Za-z]{0,63}"
_PATH = re.compile(rf"{_STEP}(?:\.{_STEP}){{0,7}}", re.ASCII)
_ARGUMENT = re.compile(
    rf"({_STEP}(?:\.{_STEP}){{0,7}})\s*:\s*({_STEP}!?|\[{_STEP}!?\]!?)", re.ASCII
)


class Argument(NamedTuple):
    """One argument.

    Attributes:
        path: Its name, and the names inside it.
        type: Its type, in GraphQL's words.
    """

    path: tuple[str, ...]
    type: str

    @property
    def listed(self) -> bool:
        """Whether it takes many values."""
        return self.type.startswith("[")


def argument(text: str) -> Argument:
    """Read an argument that the settings have checked."""
    found = _ARGUMENT.fullmatch(text)
    if found is None:
        raise ValueError("not an argument")
    return Argument(tuple(found[1].split(".")), found[2])


def is_path(text: str) -> bool:
    """Tell whether a text names a field, or one inside others, in GraphQL's words."""
    return _PATH.fullmatch(text) is not None


def _argument(value: str) -> str:
    if _ARGUMENT.fullmatch(value):
        return value
    raise wrong(
        "graphql_argument",
        "参数写成“名称: 类型”，例如 gongHao: [String!]!；输入对象里的用点，"
        "例如 tiaoJian.gongHao: [String!]!。",
        'An argument is "name: Type", e.g. gongHao: [String!]!; inside an input object '
        "with dots, e.g. tiaoJian.gongHao: [String!]!.",
    )


def _field(value: str) -> str:
    if is_path(value):
        return value
    raise wrong(
        "graphql_field",
        "字段名由字母、数字、下划线组成，层级之间用点，例如 huiYuan.lieBiao。",
        "A field has letters, digits and underscores, with dots between levels, e.g. "
        "members.list.",
    )


ArgumentText = Annotated[str, AfterValidator(_argument)]
FieldPath = Annotated[str, AfterValidator(_field)]


def clash(arguments: Iterable[Argument]) -> bool:
    """Tell whether two of them stand in the same place, or one inside another."""
    paths = sorted(one.path for one in arguments)
    pairs = pairwise(paths)
    return any(two[: len(one)] == one for one, two in pairs)
