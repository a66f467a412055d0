"""Decider (pure): the words of a province about its case files become changes.

A page that was asked for and a message that was pushed have the same shape
(``CaseChanges`` of the contract), and are held to the same rules here. A pushed message
is taken as a whole. Of a page, one statement that is unfit is set aside, and declared:
the log is read on behind it.
"""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec

from schema.records.case import ActKind
from schema.records.case_task import Document
from schema.records.change import (
    Change,
    Changes,
    Seq,
    ToldFact,
    Tombstone,
    Unfit,
    Watermark,
)
from schema.records.keys import Moment
from schema.records.record import Code

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.port import ChangesWanted
    from schema.records.keys import ProvinceCode

_Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Reference: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
#: Days that a year-bound law or file can name; others are mistakes.
_EARLIEST = date(1949, 10, 1)
_LATEST_YEAR = 9999


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


class _Place(msgspec.Struct, rename="camel"):
    """Where a statement belongs, if that can be read at least."""

    case_no: _Name
    seq: Seq


class ToldChanges(msgspec.Struct, rename="camel"):
    """``CaseChanges`` of the contract, as it comes over the wire."""

    province: str
    #: Each is read by itself (``read_changes``), so that one spoils no other.
    changes: tuple[Any, ...]
    watermarks: tuple[Any, ...] = ()
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


def read_changes(
    province: ProvinceCode,
    told: ToldChanges,
    most: int,
    *,
    whole: bool = False,
    strict: bool = True,
) -> Changes:
    """Hold a page to the rules, and take it for what it says.

    Args:
        province: Who was asked, or has signed.
        told: What it said.
        most: How many changes there may be.
        whole: Nothing is set aside: what is unfit makes all of it unfit.
        strict: Numbers and texts are of the contract's types, as they are in JSON.

    Raises:
        UnfitChanges: It is another's page, or too long; with ``whole``, one of its
            statements is none.
    """
    if told.province != province:
        raise UnfitChanges("another-province")
    if len(told.changes) > most or len(told.watermarks) > most:
        raise UnfitChanges("too-many-changes")
    reading = _Reading(province, strict=strict)
    for place, row in enumerate(told.changes):
        reading.change(row, f"$.changes[{place}]")
    for place, row in enumerate(told.watermarks):
        reading.watermark(row, f"$.watermarks[{place}]")
    if whole and reading.unfit:
        raise UnfitChanges(reading.unfit[0].rule)
    arrivals = (*reading.told, *reading.marks)
    return Changes(arrivals, told.next, told.more, tuple(reading.unfit))


class _Reading:
    """A page that is being read."""

    def __init__(self, province: ProvinceCode, *, strict: bool) -> None:
        self._province = province
        self._strict = strict
        self._last: dict[str, int] = {}
        self.told: list[Change | Tombstone] = []
        self.marks: list[Watermark] = []
        self.unfit: list[Unfit] = []

    def change(self, row: Any, where: str) -> None:
        try:
            read = msgspec.convert(row, _Change, strict=self._strict)
            one = _statement(self._province, read)
        except UnfitChanges as flaw:
            self._aside(row, flaw.rule)
        except msgspec.ValidationError as error:
            self._aside(row, _where(error, where))
        else:
            self._last[one.case_no] = max(one.seq, self._last.get(one.case_no, 0))
            self.told.append(one)

    def watermark(self, row: Any, where: str) -> None:
        try:
            read = msgspec.convert(row, _Watermark, strict=self._strict)
        except msgspec.ValidationError as error:
            self._aside(row, _where(error, where))
            return
        if self._last.get(read.case_no, 0) > read.seq:
            # Its numbers go beyond what it says it has given.
            self._aside(row, "beyond-its-watermark")
            return
        mark = Watermark(province=self._province, case_no=read.case_no, seq=read.seq)
        self.marks.append(mark)

    def _aside(self, row: Any, rule: str) -> None:
        try:
            place = msgspec.convert(row, _Place, strict=self._strict)
        except msgspec.ValidationError:
            self.unfit.append(Unfit(rule=rule))
        else:
            one = Unfit(case_no=place.case_no, seq=place.seq, rule=rule)
            self.unfit.append(one)


def _where(error: msgspec.ValidationError, row: str) -> str:
    """Tell where a row is wrong, and never what stands there."""
    return row + str(error).partition(" - at `$")[2].rstrip("`")


def flaw_of(province: ProvinceCode, wanted: ChangesWanted, changes: Changes) -> str:
    """Name what makes a page no answer to the question; empty if nothing does.

    It holds for every connector.
    """
    told = [one for one in changes.arrivals if not isinstance(one, Watermark)]
    aside = [one for one in changes.unfit if one.case_no]
    if any(one.province != province for one in changes.arrivals):
        return "another-province"
    if len(told) > wanted.first or len(changes.unfit) > 2 * wanted.first:
        return "too-many-changes"
    if wanted.case_no:
        if any(one.case_no != wanted.case_no for one in (*changes.arrivals, *aside)):
            return "another-case"
        if any(one.seq <= wanted.seq for one in told):
            return "not-after-the-number"
    # A file of which nothing can be read has no number after which to ask on.
    read = told or aside or (changes.unfit and not wanted.case_no)
    if changes.more and (not read or changes.next == wanted.after != ""):
        return "leads-nowhere"
    return ""


def _statement(province: ProvinceCode, told: _Change) -> Change | Tombstone:
    as_of = _moment(told.as_of)
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


def _moment(told: datetime) -> datetime:
    """Write a moment in one way only, so that what is repeated is known again."""
    if not _EARLIEST.year < told.year < _LATEST_YEAR:
        raise UnfitChanges("moment-out-of-range")
    return told.astimezone(UTC)


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
