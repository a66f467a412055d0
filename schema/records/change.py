"""Value: what a province says happened in its file of a case, and how far it was read.

Only that something happened, never what it said: content stays in the province.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from schema.records.case import ActKind
from schema.records.case_task import Document
from schema.records.keys import Moment, ProvinceCode
from schema.records.record import Code

#: A province numbers its changes of one case from 1, without holes.
Seq = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class ToldFact(msgspec.Struct, frozen=True, kw_only=True):
    """What clocks run from, by the word of a province; its day is the change's.

    Attributes:
        kind: What happened: a code of ``hub/rules/clocks.toml``.
        about: The task, document or report that it is about; empty for the case.
        names: The day that it names, such as that of a hearing; may be to come.
        days: Of an extension: how many days were granted.
    """

    kind: Code
    about: Code = ""
    names: date | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=3660)] | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="change"):
    """Something happened in a province's file of a case.

    Attributes:
        province: Whose file.
        case_no: Which case.
        seq: The number of this change among the province's changes of the case.
        as_of: When the province wrote it down.
        act: What happened.
        on: The day of it, in China.
        union: Who did it, by unified social credit code.
        document: The paper of it, by reference and hash.
        corrects: Number of the change that was wrong and that this one replaces.
        fact: What clocks run from by it, if anything does.
    """

    province: ProvinceCode
    case_no: Code
    seq: Seq
    as_of: Moment
    act: ActKind
    on: date
    union: Code
    document: Document | None = None
    corrects: Seq | None = None
    fact: ToldFact | None = None


class Tombstone(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="tombstone"
):
    """A change is gone from a province's file: it was another's case, or erased.

    Attributes:
        province: Whose file.
        case_no: Which case.
        seq: The number of this statement among the province's changes of the case.
        as_of: When the province wrote it down.
        gone: Number of the change that is gone.
    """

    province: ProvinceCode
    case_no: Code
    seq: Seq
    as_of: Moment
    gone: Seq


class Watermark(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="watermark"
):
    """How far a province has come with a case, by its own word.

    Attributes:
        province: Who.
        case_no: Which case.
        seq: The last number that it has given.
    """

    province: ProvinceCode
    case_no: Code
    seq: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


#: What a poll or a callback brings.
Arrival = Change | Tombstone | Watermark


class Unfit(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that cannot be taken, while the log goes on behind it.

    Attributes:
        case_no: Which case it is about; empty if that cannot be read.
        seq: Its number; zero if that cannot be read.
        rule: Which rule it breaks, as a code: never a value of it.
    """

    case_no: str = ""
    seq: int = 0
    rule: str


class Changes(msgspec.Struct, frozen=True):
    """One page of what a province has to tell.

    Attributes:
        arrivals: In the order of its log; watermarks last.
        next: Where to ask on: the same as before if there was nothing.
        more: Whether there is more now.
        unfit: What of the page was set aside.
    """

    arrivals: tuple[Arrival, ...]
    next: str = ""
    more: bool = False
    unfit: tuple[Unfit, ...] = ()
