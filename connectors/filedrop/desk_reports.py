"""Adapter: what is wrong with files of receipts and changes, in a workbook for the office.

A report has the name of the file that it is about. When the file is mended it says so;
for a file that was always right there is none. It never holds a value of a row.
"""

from __future__ import annotations

import io
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.filedrop.desk_words import sentences
from connectors.filedrop.judging import Flawed
from connectors.filedrop.pointer import write_whole

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from connectors.filedrop.desk_store import DeskStore
    from connectors.filedrop.places import Places

_LOG = logging.getLogger(__name__)

FLAWS: Final = msgspec.json.Decoder(tuple[Flawed, ...])
NO_FLAWS: Final = b"[]"
#: So many rows are named in one report.
_MOST: Final = 2_000
_WIDTHS: Final = (8, 20, 60, 60, 60, 60, 24)
_HEAD: Final = (
    "行 row", "列 column", "问题", "what is wrong", "如何改正", "how to mend it",
    "另见 see also",
)  # fmt: skip


def note(
    db: sqlite3.Connection, folder: str, name: str, look: str, flaws: Iterable[Flawed]
) -> None:
    """Remember that a file was read, and what is wrong with it."""
    db.execute(
        "INSERT INTO seen (folder, name, look, flaws) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (folder, name) DO UPDATE"
        " SET look = excluded.look, flaws = excluded.flaws",
        (folder, name, look, msgspec.json.encode(tuple(flaws))),
    )


def is_closed(flaws: Iterable[Flawed]) -> bool:
    """Tell whether a file could not be opened: it is tried again, though none wrote it.

    A spreadsheet keeps what it shows from others on some shares.
    """
    return any(one.code == "FILE_MISSING" for one in flaws)


def forget(
    db: sqlite3.Connection, places: Places, folder: str, names: Iterable[str]
) -> None:
    """Forget files that are gone, and take back what was said of them."""
    for name in names:
        db.execute("DELETE FROM seen WHERE folder = ? AND name = ?", (folder, name))
        with suppress(OSError):
            (places.reports / report_name(folder, name)).unlink()


def report(store: DeskStore, places: Places, folder: str) -> None:
    """Write the reports that are not written yet.

    That one cannot be written is logged and tried again: receipts are none the worse.
    """
    due = store.read(
        "SELECT name, flaws, reported FROM seen"
        " WHERE folder = ? AND flaws IS NOT coalesce(reported, ?)",
        (folder, NO_FLAWS),
    )
    for name, flaws, _ in due:
        made = workbook(folder, name, FLAWS.decode(flaws))
        try:
            places.reports.mkdir(parents=True, exist_ok=True)
            write_whole(places.reports / report_name(folder, name), made)
        except OSError as error:
            _LOG.error("report not written folder=%s error=%s", folder, error.strerror)
            return
        with store.writing() as db:
            db.execute(
                "UPDATE seen SET reported = ? WHERE folder = ? AND name = ?",
                (flaws, folder, name),
            )


def report_name(folder: str, name: str) -> str:
    """Tell what the report on a file is called: ``receipts-0007_csv.xlsx``."""
    return f"{folder}-{name.replace('.', '_')}.xlsx"


def workbook(folder: str, name: str, flaws: Sequence[Flawed]) -> bytes:
    """Make a report."""
    # Slow to import, and few provinces have anything wrong.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise ValueError("a workbook without a sheet")
    sheet.title = "报告 report"
    for place, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for sentence in _summary(f"{folder}/{name}", len(flaws)):
        sheet.append([sentence])
    if flaws:
        sheet.append([])
        sheet.append(_HEAD)
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)
    for one in flaws[:_MOST]:
        what, mend = sentences(one.code)
        row = (one.row or "", one.column, what.zh, what.en, mend.zh, mend.en, one.other)
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            # Names of columns are the province's.
            cell.data_type = "n" if isinstance(cell.value, int) else "s"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _summary(file: str, count: int) -> tuple[str, str]:
    zh = f"{file}：已改正，全部采纳。"
    en = f"{file}: mended, and all of it was taken."
    if count:
        zh = f"{file}：以下 {count} 处有问题；其余已填写的各行已采纳。"
        en = f"{file}: {count} things are wrong; all else that was filled in was taken."
    return zh, en
