"""Adapter: Hubei delivers files: batches of its sheets, each the whole state.

A batch is a folder with the sheets and a manifest, which is written last: whoever comes
before finds no batch. Old batches are the province's own to delete.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from deploy.demo.own_words.hubei import SHEETS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deploy.demo.own_words.words import Sheet
    from deploy.demo.province.register import Register

#: As spreadsheets of offices write text.
ENCODING: Final = "gb18030"
_MANIFEST: Final = "manifest.json"
_KEPT: Final = 3


class Exporter:
    """Writes batches into a drop folder."""

    def __init__(
        self,
        folder: Path,
        register: Register,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),  # noqa: TID251  # there is no other here
    ) -> None:
        """Begin the folder, if there is none.

        Args:
            folder: The drop folder.
            register: What is delivered.
            clock: Tells the moment.
        """
        self._batches = folder / "in"
        self._batches.mkdir(parents=True, exist_ok=True)
        self._register = register
        self._clock = clock

    @property
    def is_behind(self) -> bool:
        """Whether entries were made after the last batch, or there is none."""
        last = max(map(_written_at, self._batches.glob(f"*/{_MANIFEST}")), default=0)
        answers = self._batches.parent.glob("receipts/*")
        return not last or any(_written_at(one) > last for one in answers)

    def deliver(self) -> Path:
        """Write a batch of all there is, and delete those that nobody needs."""
        at = self._clock()
        batch = self._batches / at.strftime("%Y%m%dT%H%M%S%f")
        batch.mkdir()
        files = [_write(batch, sheet, self._register) for sheet in SHEETS]
        manifest = {"as_of": at.isoformat(), "files": files}
        partial = batch / f".{_MANIFEST}.partial"
        with partial.open("w", encoding="utf-8") as out:
            json.dump(manifest, out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(batch / _MANIFEST)
        for old in sorted(self._batches.iterdir())[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        return batch


def _written_at(file: Path) -> int:
    return file.stat().st_mtime_ns


def _write(batch: Path, sheet: Sheet, register: Register) -> dict[str, object]:
    """Write a sheet, and tell its line of the manifest."""
    file = batch / sheet.name
    rows = 0
    with file.open("w", encoding=ENCODING, newline="") as text:
        out = csv.writer(text)
        out.writerow([column.name for column in sheet.columns])
        for row in register.every(sheet.table):
            out.writerow(sheet.row(row).values())
            rows += 1
        text.flush()
        os.fsync(text.fileno())
    with file.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    return {"name": sheet.name, "rows": rows, "sha256": digest}
