"""Decider: the provinces' own logs of their case files, and what the hub has of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.following.timeline import History, timeline
from schema.records.case import ENDED
from schema.records.change import Change
from tests.chaos.verdict import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema.records.case import Case
    from schema.records.change import Tombstone
    from tests.chaos.case_store import CasesKept
    from tests.chaos.casework import CaseBook


def judge_files(book: CaseBook, kept: CasesKept) -> list[Finding]:
    """Check that everything that provinces wrote is there once, and as they wrote it."""
    written = [seq for log in kept.logs.values() for seq in log]
    return [
        finding("省内记录丢失", "changes lost in the province", book.changes, [
            f"{province}: {no} {seq}"
            for (province, _), (no, seq) in book.changes.items()
            if seq not in kept.logs.get((province, no), {})
        ]),
        finding(
            "省案卷变更缺失、重复或走样", "changes missing, doubled or altered", written,
            _altered(kept),
        ),
        finding("时间线有缺口", "timelines with gaps", kept.files, _gaps(kept)),
        finding(
            "案卷事实未入案", "facts of files that their case does not have", kept.files,
            _unstated(kept),
        ),
        finding(
            "推送应答有误", "pushed messages answered wrongly",
            list(book.pushed.elements()), book.wrong_pushes,
        ),
    ]  # fmt: skip


def _altered(kept: CasesKept) -> Iterator[str]:
    for place in kept.logs.keys() | kept.files.keys():
        own, told = kept.logs.get(place, {}), kept.files.get(place)
        has = {} if told is None else told.statements
        for seq in own.keys() ^ has.keys():
            yield f"{place} {seq}: {'missing' if seq in own else 'nobody wrote it'}"
        for seq in own.keys() & has.keys():
            if _plain(own[seq]) != _as_written(has[seq]):
                yield f"{place} {seq}: altered"
        if told is not None and told.contradicted:
            yield f"{place}: {told.contradicted} contradicted"


def _plain(written: Mapping[str, Any]) -> tuple[Any, ...]:
    fact = (written.get("fact") or {}).get("kind")
    rest = ("act", "on", "unionCode", "corrects", "gone")
    return (*(written.get(one) for one in rest), fact)


def _as_written(one: Change | Tombstone) -> tuple[Any, ...]:
    if isinstance(one, Change):
        fact = None if one.fact is None else one.fact.kind
        return (str(one.act), one.on.isoformat(), one.union, one.corrects, None, fact)
    return (None, None, None, None, one.gone, None)


def _gaps(kept: CasesKept) -> Iterator[str]:
    for (province, no), told in kept.files.items():
        statements = {(one.province, seq): one for seq, one in told.statements.items()}
        upto = {one.province: told.last for one in told.statements.values()}
        read = timeline(History(no, statements, frozenset(), upto))
        if read.gaps or read.contradictions or (told.last and not statements):
            yield f"{province} {no}: {read.gaps} {read.contradictions}"


def _unstated(kept: CasesKept) -> Iterator[str]:
    """Find facts of the lead's own file that the case says otherwise, or not at all."""
    for (province, no), log in kept.logs.items():
        case = kept.cases.get(no)
        if case is None or case.state in ENDED or case.file_province != province:
            continue
        told = kept.files.get((province, no))
        refused = () if told is None else told.refused
        for root, (seq, kind, on) in _facts(case, log).items():
            name = f"{province}:{root}"
            found = [
                (one.kind, one.on.isoformat()) for one in case.facts if one.id == name
            ]
            if found != [(kind, on)] and seq not in refused:
                yield f"{province} {no}: {kind} of {root} is {found}"
        for seq in refused:
            yield f"{province} {no}: the case could not take {seq}"


def _facts(case: Case, log: Mapping[int, Mapping[str, Any]]) -> dict[int, Any]:
    """Read the facts that stand, by the number under which each was first told."""
    roots: dict[int, int] = {}
    found: dict[int, Any] = {}
    for seq, one in sorted(log.items()):
        roots[seq] = roots.get(one.get("corrects") or 0, seq)
        if one.get("fact") and one["unionCode"] == case.lead.union:
            found[roots[seq]] = (seq, one["fact"]["kind"], one["on"])
    return found
