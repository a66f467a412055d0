"""Decider (pure): commands become rows in the province's words, and rows receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.filedrop.rows import Flaw
from connectors.mapping.mistakes import RowMistake
from connectors.mapping.rows import value_of
from schema.records.command import Answered, Receipt, RefusalCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connectors.mapping.rows import RowMapping
    from schema.records.command import Command

_RECEIPT = frozenset(Receipt.__struct_fields__)
#: What tells one command from another, if a row comes back with it: rows of a sheet
#: whose columns were sorted apart are found by it.
_TELLING = ("act", "transfer", "local_id", "membership_no", "union")


class Line(msgspec.Struct, frozen=True):
    """A row with a receipt in it.

    Attributes:
        receipt: What it says.
        beside: What stands beside it of the command, as the mapping reads it; what is
            empty or not there is left out.
    """

    receipt: Receipt
    beside: dict[str, str]


class ActWords:
    """What commands and receipts are called in a province.

    Attributes:
        columns: The columns of a command, in the order of the mapping.
        to_fill: The columns of a receipt that are not among them.
        shared: Those that are, besides the key: they are filled in over the command.
    """

    def __init__(self, command: RowMapping, receipt: RowMapping) -> None:
        """Take the mapping's word for it."""
        self._command = command
        self._receipt = receipt
        written = (columns[:1] for columns in command.columns.values())
        read = (column for columns in receipt.columns.values() for column in columns)
        self.columns = tuple(dict.fromkeys(one for some in written for one in some))
        filled = tuple(dict.fromkeys(read))
        self.to_fill = tuple(c for c in filled if c not in self.columns)
        key = receipt.columns.get("key", ())
        self.shared = tuple(c for c in filled if c in self.columns and c not in key)
        self._telling = tuple(
            command.cells[field]
            for field in _TELLING
            if field in command.cells
            and len(command.cells[field].columns) == 1
            and command.cells[field].columns[0] not in filled
        )

    def row(self, command: Command) -> dict[str, object] | RowMistake:
        """Write a command; a mistake if the province has no word for a value."""
        told: dict[str, object] = {}
        for field, columns in self._command.columns.items():
            if not columns:
                continue
            value = self._command.write(field, getattr(command, field))
            if isinstance(value, RowMistake):
                return value
            told[columns[0]] = value
        return told

    def line(self, row: Mapping[str, object]) -> Line | RowMistake | None:
        """Read a row: its receipt, what is wrong with it, or none if it has none yet."""
        answered = self._receipt.cells["answered"]
        value, unfit = value_of(answered, row)
        flawed = _flawed(row, answered.columns)
        if flawed is None and unfit is not None and unfit.code == "EMPTY":
            if not self._half_filled(row):
                return None
        elif value is Answered.PENDING:
            return None
        told = self._receipt.read(row, _RECEIPT)
        if isinstance(told, RowMistake):
            code = _flawed(row, tuple(told.column.split(" + "))) or told.code
            return msgspec.structs.replace(told, code=code)
        receipt = msgspec.structs.replace(
            told, code=told.code or "", message=told.message or ""
        )
        return Line(receipt, dict(self._beside(row)))

    def differs(self, command: Command, line: Line) -> str:
        """Name the column by which a row belongs to another command; empty if none."""
        for cell in self._telling:
            said = line.beside.get(cell.field)
            asked = getattr(command, cell.field)
            if said is None or asked is None:
                continue
            written = self._command.write(cell.field, asked)
            known, _ = value_of(cell, {cell.columns[0]: written})
            if said != str(known):
                return cell.columns[0]
        return ""

    def column(self, field: str) -> str:
        """Tell the column of a field of receipts; empty if it has none."""
        return " + ".join(self._receipt.columns.get(field, ()))

    def choices(self) -> dict[str, tuple[str, ...]]:
        """Tell the words that a column to be filled in takes, where they are few."""
        fields = {
            "answered": (Answered.DONE, Answered.REFUSED),
            "code": tuple(RefusalCode),
        }
        told = {}
        for field, values in fields.items():
            columns = self._receipt.columns.get(field, ())
            words = [self._receipt.write(field, one) for one in values]
            known = [str(one) for one in words if not isinstance(one, RowMistake)]
            if len(columns) == 1 and known:
                told[columns[0]] = tuple(dict.fromkeys(known))
        return told

    def _beside(self, row: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        for cell in self._telling:
            if row.get(cell.columns[0]) is None:
                continue
            found, wrong = value_of(cell, row)
            if wrong is not None:
                yield cell.field, f"?{wrong.code}"
            elif found is not None:
                yield cell.field, str(found)

    def _half_filled(self, row: Mapping[str, object]) -> bool:
        """Tell whether anything was filled in beside an answer that was not."""
        return any(_filled(row.get(column)) for column in self.to_fill)


def _filled(value: object) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _flawed(row: Mapping[str, object], columns: tuple[str, ...]) -> str | None:
    """Tell what the file itself says of a cell that cannot be read."""
    for column in columns:
        value = row.get(column)
        if isinstance(value, Flaw):
            return value.code
    return None
