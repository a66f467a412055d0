"""Value: what of a batch's rows could not be read. It never holds a value of a row."""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec

#: So many single rows are kept for a report; all are counted.
MOST: Final = 5_000


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong with rows of a batch.

    Attributes:
        source: Which file and sheet, as the mapping names them.
        kind: What the rows are; empty if it is about the row as a whole.
        field: The field; empty likewise.
        column: The column or columns of the file.
        code: What is wrong: a key of ``words.ROWS``.
    """

    source: str
    kind: str
    field: str
    column: str
    code: str


class Findings:
    """All that was found in a batch, in bounded memory.

    Attributes:
        counts: How many rows each finding is about.
        rows: The first rows of them, each with its number.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.counts: Counter[Finding] = Counter()
        self.rows: list[tuple[Finding, int]] = []

    def add(self, finding: Finding, row: int) -> None:
        """Note that a row is wrong; row 1 is the head."""
        self.counts[finding] += 1
        if len(self.rows) < MOST:
            self.rows.append((finding, row))
