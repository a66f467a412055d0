"""Decider: a report of arrears as people write it → as it is kept, or why it is none."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Final

from hub.following.acting_refusals import text_refused, too_many
from hub.following.arrears import NO_WORKERS, RULE, report_refused
from hub.following.employers import employer_code
from hub.following.places import is_division
from schema.records.arrears import ArrearsReport
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from schema.records.arrears_wish import ArrearsWish

_YUAN: Final = re.compile(r"-?\d{1,13}(\.\d{1,2})?", re.ASCII)
#: More than any employer of one place owes wages to.
_MOST_WORKERS: Final = 1_000_000
_LONGEST_CODE: Final = 64
_LONGEST_TEXT: Final = 500
_MOST_LISTED: Final = 200
_MOST_EVIDENCE: Final = 50

AMOUNT_UNUSABLE: Final = Refusal(
    "AMOUNT_UNUSABLE",
    RULE,
    Bilingual(
        "金额须为不超过 13 位整数、至多两位小数的元数。",
        "An amount is in yuan: 13 digits at most, and two decimals.",
    ),
    Bilingual("请填写金额，可以估计。", "Write the amount; an estimate will do."),
)
TOO_MANY_WORKERS: Final = Refusal(
    "NUMBER_UNUSABLE",
    RULE,
    Bilingual("人数过大。", "There cannot be so many workers."),
    Bilingual("请核对人数。", "Check how many there are."),
)
NO_DIVISION: Final = Refusal(
    "DIVISION_UNUSABLE",
    RULE,
    Bilingual(
        "欠薪发生地须为 6、9 或者 12 位行政区划代码。",
        "Where the arrears arose is a division code of 6, 9 or 12 digits (GB/T 2260).",
    ),
    Bilingual("请核对代码。", "Check the code."),
)
SIGNAL_AFTER_REPORT: Final = Refusal(
    "SIGNAL_AFTER_REPORT",
    RULE,
    Bilingual(
        "首次征兆的日期在报告之后。", "The first sign of it is dated after the report."
    ),
    Bilingual(
        "请核对日期；与报告同时的请不填。",
        "Check the date; leave it out if the report itself was the first sign.",
    ),
)


def report_of(
    wish: ArrearsWish, name: str, province: str, today: date
) -> ArrearsReport | Refusal:
    """Read a report, or refuse it with the rule that it breaks.

    Args:
        wish: As people write it.
        name: The act's own name: the same act makes the same report.
        province: Province of the union that received it.
        today: The day in China.
    """
    codes = _codes(wish)
    if isinstance(codes, Refusal):
        return codes
    refused = next(_unsound(wish, today), None)
    if refused is not None:
        return refused
    report = ArrearsReport(
        id=_named(name),
        on=wish.on,
        reporter=wish.reporter,
        office=wish.by,
        province=ProvinceCode(province),
        employer=codes[0] or "",
        division=wish.division,
        workers=wish.workers,
        since=wish.since,
        until=wish.until,
        amount=_yuan(wish.amount),
        main_contractor=codes[1],
        subcontractor=codes[2],
        project=wish.project,
        listed=frozenset(wish.listed),
        evidence=wish.evidence,
        guarantee_known=wish.guarantee_known,
        safety_risk=wish.safety_risk,
    )
    return report_refused(report, today) or report


def _codes(wish: ArrearsWish) -> list[str | None] | Refusal:
    """Read the codes of who owes, and of who is liable with it."""
    found: list[str | None] = []
    for written in (wish.employer, wish.main_contractor, wish.subcontractor):
        code = None if written is None else employer_code(written)
        if isinstance(code, Refusal):
            return code
        found.append(code)
    return found


def _unsound(wish: ArrearsWish, today: date) -> Iterator[Refusal]:
    named = len(set(wish.listed)) + len(set(wish.local_ids))
    checks = (
        (not _YUAN.fullmatch(_yuan(wish.amount)), AMOUNT_UNUSABLE),
        (wish.workers > _MOST_WORKERS, TOO_MANY_WORKERS),
        (wish.workers < named, NO_WORKERS),
        (not is_division(wish.division), NO_DIVISION),
        (wish.signal_on is not None and wish.signal_on > wish.on, SIGNAL_AFTER_REPORT),
        (named > _MOST_LISTED, too_many("listed", _MOST_LISTED)),
        (len(wish.evidence) > _MOST_EVIDENCE, too_many("evidence", _MOST_EVIDENCE)),
    )
    yield from (refusal for wrong, refusal in checks if wrong)
    texts = [("evidence", one, _LONGEST_CODE) for one in wish.evidence]
    if wish.project is not None:
        texts.append(("project", wish.project, _LONGEST_TEXT))
    for field, text, most in texts:
        refused = text_refused(field, text, most, today)
        if refused is not None:
            yield refused


def _yuan(amount: Decimal) -> str:
    return f"{amount:f}" if amount.is_finite() else ""


def _named(name: str) -> str:
    """Make a report's id of its act's name; nothing can be read from it."""
    digest = hashlib.sha256(b"arrears-report|" + name.encode()).digest()
    return "R" + base64.b32encode(digest[:10]).decode()
