"""Value: what a field of a record holds, as far as a mapping has to know."""

from __future__ import annotations

from enum import Enum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from msgspec import inspect

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT_CAP, _CODE_CAP = 500, 64


class Nature(StrEnum):
    """What a field holds."""

    TEXT = "TEXT"
    #: A code or number in print: no list, but no full width either.
    CODE = "CODE"
    #: A member of a list of ours.
    LISTED = "LISTED"
    FLAG = "FLAG"
    DAY = "DAY"
    MOMENT = "MOMENT"
    COUNT = "COUNT"
    YUAN = "YUAN"
    DIVISION = "DIVISION"
    PROVINCE = "PROVINCE"
    #: Rows inside the row, such as the aids of a hardship file.
    ITEMS = "ITEMS"


class Field(msgspec.Struct, frozen=True):
    """One field of a Struct of ours.

    Attributes:
        name: Its Python name.
        nature: What it holds.
        most: Greatest length of a text, or greatest number.
        least: Least number.
        members: For ``LISTED``, the list.
        items: For ``ITEMS``, the Struct of one.
        needed: The Struct cannot do without it.
    """

    name: str
    nature: Nature
    most: int = _TEXT_CAP
    least: int = 0
    members: type[Enum] | None = None
    items: type[msgspec.Struct] | None = None
    needed: bool = False


_PLAIN: Mapping[type[inspect.Type], Nature] = {
    inspect.BoolType: Nature.FLAG,
    inspect.DateType: Nature.DAY,
    inspect.DateTimeType: Nature.MOMENT,
}


@lru_cache(maxsize=64)
def fields_of(made: type[msgspec.Struct]) -> Mapping[str, Field]:
    """Tell the fields of a Struct, by name."""
    told = inspect.type_info(made)
    assert isinstance(told, inspect.StructType)  # noqa: S101  # it is one
    return {one.name: _field(one) for one in told.fields}


def _field(one: inspect.Field) -> Field:
    told = one.type
    empty_allowed = not one.required
    if isinstance(told, inspect.UnionType):
        empty_allowed |= any(isinstance(t, inspect.NoneType) for t in told.types)
        told = next(t for t in told.types if not isinstance(t, inspect.NoneType))
    return msgspec.structs.replace(_of(one.name, told), needed=not empty_allowed)


def _of(name: str, told: inspect.Type) -> Field:
    match told:
        case inspect.EnumType(cls=cls):
            return Field(name, Nature.LISTED, members=cls)
        case inspect.IntType(ge=least, le=most):
            return Field(name, Nature.COUNT, most or 2**31 - 1, least or 0)
        case inspect.VarTupleType(item_type=inspect.StructType(cls=cls)):
            return Field(name, Nature.ITEMS, items=cls)
        case inspect.StrType(pattern=pattern, max_length=most):
            return _text(name, pattern, most or _TEXT_CAP)
        case _:
            return Field(name, _PLAIN[type(told)])


def _text(name: str, pattern: str | None, most: int) -> Field:
    if pattern is not None:
        return Field(name, Nature.YUAN)
    if name.endswith("division"):
        return Field(name, Nature.DIVISION, most)
    if name.endswith("province"):
        return Field(name, Nature.PROVINCE, most)
    nature = Nature.CODE if most <= _CODE_CAP else Nature.TEXT
    return Field(name, nature, most)
