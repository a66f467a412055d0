"""Adapter: the case files of a province in memory, with their log.

The rules of ``caseChanges`` and ``caseFile`` (contract 1.2) made plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.change import Changes, Watermark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.records.change import Change, Tombstone
    from schema.records.keys import ProvinceCode

    Statement = Change | Tombstone


class MemoryFile:
    """What happened in case files, in the order in which it was written down."""

    def __init__(self, province: ProvinceCode) -> None:
        """Begin with nothing written."""
        self._province = province
        self._log: list[Statement] = []

    def write(self, statement: Statement) -> None:
        """Write down what happened; it is told from now on."""
        self._log.append(statement)

    def log(self, after: str, first: int) -> Changes:
        """Tell what was written after a place; from the beginning, if it is none."""
        known = after.isascii() and after.isdigit() and int(after) <= len(self._log)
        begin = int(after) if known else 0
        page = self._log[begin : begin + first]
        end = begin + len(page)
        return self._page(page, str(end) if end else "", more=end < len(self._log))

    def of(self, case_no: str, seq: int, first: int) -> Changes:
        """Tell the file of one case, after a number."""
        later = sorted(
            (one for one in self._log if one.case_no == case_no and one.seq > seq),
            key=lambda one: one.seq,
        )
        told = self._page(later[:first], "", more=len(later) > first)
        if told.arrivals:
            return told
        return Changes(self._marks({case_no}), "", more=False)

    def _page(self, page: Sequence[Statement], after: str, *, more: bool) -> Changes:
        marks = self._marks({one.case_no for one in page})
        return Changes((*page, *marks), after, more)

    def _marks(self, cases: set[str]) -> tuple[Watermark, ...]:
        last: dict[str, int] = {}
        for one in self._log:
            if one.case_no in cases:
                last[one.case_no] = max(one.seq, last.get(one.case_no, 0))
        return tuple(
            Watermark(province=self._province, case_no=case_no, seq=last[case_no])
            for case_no in sorted(last)
        )
