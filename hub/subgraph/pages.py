"""Decider (pure): changes of case files as the contract tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.port import MOST_CHANGES, ChangesWanted
from hub.subgraph import sentences
from hub.subgraph.problems import BAD_USER_INPUT, told
from schema.records.change import Change, Tombstone, Watermark

if TYPE_CHECKING:
    from datetime import datetime

    from schema.records.change import Arrival, Changes, Unfit
    from schema.records.keys import ProvinceCode

_LONGEST_CURSOR = 128
_LONGEST_CASE_NO = 64
_SILENT = dict.fromkeys(
    ("act", "on", "unionCode", "corrects", "gone", "document", "fact")
)


def wanted(
    request: str,
    first: int,
    *,
    after: str | None = None,
    case_no: str | None = None,
    seq: int = 0,
) -> ChangesWanted:
    """Take the arguments of ``caseChanges`` or of ``caseFile``.

    Args:
        request: Id of the request.
        first: How many at most.
        after: The log's cursor.
        case_no: The file of this case only.
        seq: With ``case_no``: after this number.

    Raises:
        Told: They are out of range.
    """
    if not 1 <= first <= MOST_CHANGES:
        raise told(BAD_USER_INPUT, sentences.FIRST, most=MOST_CHANGES)
    if len(after or "") > _LONGEST_CURSOR or seq < 0:
        raise told(BAD_USER_INPUT, sentences.AFTER)
    if case_no is not None and not 0 < len(case_no) <= _LONGEST_CASE_NO:
        raise told(BAD_USER_INPUT, sentences.CASE_NO)
    return ChangesWanted(request, first, after or "", case_no or "", seq)


def page(province: ProvinceCode, changes: Changes, now: datetime) -> dict[str, Any]:
    """Write a page.

    A statement that the connector set aside keeps its number, and says nothing: whoever
    reads the log sets it aside as well and reads on behind it. Left out, it would be a
    hole that is asked for for ever.

    Args:
        province: Who tells.
        changes: What the connector told.
        now: For what has no moment that could be read.
    """
    marks = [one for one in changes.arrivals if isinstance(one, Watermark)]
    rows = [_row(one) for one in changes.arrivals if not isinstance(one, Watermark)]
    rows += [_unfit(one, now) for one in changes.unfit if one.case_no and one.seq]
    return {
        "province": province,
        "changes": rows,
        "watermarks": [{"caseNo": one.case_no, "seq": one.seq} for one in marks],
        "next": changes.next,
        "more": changes.more,
    }


def _row(one: Arrival) -> dict[str, Any]:
    row = {**_SILENT, "caseNo": one.case_no, "seq": one.seq}
    if isinstance(one, Tombstone):
        row |= {"asOf": one.as_of.isoformat(), "gone": one.gone}
    if isinstance(one, Change):
        row |= {
            "asOf": one.as_of.isoformat(),
            "act": one.act.value,
            "on": one.on.isoformat(),
            "unionCode": one.union,
            "corrects": one.corrects,
            "document": one.document and _plain(one.document),
            "fact": one.fact and _fact(_plain(one.fact)),
        }
    return row


def _plain(one: msgspec.Struct) -> dict[str, Any]:
    told_of: dict[str, Any] = msgspec.to_builtins(one)
    return told_of


def _fact(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "about": row["about"] or None}


def _unfit(one: Unfit, now: datetime) -> dict[str, Any]:
    return {
        **_SILENT,
        "caseNo": one.case_no,
        "seq": one.seq,
        "asOf": now.isoformat(),
    }
