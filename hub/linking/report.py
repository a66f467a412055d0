"""Adapter: the report of an import, a CSV file with one line for each row."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final, Self

from hub.linking.file_mistakes import REPORT_UNWRITABLE, because
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from hub.linking.rows import Outcome
    from schema.records.refusal import Refusal

    #: Number of a line, what became of it, and why not.
    ReportLine = tuple[int, Outcome, Refusal | None]

_HEADER: Final = ("line", "outcome", "code", "zh", "en")


class Report:
    """Writes the report; it has its name only once it is whole.

    It names lines and never repeats them, so that no resident ID number comes into
    it. A byte order mark tells spreadsheets that it is UTF-8.
    """

    def __init__(self, path: Path, *, every_row: bool = False) -> None:
        """Begin a report.

        Args:
            path: Where it shall be; one that is there is replaced at the end.
            every_row: Write the rows that went well, too.
        """
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._every_row = every_row

    def __enter__(self) -> Self:
        try:
            self._file = self._part.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise Refused(because(REPORT_UNWRITABLE, error)) from error
        self._rows = csv.writer(self._file)
        self._rows.writerow(_HEADER)
        return self

    def write(self, lines: Iterable[ReportLine]) -> None:
        """Write what became of some lines, and put it on disk.

        Raises:
            Refused: It cannot be written, for instance because the disk is full.
        """
        try:
            for number, outcome, refusal in lines:
                if refusal is not None:
                    self._rows.writerow((number, outcome, *_reason(refusal)))
                elif self._every_row:
                    self._rows.writerow((number, outcome, "", "", ""))
            self._file.flush()
        except OSError as error:
            raise Refused(because(REPORT_UNWRITABLE, error)) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._file.close()
            if error is None:
                self._part.replace(self._path)
        except OSError as failure:
            if error is None:
                raise Refused(because(REPORT_UNWRITABLE, failure)) from failure


def _reason(refusal: Refusal) -> tuple[str, str, str]:
    return (
        refusal.code,
        refusal.message.zh + refusal.remedy.zh,
        f"{refusal.message.en} {refusal.remedy.en}",
    )
