"""Value: the types of changes of case files (contract 1.2), over the province's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import strawberry

from deploy.demo.province.codes import CaseAct

if TYPE_CHECKING:
    Row = dict[str, Any]


@strawberry.type
class CaseDocument:
    """A paper, by reference and hash."""

    reference: str
    sha256: str


@strawberry.type
class CaseFact:
    """What clocks run from."""

    kind: str
    about: str | None
    names: date | None
    days: int | None


@strawberry.type
class CaseChange:
    """Something that happened in a file, or that one is gone."""

    case_no: str
    seq: int
    as_of: datetime
    act: CaseAct | None
    on: date | None
    union_code: str | None
    corrects: int | None
    gone: int | None
    document: CaseDocument | None
    fact: CaseFact | None


@strawberry.type
class CaseWatermark:
    """How far a file has come."""

    case_no: str
    seq: int


@strawberry.type
class CaseChanges:
    """One page."""

    province: str
    changes: list[CaseChange]
    watermarks: list[CaseWatermark]
    next: str
    more: bool


def page(province: str, told: Row) -> CaseChanges:
    """Make the type of a page."""
    return CaseChanges(
        province=province,
        changes=[_change(one) for one in told["changes"]],
        watermarks=[
            CaseWatermark(case_no=one["caseNo"], seq=one["seq"])
            for one in told["watermarks"]
        ],
        next=told["next"],
        more=told["more"],
    )


def _change(told: Row) -> CaseChange:
    act, document, fact = (told.get(name) for name in ("act", "document", "fact"))
    return CaseChange(
        case_no=told["caseNo"],
        seq=told["seq"],
        as_of=datetime.fromisoformat(told["asOf"]),
        act=CaseAct(act) if act else None,
        on=_day(told.get("on")),
        union_code=told.get("unionCode"),
        corrects=told.get("corrects"),
        gone=told.get("gone"),
        document=CaseDocument(**document) if document else None,
        fact=_fact(fact) if fact else None,
    )


def _fact(told: Row) -> CaseFact:
    return CaseFact(
        kind=told["kind"],
        about=told.get("about"),
        names=_day(told.get("names")),
        days=told.get("days"),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
