"""Decider: how much one case may hold.

A case is read and written as a whole, so what an act costs grows with all that is in
it: how much there may be is data (``hub/rules/thresholds.toml``). What ends a case, or
answers what waits, always has room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.following.refusals import about
from hub.following.thresholds import Number
from schema.records import case_wish as wishes
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hub.following.thresholds import Thresholds
    from schema.records.case import Case
    from schema.records.case_wish import CaseWish

_CASE_FULL: Final = Refusal(
    "CASE_FULL",
    "cases.room",
    Bilingual(
        "该案件的{what_zh}已满：至多 {most} 项。",
        "The case holds as many {what_en} as it may: {most}.",
    ),
    Bilingual(
        "请将材料、经过留在省案卷（可按编号引用），或者就其余部分另立案件。",
        "Keep what is more in the province's case file, which a document may refer to, or"
        " open a case of its own for the rest.",
    ),
)
_NAMES: Final[Mapping[Number, tuple[str, str]]] = {
    Number.CASE_DOCUMENTS: ("材料", "documents"),
    Number.CASE_TASKS: ("协办任务和子案", "tasks and sub-cases"),
    Number.CASE_FACTS: ("事实", "facts"),
    Number.CASE_MILESTONES: ("经过", "milestones"),
}
#: What goes on for ever, unless somebody stops it.
_GOING_ON: Final = (
    wishes.RecordAct, wishes.StateFacts, wishes.AddDocument, wishes.FollowUp,
    wishes.OpenSubCase, wishes.AssignTask, wishes.AskTaskAgain, wishes.ExtendTask,
    wishes.OfferHandOver,
)  # fmt: skip


def full(
    case: Case, wish: CaseWish, thresholds: Thresholds, today: date
) -> Refusal | None:
    """Tell that a case has no room for what an act adds; none if it has.

    Args:
        case: As it stands.
        wish: What is to be done.
        thresholds: How much there may be, where the lead is.
        today: The day in China.
    """
    for name, more in _added(wish).items():
        refused = no_room(case, name, more, thresholds, today)
        if refused is not None:
            return refused
    return None


def no_room(
    case: Case, name: Number, more: int, thresholds: Thresholds, today: date
) -> Refusal | None:
    """Tell that so many more of one kind are too many; none if they are not."""
    most = thresholds.of(name, case.lead.province, today).value
    if not more or _held(case, name) + more <= most:
        return None
    what_zh, what_en = _NAMES[name]
    return about(_CASE_FULL, most=most, what_zh=what_zh, what_en=what_en)


def _added(wish: CaseWish) -> Mapping[Number, int]:
    return {
        Number.CASE_MILESTONES: int(isinstance(wish, _GOING_ON)),
        Number.CASE_TASKS: int(
            isinstance(wish, wishes.AssignTask | wishes.OpenSubCase)
        ),
        Number.CASE_FACTS: len(getattr(wish, "facts", ())),
        Number.CASE_DOCUMENTS: int(
            isinstance(wish, wishes.AddDocument)
            or (isinstance(wish, wishes.RecordAct) and wish.document is not None)
        )
        + len(getattr(wish, "documents", ())),
    }


def _held(case: Case, name: Number) -> int:
    held = {
        Number.CASE_DOCUMENTS: len(case.documents),
        Number.CASE_TASKS: len(case.tasks) + len(case.sub_cases),
        Number.CASE_FACTS: len(case.facts),
        Number.CASE_MILESTONES: len(case.milestones),
    }
    return held[name]
