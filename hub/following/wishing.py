"""Decider: what is wrong with a wish as it is written, whoever makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.acting.keys import reason_refused
from hub.following.clock_refusals import CORRECT_BY_STATING, too_early
from hub.following.days import day_refused
from hub.following.stating import is_correction
from schema.records import case_wish as wishes

if TYPE_CHECKING:
    from datetime import date

    from hub.following.thresholds import Thresholds
    from schema.records.case import Case
    from schema.records.case_wish import CaseWish
    from schema.records.refusal import Refusal

_WITH_REASON: Final = (
    wishes.DeclineLead, wishes.ForwardLead, wishes.ReportUp, wishes.OfferHandOver,
    wishes.LeaveBelow, wishes.ExtendTask, wishes.RefuseTask, wishes.WithdrawCase,
)  # fmt: skip


def wish_refused(
    thresholds: Thresholds, case: Case, wish: CaseWish, today: date
) -> Refusal | None:
    """Refuse a wish without its reason, on a day that cannot be, or in disguise.

    Args:
        thresholds: The numbers.
        case: The case.
        wish: What is wished.
        today: The day in China.
    """
    corrects = any(is_correction(one, case.facts) for one in getattr(wish, "facts", ()))
    if corrects and not isinstance(wish, wishes.StateFacts):
        return CORRECT_BY_STATING
    reason = getattr(wish, "reason", "")
    if reason or corrects or isinstance(wish, _WITH_REASON):
        refused = reason_refused(reason, today)
        if refused is not None:
            return refused
    return _day_refused(thresholds, case, wish, today)


def _day_refused(
    thresholds: Thresholds, case: Case, wish: CaseWish, today: date
) -> Refusal | None:
    on = getattr(wish, "on", None)
    if on is None:
        return None
    if isinstance(wish, wishes.CloseCase) and on < case.first_touch_on:
        return too_early(case.first_touch_on)
    return day_refused(thresholds, on, today)
