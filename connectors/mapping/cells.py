"""Decider (pure): a checked entry of the mapping becomes a cell: its picker, reader, writer."""

from __future__ import annotations

from collections import abc
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.mapping import codes, dates, divisions, numbers, picking, texts
from connectors.mapping.mistakes import RowMistake, Unfit
from connectors.mapping.natures import Nature
from connectors.mapping.rows import Cell, RowMapping

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.mapping.natures import Field

    Convert = Callable[[object], object]

_ITEMS_CAP: Final = 1_000
_JSON = msgspec.json.Decoder()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a mapping, checked: where the value stands and how it is written.

    Attributes:
        columns: The columns, in order; none for a constant.
        join: What stands between several columns.
        split: What a text is split by: for a field, before ``part``; for a list, before
            each item and inside it.
        part: Which part of a split text, from 1 (from the end below 0); 0 for none.
        codes: The code list; none if the field has none.
        dates: Formats of days and moments.
        unit: Unit of amounts.
        blanks: What counts as empty, besides nothing.
        exact: Texts are taken as they are.
        constant: The value itself, canonical; ``UNSET`` if it is no constant.
        items: For a list, how an item is read.
        absent_is_empty: A missing column counts as empty.
    """

    columns: tuple[str, ...] = ()
    join: str = ""
    split: tuple[str, ...] = ()
    part: int = 0
    codes: abc.Mapping[str, object] | None = None
    dates: tuple[str, ...] = dates.USUAL
    unit: str = "yuan"
    blanks: frozenset[str] = frozenset()
    exact: bool = False
    constant: object = msgspec.UNSET
    items: RowMapping | None = None
    absent_is_empty: bool = False


def cell(field: Field, entry: Entry) -> Cell:
    """Compile the entry of a field."""
    if entry.constant is not msgspec.UNSET:
        told = entry.constant
        return Cell(field.name, (), picking.nothing, lambda _value: told, _one_way)
    read, write = _converters(field, entry)
    if len(entry.columns) > 1 or entry.part:
        write = _one_way
    return Cell(
        field.name,
        entry.columns,
        _picker(field, entry),
        _unless_blank(read, entry),
        write,
        field.needed,
    )


def _picker(field: Field, entry: Entry) -> Callable[..., object]:
    picks = tuple(
        picking.column_picker(one, absent_is_empty=entry.absent_is_empty)
        for one in entry.columns
    )
    pick = picks[0]
    if len(picks) > 1:
        pick = picking.join_picker(picks, entry.join, whole=field.needed)
    if entry.part:
        pick = picking.part_picker(pick, entry.split[0], entry.part)
    return pick


def _unless_blank(read: Convert, entry: Entry) -> Convert:
    blanks = entry.blanks
    if entry.exact:
        return lambda value: None if value is None or value in blanks else read(value)

    def unless_blank(value: object) -> object:
        if value is None:
            return None
        if type(value) is str:
            if not value or value.isspace() or (blanks and value.strip() in blanks):
                return None
        elif blanks and _shown(value) in blanks:
            return None
        return read(value)

    return unless_blank


def _shown(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value) if isinstance(value, int | float) else ""


def _converters(field: Field, entry: Entry) -> tuple[Convert, Convert]:
    match field.nature:
        case Nature.LISTED | Nature.FLAG:
            return _listed(field, entry)
        case Nature.DAY:
            return dates.day_reader(entry.dates), dates.day_writer(entry.dates)
        case Nature.MOMENT:
            return dates.moment_reader(entry.dates), dates.moment_writer(entry.dates)
        case Nature.YUAN:
            return numbers.yuan_reader(entry.unit), numbers.yuan_writer(entry.unit)
        case Nature.COUNT:
            read = numbers.count_reader(field.least, field.most)
            return read, codes.written_as_is
        case Nature.DIVISION:
            return divisions.read_division, codes.written_as_is
        case Nature.PROVINCE:
            return divisions.read_province, codes.written_as_is
        case Nature.ITEMS:
            return _items(entry), _one_way
        case Nature.TEXT | Nature.CODE:
            return _text(field, entry)


def _text(field: Field, entry: Entry) -> tuple[Convert, Convert]:
    if entry.codes is not None:
        return codes.code_reader(entry.codes), codes.code_writer(entry.codes)
    code = field.nature is Nature.CODE
    read = texts.reader(field.most, code=code, exact=entry.exact)
    return read, codes.written_as_is


def _listed(field: Field, entry: Entry) -> tuple[Convert, Convert]:
    if field.nature is Nature.FLAG:
        if entry.codes is None:
            return codes.flag_reader(codes.TRUTH), codes.written_as_is
        return codes.flag_reader(entry.codes), codes.code_writer(entry.codes)
    listed = entry.codes
    if listed is None:
        assert field.members is not None  # noqa: S101  # the nature says so
        listed = {str(one.value): one for one in field.members}
    return codes.code_reader(listed), codes.code_writer(listed)


def _items(entry: Entry) -> Convert:
    mapping = entry.items
    assert mapping is not None  # noqa: S101  # the loader has seen to it
    fields = mapping.fields

    def read(value: object) -> object:
        found = []
        for item in _listed_items(value, entry.split):
            made = mapping.read(item, fields)
            if isinstance(made, RowMistake):
                raise Unfit(made.code)
            found.append(made)
        return tuple(found)

    return read


def _listed_items(value: object, split: tuple[str, ...]) -> list[Any]:
    if isinstance(value, str):
        if split:
            inner = split[-1]
            parts = [one for one in value.split(split[0]) if one.strip()]
            value = [
                {str(n): part for n, part in enumerate(one.split(inner), 1)}
                for one in parts
            ]
        else:
            try:
                value = _JSON.decode(value)
            except (ValueError, RecursionError):
                raise Unfit("NOT_A_LIST") from None
    if not isinstance(value, list | tuple):
        raise Unfit("NOT_A_LIST")
    if len(value) > _ITEMS_CAP:
        raise Unfit("TOO_MANY")
    if not all(isinstance(one, abc.Mapping) for one in value):
        raise Unfit("NOT_A_LIST")
    return list(value)


def _one_way(_value: object) -> object:
    raise Unfit("ONE_WAY")
