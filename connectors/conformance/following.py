"""Itinerary: checks of the log of case files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.conformance.reading import LEEWAY
from connectors.conformance.report import failed, inapplicable, skipped
from connectors.faults import ProvinceFault
from connectors.port import MOST_CHANGES, ChangesWanted
from connectors.told_changes import flaw_of
from schema.records.change import Watermark
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.conformance.visit import Visit
    from schema.records.change import Change, Changes, Tombstone

    Statement = Change | Tombstone

#: So many statements are read by short pages, of this length …
_COMPARED, _SHORT = 12, 3
#: … and so many long pages to the end of the log.
_PAGES = 40
_NEVER = "another-log-7"


async def _page(visit: Visit, first: int, **wanted: object) -> Changes:
    """Ask for a page that has to be one.

    Raises:
        Judged: It is none, or it was not told.
    """
    if not (visit.declared or visit.set).changes:
        raise inapplicable("没有声明。", "not declared")
    asked = ChangesWanted(visit.question().request, first, **wanted)  # type: ignore[arg-type]
    changed = await visit.connector.changes(asked, visit.soon())
    if changed.changes is None:
        code = changed.fault.code if changed.fault else "-"
        raise failed(f"没有答复：{code}", f"nothing was told: {code}")
    if flaw := flaw_of(visit.connector.province, asked, changed.changes):
        raise failed(f"不合乎提问：{flaw}", f"no answer to the question: {flaw}")
    return changed.changes


def _told(page: Changes) -> list[Statement]:
    return [one for one in page.arrivals if not isinstance(one, Watermark)]


async def page(visit: Visit) -> Bilingual:
    """Read the first page."""
    told = await _page(visit, MOST_CHANGES)
    if told.unfit:
        rules = ", ".join(sorted({one.rule for one in told.unfit}))
        raise failed(
            f"须搁置 {len(told.unfit)} 条：{rules}",
            f"{len(told.unfit)} had to be set aside: {rules}",
        )
    count = len(_told(told))
    if not count:
        raise skipped(
            "流水是空的，未能检查。", "not checked: nothing is in the log yet"
        )
    return Bilingual(f"{count} 条", f"statements: {count}")


async def pages(visit: Visit) -> Bilingual:
    """Read the beginning by short pages."""
    whole = _told(await _page(visit, _COMPARED))
    _some(whole)
    found: list[Statement] = []
    after, more = "", True
    while more and len(found) < len(whole):
        short = await _page(visit, _SHORT, after=after)
        found += _told(short)
        after, more = short.next, short.more
    if found[: len(whole)] != whole:
        raise failed("短页与长页不同", "short pages tell other than a long one")
    return Bilingual(f"{len(whole)} 条相同", f"the same statements: {len(whole)}")


async def again(visit: Visit) -> Bilingual:
    """Ask with the same cursor twice."""
    first = await _page(visit, _SHORT)
    _some(_told(first))
    for after in ("", first.next):
        one = await _page(visit, _SHORT, after=after)
        other = await _page(visit, _SHORT, after=after)
        # It may have grown meanwhile; what was told stays.
        if _told(other)[: len(_told(one))] != _told(one):
            raise failed("再问，条目不同", "other statements the second time")
    return Bilingual("相同", "the same")


async def end(visit: Visit) -> Bilingual:
    """Read to the end, and ask there again."""
    after, count = "", 0
    for _ in range(_PAGES):
        told = await _page(visit, MOST_CHANGES, after=after)
        count += len(_told(told))
        after = told.next or after
        if not told.more:
            break
    else:
        raise skipped(
            f"前 {count} 条之后还有，未读到尽头。",
            f"not checked: there is more behind the first {count}",
        )
    rest = await _page(visit, MOST_CHANGES, after=after)
    if _told(rest) and _told(rest)[0] in _told(told):
        raise failed("尽头之后又答了先前的", "at the end it tells again what was told")
    if not _told(rest) and (rest.next or after) != after:
        raise failed("没有条目，游标却变了", "the cursor moved, and nothing was told")
    return Bilingual(f"{count} 条之后", f"statements before it: {count}")


async def strange_cursor(visit: Visit) -> Bilingual:
    """Ask with a cursor that the province never gave."""
    told = _told(await _page(visit, _SHORT))
    _some(told)
    if _told(await _page(visit, _SHORT, after=_NEVER)) != told:
        raise failed("没有从头答起", "it did not begin anew")
    return Bilingual("从头答起", "it began anew")


async def _case(visit: Visit) -> str:
    """Name a case that has a file: the sample's, or the first of the log."""
    if visit.sample.case_no:
        return visit.sample.case_no
    told = _told(await _page(visit, 1))
    _some(told)
    return told[0].case_no


async def numbers(visit: Visit) -> Bilingual:
    """Look at the numbers of one file, and at the same in the log."""
    case_no = await _case(visit)
    file = await _page(visit, MOST_CHANGES, case_no=case_no)
    told = _told(file)
    if not told:
        raise failed("caseFile 没有该案", "caseFile has nothing of the case")
    if [one.seq for one in told] != list(range(1, len(told) + 1)):
        raise failed("编号有空缺或乱序", "the numbers have holes, or are out of order")
    marks = [one.seq for one in file.arrivals if isinstance(one, Watermark)]
    if not file.more and marks != [len(told)]:
        raise failed(
            "watermarks 与最后编号不符", "the watermark is not the last number"
        )
    by_number = {one.seq: one for one in told}
    log = _told(await _page(visit, MOST_CHANGES))
    if any(
        one.case_no == case_no and by_number.get(one.seq, one) != one for one in log
    ):
        raise failed("流水与案卷的同一编号不同", "log and file differ under one number")
    return Bilingual(f"1–{len(told)}", f"1–{len(told)}")


async def case_from(visit: Visit) -> Bilingual:
    """Ask for a file from a number on, and for one that there is not."""
    case_no = await _case(visit)
    whole = _told(await _page(visit, MOST_CHANGES, case_no=case_no))
    rest = _told(await _page(visit, MOST_CHANGES, case_no=case_no, seq=1))
    if rest[: len(whole) - 1] != whole[1:]:
        raise failed("编号 1 之后的不符", "after number 1 there is something else")
    nothing = await _page(visit, 1, case_no=f"probe-{visit.name}")
    if _told(nothing):
        raise failed("没有的案却有答复", "a case that there is not has changes")
    return Bilingual(f"{len(rest)} 条", f"statements: {len(rest)}")


async def first(visit: Visit) -> Bilingual:
    """Ask for pages that are too short and too long."""
    if not (visit.declared or visit.set).changes:
        raise inapplicable("没有声明。", "not declared")
    for count in (0, MOST_CHANGES + 1):
        wanted = ChangesWanted(visit.question().request, count)
        try:
            changed = await visit.connector.changes(wanted, visit.soon())
        except ProvinceFault:
            continue
        if changed.changes is not None:
            raise failed(f"first: {count} 有答复", f"first: {count} was answered")
    return Bilingual("0 与 501 都不答", "neither 0 nor 501 was answered")


async def clock(visit: Visit) -> Bilingual:
    """Look at when it was written down."""
    told = _told(await _page(visit, MOST_CHANGES))
    _some(told)
    latest = visit.means.clock.now() + LEEWAY
    ahead = sum(one.as_of > latest for one in told)
    if ahead:
        raise failed(f"{ahead} 条在未来", f"{ahead} statements are of the future")
    return Bilingual(f"{len(told)} 条", f"statements: {len(told)}")


def _some(told: Sequence[Statement]) -> None:
    if not told:
        raise skipped(
            "流水是空的，未能检查。", "not checked: nothing is in the log yet"
        )


CHECKS = {
    "changes.page": page,
    "changes.pages": pages,
    "changes.again": again,
    "changes.end": end,
    "changes.strange-cursor": strange_cursor,
    "changes.numbers": numbers,
    "changes.case-from": case_from,
    "changes.first": first,
    "changes.clock": clock,
}
