"""Decider: reports of arrears on one employer, from all provinces, are one case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.following.arrears import collectives
from hub.following.employers import EmployerGroups
from schema.records.case_notice import NoticeKind
from tests.chaos.verdict import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema.records.arrears import (
        ArrearsReport,
        CollectiveCase,
        CollectiveTotals,
    )
    from tests.chaos.case_store import CasesKept
    from tests.chaos.casework import CaseBook

#: From so many workers on (RULEBOOK §6, ``thresholds.toml``).
_ENOUGH: Final = 10


def judge_reports(book: CaseBook, kept: CasesKept) -> list[Finding]:
    """Check that every report is linked, and every total right."""
    return [
        finding("欠薪报告丢失", "reports lost or altered", book.reports, _lost(book, kept)),
        finding(
            "群体案件不符", "collective cases that are wrong", kept.collectives,
            _wrong(book, kept),
        ),
    ]  # fmt: skip


def _lost(book: CaseBook, kept: CasesKept) -> Iterator[str]:
    rows = {one.report.id: one for one in kept.reports}
    for id_, asked in book.reports.items():
        row = rows.pop(id_, None)
        said = row and (
            row.case_no, row.report.employer, row.report.province, row.report.workers
        )  # fmt: skip
        case = kept.cases.get(asked.case_no)
        if said != tuple(asked) or case is None or row is None or row.lead != case.lead:
            yield f"{id_}: {said}"
    yield from (f"{id_}: nobody reported it" for id_ in rows)


def _wrong(book: CaseBook, kept: CasesKept) -> Iterator[str]:
    counted = [_counted(one, book, kept) for one in book.reports]
    alone = EmployerGroups()
    must = {
        one.group: one
        for one in collectives([one for one in counted if one], alone, _ENOUGH)
    }
    has = {one.group: one for one in kept.collectives.values()}
    if len(has) != len(kept.collectives):
        yield "two collective cases of one employer"
    for group in must.keys() | has.keys():
        if _told(must.get(group)) != _stands(has.get(group)):
            yield f"{group}: {has.get(group)} instead of {must.get(group)}"
    for id_, case in kept.collectives.items():
        linked = {one.report.id for one in kept.reports if one.collective == id_}
        named = must[case.group].reports if case.group in must else {}
        if linked != {one for some in named.values() for one in some}:
            yield f"{case.group}: other reports are linked"
        for one in kept.reports:
            told = f"{one.case_no}:{NoticeKind.COLLECTIVE_FOUND}:"
            about = f":{id_}"
            if one.report.id in linked and not any(
                key.startswith(told) and key.endswith(about) for key in kept.notices
            ):
                yield f"{one.case_no}: nobody was told of {id_}"


def _told(must: CollectiveCase | None) -> object:
    """Tell how much of a collective case there must be, by province."""
    if must is None:
        return None
    return must.workers, {code: len(ids) for code, ids in must.reports.items()}


def _stands(has: CollectiveTotals | None) -> object:
    return None if has is None else (has.workers, has.reports)


def _counted(id_: str, book: CaseBook, kept: CasesKept) -> ArrearsReport | None:
    """Give a report that counts; its case is open, for nobody closes one here."""
    if book.reports[id_].case_no in book.withdrawn:
        return None
    return next((one.report for one in kept.reports if one.report.id == id_), None)
