"""Adapter: the file in which commands reach a province: a workbook, CSV or JSON lines."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.filedrop.desk_words import HOW_TO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from connectors.filedrop.act_words import ActWords

_GREY, _YELLOW = "FFD9D9D9", "FFFFF2CC"
_WIDTH: Final = 22
#: Excel takes no longer list of words to choose from, in characters.
_LONGEST_LIST: Final = 250
#: Below the rows of a sheet there is room for what people add.
_SPARE: Final = 1


def written(form: str, words: ActWords, rows: Sequence[Mapping[str, object]]) -> bytes:
    """Write a file of commands.

    Args:
        form: ``xlsx``, ``csv`` or ``jsonl``.
        words: What columns are called.
        rows: The commands, in the province's words, by column.
    """
    match form:
        case "xlsx":
            return _workbook(words, rows)
        case "csv":
            return _csv(words, rows)
        case _:
            return b"".join(msgspec.json.encode(_nested(row)) + b"\n" for row in rows)


def _csv(words: ActWords, rows: Sequence[Mapping[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(words.columns)
    for row in rows:
        writer.writerow([_plain(row.get(one), "1", "0") for one in words.columns])
    # With a mark, so that a spreadsheet does not take it for GB18030.
    return text.getvalue().encode("utf-8-sig")


def _nested(row: Mapping[str, object]) -> dict[str, Any]:
    """Make of columns with points objects inside the object."""
    told: dict[str, Any] = {}
    for column, value in row.items():
        *above, name = column.split(".")
        inner = told
        for step in above:
            inner = inner.setdefault(step, {})
        inner[name] = value
    return told


def _workbook(words: ActWords, rows: Sequence[Mapping[str, object]]) -> bytes:
    # Slow to import, and few provinces have workbooks.
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise ValueError("a workbook without a sheet")
    sheet.title = "办理 acts"
    columns = (*words.columns, *words.to_fill)
    filled = {*words.to_fill, *words.shared}
    for place, column in enumerate(columns, 1):
        _head(sheet, place, column, to_fill=column in filled)
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(columns, 1):
            cell = sheet.cell(number, place)
            # Texts: a spreadsheet makes of a long number another one, and of "=" a sum.
            cell.number_format = "@"
            value = _plain(row.get(column), "是", "否")
            if value is not None:
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
            if column in filled:
                _to_be_filled(cell)
    _choices(sheet, words, columns, len(rows))
    sheet.freeze_panes = "A2"
    # Without a password: it keeps from sorting by mistake, and from nothing else.
    sheet.protection.enable()
    sheet.protection.formatColumns = False
    _how_to(book, words)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _head(sheet: Worksheet, place: int, column: str, *, to_fill: bool) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    cell = sheet.cell(1, place, column)
    cell.data_type = "s"
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color=_YELLOW if to_fill else _GREY)
    sheet.column_dimensions[get_column_letter(place)].width = _WIDTH


def _to_be_filled(cell: Any) -> None:
    from openpyxl.styles import PatternFill, Protection  # noqa: PLC0415

    cell.fill = PatternFill("solid", start_color=_YELLOW)
    cell.protection = Protection(locked=False)


def _choices(
    sheet: Worksheet, words: ActWords, columns: Sequence[str], rows: int
) -> None:
    """Let people choose where there are few words to choose from."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    for column, known in words.choices().items():
        listed = ",".join(known)
        if column not in words.to_fill or len(listed) > _LONGEST_LIST:
            continue
        if any("," in one or '"' in one for one in known):
            continue
        letter = get_column_letter(columns.index(column) + 1)
        chosen = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
        chosen.add(f"{letter}2:{letter}{rows + _SPARE}")
        sheet.add_data_validation(chosen)


def _how_to(book: Workbook, words: ActWords) -> None:
    sheet = book.create_sheet("填写说明 how to")
    sheet.column_dimensions["A"].width = 110
    for told in HOW_TO:
        filled = told.format(key=words.column("key"))
        for sentence in (filled.zh, filled.en):
            sheet.append([sentence])


def _plain(value: object, yes: str, no: str) -> str | int | float | None:
    """Make of a value what can stand in a cell, and is read back as the same."""
    match value:
        case None:
            return None
        case bool():
            return yes if value else no
        case int() | float():
            return value
        case date():
            return value.isoformat()
        case _:
            return str(value)
