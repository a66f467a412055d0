"""Decider (pure): what a mapping says of one field is checked, and compiled."""

from __future__ import annotations

from collections import abc
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.mapping import words
from connectors.mapping.cells import Entry, cell
from connectors.mapping.dates import FORMATS, USUAL, ambiguous
from connectors.mapping.mistakes import Unfit
from connectors.mapping.names import is_column
from connectors.mapping.natures import Nature, fields_of
from connectors.mapping.numbers import UNITS
from connectors.mapping.rows import RowMapping
from connectors.mapping.texts import narrow

if TYPE_CHECKING:
    from connectors.mapping.natures import Field
    from connectors.mapping.notes import Notes
    from connectors.mapping.positions import Path
    from connectors.mapping.rows import Cell

    Table = dict[str, Any]

#: Keys of an entry that every field can have, and those of some natures.
_ANY: Final = frozenset(
    {"column", "columns", "join", "split", "part", "constant", "blanks"}
)
_OF: Final[abc.Mapping[Nature, frozenset[str]]] = {
    Nature.TEXT: frozenset({"codes", "exact"}),
    Nature.CODE: frozenset({"codes", "exact"}),
    Nature.LISTED: frozenset({"codes"}),
    Nature.FLAG: frozenset({"codes"}),
    Nature.DAY: frozenset({"dates"}),
    Nature.MOMENT: frozenset({"dates"}),
    Nature.DIVISION: frozenset({"exact"}),
    Nature.PROVINCE: frozenset({"exact"}),
    Nature.YUAN: frozenset({"unit"}),
    Nature.ITEMS: frozenset({"fields"}),
}
_EVERY: Final = _ANY.union(*_OF.values())
_COLUMNS_CAP, _PARTS_CAP = 8, 20


class Usual(msgspec.Struct, frozen=True):
    """What holds for every field that says nothing else.

    Attributes:
        lists: Code lists of the file, by name, as they stand there.
        dates: Formats of days and moments.
        unit: Unit of amounts.
        blanks: What counts as empty.
        exact: Texts, codes and places are taken as they are.
        absent_is_empty: A missing column counts as empty.
    """

    lists: abc.Mapping[str, Table]
    dates: tuple[str, ...] = USUAL
    unit: str = "yuan"
    blanks: frozenset[str] = frozenset()
    exact: bool = False
    absent_is_empty: bool = False


class EntryReader:
    """Reads the entries of one file."""

    def __init__(self, notes: Notes, usual: Usual) -> None:
        """Note mistakes in ``notes``; take what is not said from ``usual``."""
        self._notes = notes
        self._usual = usual

    def cell(self, field: Field, told: object, path: Path) -> Cell | None:
        """Read one entry: a column's name, or a table. None if it has mistakes."""
        before = len(self._notes.mistakes)
        if isinstance(told, str):
            told = {"column": told}
            path_of = dict.fromkeys(("column",), path)
        elif isinstance(told, dict):
            path_of = {key: (*path, key) for key in told}
        else:
            self._notes.of_type(
                path, "列名或一个表", "a column's name or a table", '"XM"'
            )
            return None
        entry = self._entry(field, told, path, path_of)
        if entry is None or len(self._notes.mistakes) > before:
            return None
        return cell(field, entry)

    def _entry(
        self, field: Field, told: Table, path: Path, path_of: dict[str, Path]
    ) -> Entry | None:
        allowed = _ANY | _OF.get(field.nature, frozenset())
        for key in told.keys() - allowed:
            if key in _EVERY:
                said = words.NOT_FOR_THIS
                self._notes.add(path_of[key], said, name=key, field=field.name)
            else:
                self._notes.unknown(path_of[key], words.UNKNOWN_KEY, key, allowed)
        codes = self._codes(field, told, path)
        if "constant" in told:
            return self._constant(field, told, path)
        blanks = texts_at(self._notes, told, path, "blanks")
        return Entry(
            columns=self._columns(told, path, path_of),
            join=self._notes.text(told, path, "join") or "",
            split=self._split(field, told, path),
            part=self._part(told, path),
            codes=codes,
            dates=formats_at(self._notes, told, path) or self._usual.dates,
            unit=unit_at(self._notes, told, path) or self._usual.unit,
            blanks=self._usual.blanks | frozenset(blanks),
            exact=flag_at(self._notes, told, path, "exact", usual=self._usual.exact),
            items=self._items(field, told, path),
            absent_is_empty=self._usual.absent_is_empty,
        )

    def _columns(
        self, told: Table, path: Path, path_of: dict[str, Path]
    ) -> tuple[str, ...]:
        if ("column" in told) == ("columns" in told):
            said = words.TWO_SOURCES if "column" in told else words.NO_SOURCE_OF_VALUE
            self._notes.add(path, said)
            return ("",)
        key = "column" if "column" in told else "columns"
        named = [told[key]] if key == "column" else told[key]
        if not isinstance(named, list) or not 1 <= len(named) <= _COLUMNS_CAP:
            self._notes.of_type(
                path_of[key], "一至八个列名", "one to eight columns", '["A", "B"]'
            )
            return ("",)
        for at, one in enumerate(named):
            where = path_of[key] if key == "column" else (*path_of[key], at)
            if not isinstance(one, str) or not is_column(one):
                self._notes.add(where, words.NOT_A_NAME)
        return tuple(str(one) for one in named)

    def _constant(self, field: Field, told: Table, path: Path) -> Entry | None:
        for key in told.keys() & {"column", "columns"}:
            self._notes.add((*path, key), words.TWO_SOURCES)
        value = told["constant"]
        if field.nature is Nature.ITEMS:
            said = words.NOT_FOR_THIS
            self._notes.add(
                (*path, "constant"), said, name="constant", field=field.name
            )
            return None
        plain = cell(field, Entry(columns=("x",), dates=USUAL))
        try:
            made = plain.read(value)
        except (Unfit, TypeError, ValueError) as why:
            self._notes.add(
                (*path, "constant"), words.CONSTANT, field=field.name, why=why
            )
            return None
        return Entry(constant=made)

    def _split(self, field: Field, told: Table, path: Path) -> tuple[str, ...]:
        if "split" not in told and "part" not in told:
            return ()
        split = told.get("split")
        if field.nature is Nature.ITEMS:
            texts = split if isinstance(split, list) else [split]
            sound = "part" not in told and len(texts) <= 2  # noqa: PLR2004  # outer, inner
        else:
            texts, sound = [split], "part" in told
        if not sound or not all(isinstance(one, str) and one for one in texts):
            self._notes.add(path, words.SPLIT)
            return ()
        return tuple(texts)

    def _part(self, told: Table, path: Path) -> int:
        part = told.get("part", 0)
        whole = isinstance(part, int) and not isinstance(part, bool)
        if whole and -_PARTS_CAP <= part <= _PARTS_CAP and (part or "part" not in told):
            return int(part)
        self._notes.of_type(
            (*path, "part"), "1 到 20 的整数", "a number from 1 to 20", "part = 1"
        )
        return 0

    def _codes(self, field: Field, told: Table, path: Path) -> dict[str, object] | None:
        if "codes" not in told or "codes" not in _OF.get(field.nature, ()):
            return None
        listed, at = told["codes"], (*path, "codes")
        if isinstance(listed, str):
            if listed not in self._usual.lists:
                known = self._usual.lists
                self._notes.unknown(at, words.UNKNOWN_CODES, listed, known)
                return None
            at, listed = ("codes", listed), self._usual.lists[listed]
        if not isinstance(listed, dict):
            zh, en = "代码表的名称，或一个表", "the name of a list, or a table"
            self._notes.of_type(at, zh, en, '{ "1" = "MALE" }')
            return None
        return self._translated(field, listed, at)

    def _translated(self, field: Field, listed: Table, at: Path) -> dict[str, object]:
        made: dict[str, object] = {}
        seen: set[str] = set()
        for code, value in listed.items():
            if narrow(code) in seen:
                self._notes.add((*at, code), words.CODE_TWICE, name=code)
            seen.add(narrow(code))
            target = _meant(field, value)
            if target is None:
                known = _meanings(field)
                self._notes.unknown(
                    (*at, code),
                    words.UNKNOWN_TARGET,
                    str(value),
                    known,
                    field=field.name,
                )
            else:
                made[code] = target
        return made

    def _items(self, field: Field, told: Table, path: Path) -> RowMapping | None:
        if field.nature is not Nature.ITEMS or field.items is None:
            return None
        known = fields_of(field.items)
        where = (*path, "fields")
        cells = {}
        for name, entry in self._notes.table(told, path, "fields").items():
            if name not in known:
                self._notes.unknown(
                    (*where, name), words.UNKNOWN_FIELD, name, known, kind=field.name
                )
            elif made := self.cell(known[name], entry, (*where, name)):
                cells[name] = made
        if "fields" not in told:
            example = 'fields = { amount = "JE" }'
            self._notes.add(path, words.MISSING, name="fields", example=example)
        return RowMapping(field.name, field.items, cells)


def _meant(field: Field, value: object) -> object:
    """Tell the canonical value of an entry of a code list; none if it is no value."""
    if field.nature is Nature.FLAG:
        return value if isinstance(value, bool) else None
    if not isinstance(value, str) or not value or len(value) > field.most:
        return None
    if field.members is None:
        return value
    return next((one for one in field.members if one.value == value), None)


def _meanings(field: Field) -> list[str]:
    if field.members is None:
        return ["true", "false"] if field.nature is Nature.FLAG else []
    return [str(one.value) for one in field.members]


def texts_at(notes: Notes, told: Table, path: Path, key: str) -> list[str]:
    """Take a list of texts out of a table."""
    value = told.get(key, [])
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    notes.of_type((*path, key), "文字的列表", "a list of texts", f'{key} = ["…"]')
    return []


def formats_at(notes: Notes, told: Table, path: Path) -> tuple[str, ...]:
    """Take date formats out of a table; none if it has none."""
    given = texts_at(notes, told, path, "dates")
    for at, one in enumerate(given):
        if one not in FORMATS:
            notes.unknown((*path, "dates", at), words.UNKNOWN_FORMAT, one, FORMATS)
    if ambiguous(tuple(given)):
        notes.add((*path, "dates"), words.AMBIGUOUS)
    return tuple(given)


def unit_at(notes: Notes, told: Table, path: Path) -> str | None:
    """Take the unit of amounts out of a table; none if it has none."""
    unit = notes.text(told, path, "unit")
    if unit is not None and unit not in UNITS:
        notes.unknown((*path, "unit"), words.UNKNOWN_UNIT, unit, UNITS)
    return unit


def flag_at(
    notes: Notes, told: Table, path: Path, key: str, *, usual: bool = False
) -> bool:
    """Take a truth value out of a table; the usual one if it has none."""
    value = told.get(key, usual)
    if isinstance(value, bool):
        return value
    notes.of_type((*path, key), "true 或 false", "true or false", f"{key} = true")
    return False
