"""Decider (pure): the words of a province about its case files become changes.

A page that was asked for and a message that was pushed have the same shape
(``CaseChanges`` of the contract), and are held to the same rules here.
"""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING, Annotated, TypeAlias

import msgspec

from schema.records.case import ActKind
from schema.records.case_task import Document
from schema.records.change import (
    Change,
    Changes,
    Seq,
    ToldFact,
    Tombstone,
    Watermark,
)
from schema.records.keys import Moment
from schema.records.record import Code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.port import ChangesWanted
    from schema.records.change import Arrival
    from schema.records.keys import ProvinceCode

_Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Reference: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
#: Days that a year-bound law or file can name; others are mistakes.
_EARLIEST = date(1949, 10, 1)


class _Document(msgspec.Struct, rename="camel"):
    """``CaseDocument`` of the contract."""

    reference: _Reference
    sha256: _Sha256


class _Fact(msgspec.Struct, rename="camel"):
    """``CaseFact`` of the contract."""

    kind: _Name
    about: Code | None = None
    names: date | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=3660)] | None = None


class _Change(msgspec.Struct, rename="camel"):
    """``CaseChange`` of the contract."""

    case_no: _Name
    seq: Seq
    as_of: Moment
    act: _Name | None = None
    on: date | None = None
    union_code: _Name | None = None
    corrects: Seq | None = None
    gone: Seq | None = None
    document: _Document | None = None
    fact: _Fact | None = None


class _Watermark(msgspec.Struct, rename="camel"):
    """``CaseWatermark`` of the contract."""

    case_no: _Name
    seq: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class ToldChanges(msgspec.Struct, rename="camel"):
    """``CaseChanges`` of the contract, as it comes over the wire."""

    province: str
    changes: tuple[_Change, ...]
    watermarks: tuple[_Watermark, ...] = ()
    next: Annotated[str, msgspec.Meta(max_length=128)] = ""
    more: bool = False


class UnfitChanges(ValueError):
    """What a province told of its case files cannot be taken.

    Attributes:
        rule: Which rule it breaks, as a code: never a value of it.
    """

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def read_changes(province: ProvinceCode, told: ToldChanges, most: int) -> Changes:
    """Hold a page to the rules, and take it for what it says.

    Args:
        province: Who was asked, or has signed.
        told: What it said.
        most: How many changes there may be.

    Raises:
        UnfitChanges: It is another's page, too long, or no change at all.
    """
    if told.province != province:
        raise UnfitChanges("another-province")
    if len(told.changes) > most or len(told.watermarks) > most:
        raise UnfitChanges("too-many-changes")
    arrivals: list[Arrival] = [_statement(province, one) for one in told.changes]
    arrivals += [
        Watermark(province=province, case_no=one.case_no, seq=one.seq)
        for one in told.watermarks
    ]
    _below_watermarks(arrivals)
    return Changes(tuple(arrivals), told.next, told.more)


def flaw_of(province: ProvinceCode, wanted: ChangesWanted, changes: Changes) -> str:
    """Name what makes a page no answer to the question; empty if nothing does.

    It holds for every connector.
    """
    told = [one for one in changes.arrivals if not isinstance(one, Watermark)]
    if any(one.province != province for one in changes.arrivals):
        return "another-province"
    if len(told) > wanted.first:
        return "too-many-changes"
    if wanted.case_no:
        if any(one.case_no != wanted.case_no for one in changes.arrivals):
            return "another-case"
        if any(one.seq <= wanted.seq for one in told):
            return "not-after-the-number"
    if changes.more and (not told or changes.next == wanted.after != ""):
        return "leads-nowhere"
    return ""


def _statement(province: ProvinceCode, told: _Change) -> Change | Tombstone:
    # One moment is written in one way only, so that what is repeated is known again.
    as_of = told.as_of.astimezone(UTC)
    if told.gone is not None:
        if (told.act, told.on, told.corrects, told.fact) != (None,) * 4:
            raise UnfitChanges("gone-and-more")
        return Tombstone(
            province=province,
            case_no=told.case_no,
            seq=told.seq,
            as_of=as_of,
            gone=told.gone,
        )
    if told.act is None or told.on is None or told.union_code is None:
        raise UnfitChanges("no-act-day-or-union")
    if told.on < _EARLIEST:
        raise UnfitChanges("day-out-of-range")
    return Change(
        province=province,
        case_no=told.case_no,
        seq=told.seq,
        as_of=as_of,
        # A newer province may know acts that this hub does not.
        act=ActKind.__members__.get(told.act, ActKind.OTHER),
        on=told.on,
        union=told.union_code,
        document=_document(province, told.document),
        corrects=told.corrects,
        fact=_fact(told.fact),
    )


def _document(province: ProvinceCode, told: _Document | None) -> Document | None:
    if told is None:
        return None
    return Document(reference=told.reference, sha256=told.sha256, province=province)


def _fact(told: _Fact | None) -> ToldFact | None:
    if told is None:
        return None
    return ToldFact(
        kind=told.kind, about=told.about or "", names=told.names, days=told.days
    )


def _below_watermarks(arrivals: Iterable[Arrival]) -> None:
    """Refuse a page whose numbers go beyond what it says it has given."""
    last: dict[str, int] = {}
    marks: dict[str, int] = {}
    for one in arrivals:
        of = marks if isinstance(one, Watermark) else last
        of[one.case_no] = max(one.seq, of.get(one.case_no, 0))
    if any(last.get(case_no, 0) > mark for case_no, mark in marks.items()):
        raise UnfitChanges("beyond-its-watermark")
