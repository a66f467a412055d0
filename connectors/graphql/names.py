"""Value: how the fields of records are called in the province contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import inspect

from schema.records.kinds import KINDS, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Name(msgspec.Struct, frozen=True):
    """A field in the tongue of the contract.

    Attributes:
        text: Its name there.
        inner: For a field that holds objects, the names of all their fields:
            they are selected as a whole.
    """

    text: str
    inner: tuple[str, ...] = ()

    @property
    def selected(self) -> str:
        """The field as it stands in a document."""
        return f"{self.text}{{{' '.join(self.inner)}}}" if self.inner else self.text


def _structs(told: inspect.Type) -> Iterator[type[msgspec.Struct]]:
    match told:
        case inspect.StructType(cls=cls):
            yield cls
        case inspect.UnionType(types=types):
            for option in types:
                yield from _structs(option)
        case inspect.VarTupleType(item_type=item):
            yield from _structs(item)
        case _:
            return


def _name(field: inspect.Field) -> Name:
    inner = (
        name
        for struct in _structs(field.type)
        for name in struct.__struct_encode_fields__
    )
    return Name(field.encode_name, tuple(inner))


def _names(record: type[msgspec.Struct]) -> dict[str, Name]:
    told = inspect.type_info(record)
    assert isinstance(told, inspect.StructType)  # noqa: S101  # it is a record
    return {field.name: _name(field) for field in told.fields}


#: For each kind, the names of its fields by their Python names.
NAMES: Mapping[RecordKind, Mapping[str, Name]] = {
    line.kind: {
        field: name
        for field, name in _names(line.record).items()
        if field in line.fields
    }
    for line in KINDS.values()
}

#: For each kind that has rows of its own, the field of ``Worker`` with its rows.
ROWS: Mapping[RecordKind, str] = {
    line.kind: _names(KINDS[RecordKind.WORKER].record)[line.rows].text
    for line in KINDS.values()
    if line.rows
}

#: And back: by the names of the contract.
FIELDS: Mapping[RecordKind, Mapping[str, str]] = {
    kind: {name.text: field for field, name in names.items()}
    for kind, names in NAMES.items()
}
KINDS_BY_ROWS: Mapping[str, RecordKind] = {text: kind for kind, text in ROWS.items()}
