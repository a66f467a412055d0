"""Decider (pure): a mapping file is read, checked as a whole, and compiled."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.mapping import words
from connectors.mapping.changes import ChangeRow
from connectors.mapping.dates import USUAL
from connectors.mapping.entries import (
    EntryReader,
    Usual,
    flag_at,
    formats_at,
    texts_at,
    unit_at,
)
from connectors.mapping.kind import KindMapping
from connectors.mapping.mistakes import MappingMistakes, Mistake
from connectors.mapping.names import is_column, is_list, is_source
from connectors.mapping.natures import fields_of
from connectors.mapping.notes import Notes
from connectors.mapping.positions import positions
from connectors.mapping.rows import RowMapping
from schema.records.command import Command, Receipt
from schema.records.kinds import KINDS, RecordKind
from schema.records.worker import WorkerRecord

if TYPE_CHECKING:
    from collections import abc

    from connectors.mapping.positions import Path
    from connectors.mapping.rows import Cell
    from connectors.mapping.words import Said

    Table = dict[str, Any]

_MOST: Final = 1_000_000
VERSION: Final = 1
#: ``own`` belongs to the connector: it is handed over as it stands.
_TOP: Final = ("version", "defaults", "codes", "kinds", "acts", "changes", "own")
_DEFAULTS: Final = ("dates", "unit", "blanks", "exact", "absent_is_empty")
_KIND: Final = ("source", "key", "id", "as_of", "fields", "absent_is_empty", "own")
#: Whose a row is: the one field that every kind has.
_KEY: Final = fields_of(WorkerRecord)["local_id"]
_WHERE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


class Loaded(msgspec.Struct, frozen=True):
    """What a mapping file says, compiled."""

    kinds: dict[RecordKind, KindMapping]
    positions: dict[tuple[str | int, ...], tuple[int, int]]
    own: dict[str, Any]
    command: RowMapping | None
    receipt: RowMapping | None
    change: RowMapping | None


def load(text: bytes, name: str) -> Loaded:
    """Read a mapping file.

    Raises:
        MappingMistakes: With every mistake that was found.
    """
    told, where = _toml(text, name)
    reading = _Reading(told, Notes(name, where))
    loaded = reading.file(where)
    if reading.notes.mistakes:
        raise MappingMistakes(reading.notes.mistakes)
    return loaded


def _toml(text: bytes, name: str) -> tuple[Table, dict[Path, tuple[int, int]]]:
    def wrong(said: Said, line: int = 0, place: int = 0, why: str = "") -> Exception:
        message, remedy = said
        return MappingMistakes(
            [Mistake(name, line, place, "", message.format(why=why), remedy.format())]
        )

    if len(text) > _MOST:
        raise wrong(words.TOO_LARGE)
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(words.NOT_UTF8, text.count(b"\n", 0, error.start) + 1) from None
    try:
        return tomllib.loads(decoded), positions(decoded)
    except RecursionError:
        raise wrong(words.NOT_TOML, why="nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.search(str(error))
        # Otherwise it says "at end of document".
        last = decoded.rstrip().count("\n") + 1
        line, place = (int(found[1]), int(found[2])) if found else (last, 1)
        why = _WHERE.sub("", str(error)).removesuffix("(at end of document)").strip()
        twice = why.startswith(("Cannot overwrite", "Cannot declare"))
        raise wrong(
            words.TWICE if twice else words.NOT_TOML, line, place, why
        ) from None


class _Reading:
    """One reading of a file."""

    def __init__(self, told: Table, notes: Notes) -> None:
        self.told = told
        self.notes = notes

    def file(self, where: dict[Path, tuple[int, int]]) -> Loaded:
        told, notes = self.told, self.notes
        self._known(told, (), _TOP)
        if told.get("version") != VERSION:
            notes.add(("version",), words.OLD_VERSION)
        usual = self._usual()
        kinds = {}
        for name, table in notes.table(told, (), "kinds").items():
            made = self._kind(name, table, usual)
            if made is not None:
                kinds[made.kind] = made
        if RecordKind.WORKER not in notes.table(told, (), "kinds"):
            notes.add(("kinds",), words.NO_WORKER)
        own = notes.table(told, (), "own")
        entries = EntryReader(notes, usual)
        acts = notes.table(told, (), "acts")
        self._known(acts, ("acts",), ("command", "receipt"))
        command = self._plain(acts, ("acts", "command"), Command, entries)
        receipt = self._plain(acts, ("acts", "receipt"), Receipt, entries)
        change = self._plain(told, ("changes",), ChangeRow, entries)
        if "acts" in told and command is None:
            notes.add(
                ("acts",), words.MISSING, name="command", example="[acts.command]"
            )
        if "acts" in told and receipt is None:
            notes.add(
                ("acts",), words.MISSING, name="receipt", example="[acts.receipt]"
            )
        return Loaded(kinds, where, own, command, receipt, change)

    def _plain(
        self,
        holder: Table,
        path: tuple[str, ...],
        made: type[msgspec.Struct],
        entries: EntryReader,
    ) -> RowMapping | None:
        """Read a table that has nothing but fields of one Struct."""
        if path[-1] not in holder:
            return None
        known, cells = fields_of(made), {}
        table = self.notes.table(holder, path[:-1], path[-1])
        for name, entry in table.items():
            where, what = (*path, name), ".".join(path)
            if name not in known:
                self.notes.unknown(where, words.UNKNOWN_FIELD, name, known, kind=what)
            elif one := entries.cell(known[name], entry, where):
                cells[name] = one
        for name, field in known.items():
            if field.needed and made is not Command and name not in table:
                example = f'{name} = "…"'
                self.notes.add(path, words.MISSING, name=name, example=example)
        return RowMapping(".".join(path), made, cells)

    def _known(self, table: Table, path: Path, known: abc.Iterable[str]) -> None:
        for key in table:
            if key not in known:
                self.notes.unknown((*path, key), words.UNKNOWN_KEY, key, known)

    def _usual(self) -> Usual:
        notes, path = self.notes, ("defaults",)
        told = notes.table(self.told, (), "defaults")
        self._known(told, path, _DEFAULTS)
        lists = notes.table(self.told, (), "codes")
        for name, listed in lists.items():
            if not is_list(name) or not isinstance(listed, dict):
                notes.of_type(("codes", name), "一个代码表", "a list", '"1" = "MALE"')
        return Usual(
            lists={name: one for name, one in lists.items() if isinstance(one, dict)},
            dates=formats_at(notes, told, path) or USUAL,
            unit=unit_at(notes, told, path) or "yuan",
            blanks=frozenset(texts_at(notes, told, path, "blanks")),
            exact=flag_at(notes, told, path, "exact"),
            absent_is_empty=flag_at(notes, told, path, "absent_is_empty"),
        )

    def _kind(self, name: str, table: object, usual: Usual) -> KindMapping | None:
        notes, path = self.notes, ("kinds", name)
        if name not in RecordKind.__members__:
            notes.unknown(path, words.UNKNOWN_KIND, name, RecordKind.__members__)
            return None
        if not isinstance(table, dict):
            notes.of_type(path, "一个表", "a table", f"[kinds.{name}]")
            return None
        self._known(table, path, _KIND)
        if "absent_is_empty" in table:
            absent = flag_at(notes, table, path, "absent_is_empty")
            usual = msgspec.structs.replace(usual, absent_is_empty=absent)
        kind = RecordKind(name)
        source = self._name(table, path, "source", is_source, words.NOT_A_SOURCE)
        key = self._name(table, path, "key", is_column, words.NOT_A_NAME)
        entries = EntryReader(notes, usual)
        cells = self._cells(kind, table, entries)
        whose = entries.cell(_KEY, key, (*path, "key")) if is_column(key) else None
        always = frozenset({"as_of", "id" if KINDS[kind].rows else "local_id"})
        rows = RowMapping(name, KINDS[kind].record, cells, always)
        own = notes.table(table, path, "own")
        if whose is None:
            return None
        return KindMapping(
            kind, source=source, key=key, whose=whose, rows=rows, own=own
        )

    def _name(
        self,
        table: Table,
        path: Path,
        key: str,
        fits: abc.Callable[[str], bool],
        said: Said,
    ) -> str:
        name = self.notes.text(table, path, key)
        if key not in table:
            self.notes.add(path, words.MISSING, name=key, example=f'{key} = "…"')
        elif name is not None and not fits(name):
            self.notes.add((*path, key), said)
        return name or ""

    def _cells(
        self, kind: RecordKind, table: Table, entries: EntryReader
    ) -> dict[str, Cell]:
        path = ("kinds", kind.value)
        line = KINDS[kind]
        known = fields_of(line.record)
        told = self._names(kind, table, path)
        for name, entry in self.notes.table(table, path, "fields").items():
            where = (*path, "fields", name)
            if name in line.fields:
                told[name] = (entry, where)
            elif name in {"id", "as_of", "local_id"}:
                self.notes.add(where, words.ALWAYS_TOLD, name=name, kind=kind.value)
            else:
                said = words.UNKNOWN_FIELD
                self.notes.unknown(where, said, name, line.fields, kind=kind.value)
        made = {
            name: entries.cell(known[name], entry, where)
            for name, (entry, where) in told.items()
        }
        return {name: one for name, one in made.items() if one is not None}

    def _names(
        self, kind: RecordKind, table: Table, path: tuple[str, ...]
    ) -> dict[str, tuple[object, Path]]:
        """Take what a row is called by, and how fresh it is."""
        told: dict[str, tuple[object, Path]] = {}
        if not KINDS[kind].rows:
            if isinstance(key := table.get("key"), str) and is_column(key):
                told["local_id"] = (key, (*path, "key"))
            if "id" in table:
                known = [key for key in _KIND if key != "id"]
                self.notes.unknown((*path, "id"), words.UNKNOWN_KEY, "id", known)
        elif "id" in table:
            told["id"] = (table["id"], (*path, "id"))
        else:
            self.notes.add(path, words.MISSING, name="id", example='id = "ID"')
        if "as_of" in table:
            told["as_of"] = (table["as_of"], (*path, "as_of"))
        return told
