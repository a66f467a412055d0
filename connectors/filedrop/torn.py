"""Value: why a batch cannot be taken."""

from __future__ import annotations


class Torn(Exception):
    """A batch cannot be taken, as a whole. What was taken last stays.

    Attributes:
        code: Why: a key of ``words.BATCHES``.
        file: Which file of it; empty if it is about the whole.
        row: Which row of that, as an office counts; 0 for none.
    """

    def __init__(self, code: str, file: str = "", row: int = 0) -> None:
        super().__init__(f"{code} {file} {row or ''}".strip())
        self.code = code
        self.file = file
        self.row = row
