"""Decider (pure): a checked entry of the mapping becomes a cell: its picker, reader, writer."""

from __future__ import annotations

from collections import abc
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.mapping import codes, dates, divisions, numbers, picking, texts
from connectors.mapping.mistakes import RowMistake, Unfit
from connectors.mapping.natures import Nature
from connectors.mapping.rows import Cell, RowMapping

if TYPE_CHECKING:
    from connectors.mapping.natures import Field

Convert = Callable[[object], object]

#: What may be taken as it is.
_TEXTUAL: Final = frozenset(
    {Nature.TEXT, Nature.CODE, Nature.DIVISION, Nature.PROVINCE}
)
_ITEMS_CAP: Final = 1_000
_JSON = msgspec.json.Decoder()
#: What a database keeps in a column of JSON for nothing, beside its own null.
_JSON_NOTHING: Final = "null"


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
        exact: Texts, codes and places are taken as they are.
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
        _unless_blank(field, read, entry),
        write,
        field.needed,
        ()
        if entry.items is None or entry.split
        else entry.items.leaves_for(entry.items.fields),
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


def _unless_blank(field: Field, read: Convert, entry: Entry) -> Convert:
    blanks = entry.blanks
    if entry.exact and field.nature in _TEXTUAL and entry.codes is None:
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
    """Tell what reads a field, and what writes it."""
    return _BY_NATURE[field.nature](field, entry)


def _day(_field: Field, entry: Entry) -> tuple[Convert, Convert]:
    return dates.day_reader(entry.dates), dates.day_writer(entry.dates)


def _moment(_field: Field, entry: Entry) -> tuple[Convert, Convert]:
    return dates.moment_reader(entry.dates), dates.moment_writer(entry.dates)


def _yuan(_field: Field, entry: Entry) -> tuple[Convert, Convert]:
    return numbers.yuan_reader(entry.unit), numbers.yuan_writer(entry.unit)


def _count(field: Field, _entry: Entry) -> tuple[Convert, Convert]:
    return numbers.count_reader(field.least, field.most), codes.written_as_is


def _division(field: Field, entry: Entry) -> tuple[Convert, Convert]:
    if entry.exact:
        return _text(field, entry)
    return divisions.read_division, codes.written_as_is


def _province(field: Field, entry: Entry) -> tuple[Convert, Convert]:
    if entry.exact:
        return _text(field, entry)
    return divisions.read_province, codes.written_as_is


def _text(field: Field, entry: Entry) -> tuple[Convert, Convert]:
    if entry.codes is not None:
        return codes.code_reader(entry.codes), codes.code_writer(entry.codes)
    code = field.nature is Nature.CODE
    read = texts.reader(field.most, code=code, exact=entry.exact)
    return read, codes.written_as_is


def _listed(field: Field, entry: Entry) -> tuple[Convert, Convert]:
    listed = entry.codes
    if listed is None:
        listed = {str(one.value): one for one in field.members or ()}
    return codes.code_reader(listed), codes.code_writer(listed)


def _flag(_field: Field, entry: Entry) -> tuple[Convert, Convert]:
    if entry.codes is None:
        return codes.flag_reader(codes.TRUTH), codes.written_as_is
    return codes.flag_reader(entry.codes), codes.code_writer(entry.codes)


def _list(_field: Field, entry: Entry) -> tuple[Convert, Convert]:
    return _items(entry), _one_way


def _items(entry: Entry) -> Convert:
    mapping = entry.items
    assert mapping is not None  # noqa: S101  # the loader has seen to it
    fields = mapping.fields

    def read(value: object) -> object:
        if value == _JSON_NOTHING and not entry.split:
            return None
        found = []
        for item in _listed_items(value, entry.split):
            made = mapping.read(item, fields)
            if isinstance(made, RowMistake):
                raise Unfit(made.code, made.field)
            found.append(made)
        return tuple(found)

    return read


def _listed_items(value: object, split: tuple[str, ...]) -> list[Any]:
    """Take the items out of a list, of JSON text, or of a text that is split."""
    if isinstance(value, str):
        value = _split(value, split) if split else _decoded(value)
    if not isinstance(value, list | tuple):
        raise Unfit("NOT_A_LIST")
    if len(value) > _ITEMS_CAP:
        raise Unfit("TOO_MANY")
    if not all(isinstance(one, abc.Mapping) for one in value):
        raise Unfit("NOT_A_LIST")
    return list(value)


def _split(text: str, split: tuple[str, ...]) -> list[dict[str, object]]:
    """Split a text into items, and each into parts, called 1, 2, 3 and so on."""
    items = [one for one in text.split(split[0]) if one.strip()]
    return [
        {str(n): part for n, part in enumerate(one.split(split[-1]), 1)}
        for one in items
    ]


def _decoded(text: str) -> object:
    try:
        return _JSON.decode(text)
    except (ValueError, RecursionError):
        raise Unfit("NOT_A_LIST") from None


def _one_way(_value: object) -> object:
    raise Unfit("ONE_WAY")


_BY_NATURE: Final[
    abc.Mapping[Nature, Callable[[Field, Entry], tuple[Convert, Convert]]]
] = {
    Nature.TEXT: _text,
    Nature.CODE: _text,
    Nature.LISTED: _listed,
    Nature.FLAG: _flag,
    Nature.DAY: _day,
    Nature.MOMENT: _moment,
    Nature.COUNT: _count,
    Nature.YUAN: _yuan,
    Nature.DIVISION: _division,
    Nature.PROVINCE: _province,
    Nature.ITEMS: _list,
}
