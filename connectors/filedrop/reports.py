"""Adapter: what the hub could not read of a batch, in a workbook for the office.

It names rows, columns and causes, and never a value: a report travels further than data.
"""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

from connectors.filedrop.pointer import write_whole
from connectors.filedrop.words import BATCHES, ROWS, remedy
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connectors.filedrop.findings import Finding, Findings
    from connectors.filedrop.manifest import Manifest
    from connectors.filedrop.places import Places
    from connectors.filedrop.pointer import KindTaken
    from connectors.filedrop.torn import Torn
    from schema.records.kinds import RecordKind

_LOG = logging.getLogger(__name__)

_TAKEN = Bilingual("已采用", "taken")
_KEPT = Bilingual("未采用，继续使用上一批", "not taken; the last batch is still asked")
#: Heads of the sheets; both languages stand in each cell.
_OVERVIEW = ("批次 batch", "截至 as of", "结果 result", "文件 file", "行 row",
             "原因 why", "改正 how to mend")  # fmt: skip
_KINDS = ("类别 kind", "行数 rows", "缺字段的行 rows with a field that cannot be read",
          "不能读取的行 rows that cannot be read")  # fmt: skip
_CAUSES = ("文件 file", "类别 kind", "字段 field", "列 column", "行数 rows", "原因 why",
           "改正 how to mend")  # fmt: skip
_ROWS = (
    "文件 file",
    "行 row",
    "类别 kind",
    "列 column",
    "原因 why",
    "改正 how to mend",
)
_WIDTHS = (24, 24, 20, 24, 14, 60, 60)


def write(
    places: Places,
    batch: str,
    manifest: Manifest | None,
    findings: Findings,
    *,
    torn: Torn | None = None,
    taken: Mapping[RecordKind, KindTaken] | None = None,
) -> None:
    """Write the report of a batch, as a whole.

    That it cannot be written is logged: the batch is none the worse.

    Args:
        places: Where.
        batch: Which, by its name.
        manifest: What the province says of it; none if that cannot be read.
        findings: What could not be read.
        torn: Why it was not taken, if it was not.
        taken: What was taken of each kind, if it was.
    """
    try:
        as_of = manifest.as_of.isoformat() if manifest else ""
        places.reports.mkdir(exist_ok=True)
        file = places.reports / f"{batch}.xlsx"
        write_whole(file, _workbook((batch, as_of), findings, torn, taken or {}))
    except (OSError, MemoryError) as error:
        _LOG.error("report not written batch=%s error=%s", batch, type(error).__name__)


def _workbook(
    batch: tuple[str, str],
    findings: Findings,
    torn: Torn | None,
    taken: Mapping[RecordKind, KindTaken],
) -> bytes:
    # Slow to import, and most looks into a folder write nothing.
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    _sheet(book, "概况 overview", _OVERVIEW, _overview(batch, torn))
    _sheet(book, "类别 kinds", _KINDS, (
        (str(kind), one.rows, one.flawed, one.unreadable) for kind, one in taken.items()
    ))  # fmt: skip
    _sheet(book, "原因 causes", _CAUSES, _causes(findings))
    _sheet(book, "行 rows", _ROWS, _rows(findings))
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet(
    book: Any, title: str, head: tuple[str, ...], rows: Iterator[tuple[object, ...]]
) -> None:
    sheet = book.create_sheet(title)
    for at in range(len(head)):
        sheet.column_dimensions[chr(ord("A") + at)].width = _WIDTHS[at]
    sheet.freeze_panes = "A2"
    sheet.append(head)
    for row in rows:
        sheet.append(row)


def _overview(
    batch: tuple[str, str], torn: Torn | None
) -> Iterator[tuple[object, ...]]:
    if torn is None:
        yield *batch, _both(_TAKEN), "", "", "", ""
        return
    why, mend = BATCHES[torn.code]
    row = torn.row or ""
    yield *batch, _both(_KEPT), torn.file, row, _both(why), _both(mend)


def _causes(findings: Findings) -> Iterator[tuple[object, ...]]:
    for one, count in findings.counts.most_common():
        why, mend = _why(one)
        yield one.source, one.kind, one.field, one.column, count, why, mend


def _rows(findings: Findings) -> Iterator[tuple[object, ...]]:
    for one, number in sorted(findings.rows, key=_place):
        why, mend = _why(one)
        yield one.source, number, one.kind, one.column, why, mend


def _place(found: tuple[Finding, int]) -> tuple[str, int]:
    return found[0].source, found[1]


def _why(one: Finding) -> tuple[str, str]:
    return _both(ROWS[one.code]), _both(remedy(one.code))


def _both(said: Bilingual) -> str:
    return f"{said.zh} {said.en}"
