"""Itinerary: an office's files get their manifest, and become a batch."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.filedrop.arrivals import is_passed_over
from connectors.filedrop.manifest import Manifest, Part, checksum
from connectors.filedrop.places import MANIFEST, is_sound
from connectors.filedrop.pointer import write_whole
from connectors.filedrop.sheets import ENDINGS, sheets_of
from connectors.mapping.dates import CHINA
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Whoever packs has the files at home already: only nonsense is refused.
_MOST_BYTES = 1 << 40

NOTHING = Refusal(
    "NOTHING_TO_PACK",
    "files-pack",
    Bilingual("目录中没有可以交付的文件。", "The folder has no file to deliver."),
    Bilingual(
        "请放入 .csv、.jsonl 或 .xlsx 文件；名称只用文字、数字、点与横线。",
        "Put .csv, .jsonl or .xlsx files there, named with letters, digits, points and"
        " hyphens.",
    ),
)

#: Spreadsheets that are not read: an office that leaves one there means it.
_OTHER_SHEETS: Final = frozenset({".xls", ".xlsm", ".xlsb", ".ods", ".et"})
_SAVE_AS: Final = Bilingual(
    "请另存为 .xlsx 或 .csv，再移走原文件。",
    "Save it as .xlsx or .csv, and take the old one away.",
)
_RENAME: Final = Bilingual(
    "请改名：只用文字、数字、空格、点与横线。",
    "Rename it: letters, digits, spaces, points and hyphens only.",
)


def _unread(name: str, remedy: Bilingual) -> Refusal:
    return Refusal(
        "NOT_TO_BE_PACKED",
        "files-pack",
        Bilingual(f"{name!r} 不能交付。", f"{name!r} cannot be delivered."),
        remedy,
    )


def pack(folder: Path, as_of: datetime, tell: Callable[[int, int], None]) -> Manifest:
    """Write the manifest of all files of a folder, as a whole, and last.

    Args:
        folder: The batch: its files are complete.
        as_of: The moment whose state they are, with its zone.
        tell: Is told how many rows were counted, and of which number of file.

    Raises:
        Refused: There is nothing to pack.
        Torn: A file could not be taken by a hub either.
    """
    # A spreadsheet that is open, or has crashed, leaves its lock beside the files.
    there = sorted(one for one in folder.iterdir() if not is_passed_over(one.name))
    if old := [one.name for one in there if one.suffix.lower() in _OTHER_SHEETS]:
        raise Refused(_unread(old[0], _SAVE_AS))
    files = [one for one in there if one.suffix.lower() in ENDINGS]
    if not files:
        raise Refused(NOTHING)
    parts = []
    for number, file in enumerate(files, 1):
        if not is_sound(file.name):
            raise Refused(_unread(file.name, _RENAME))
        with sheets_of(file, _MOST_BYTES) as sheets:
            rows = 0
            for sheet in sheets.values():
                for rows, _ in enumerate(sheet.rows, rows + 1):  # noqa: B020  # goes on
                    if rows % 1_000 == 0:
                        tell(rows, number)
        parts.append(Part(file.name, rows, checksum(file)))
    manifest = Manifest(as_of, tuple(parts))
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    write_whole(folder / MANIFEST, text + b"\n")
    return manifest


def moment(written: str, now: datetime) -> datetime:
    """Read a moment with its zone; nothing written is the present one, as China has it.

    Raises:
        Refused: It is none, or has no zone.
    """
    if not written:
        return now.astimezone(CHINA).replace(microsecond=0)
    try:
        told = datetime.fromisoformat(written)
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise Refused(
            Refusal(
                "NOT_A_MOMENT",
                "files-pack",
                Bilingual(
                    "--as-of 不是带时区的时间。", "--as-of is no moment with a zone."
                ),
                Bilingual(
                    "例如 2026-11-22T02:00:00+08:00。",
                    "E.g. 2026-11-22T02:00:00+08:00.",
                ),
            )
        )
    return told
