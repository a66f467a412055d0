"""Value: why something cannot be done about a co-handling task."""

from __future__ import annotations

from typing import Final

from schema.records.refusal import Bilingual, Refusal

_RULE: Final = "case-task"
#: RULEBOOK §10: the counterpart rates timeliness and effort.
_RATING: Final = "task-rating"

ANSWERED_ALREADY: Final = Refusal(
    "ANSWERED_ALREADY",
    _RULE,
    Bilingual("该任务已经答复。", "The task has been answered."),
    Bilingual(
        "需要补充的，请主办工会再次交办。",
        "If something is to be added, have the lead ask again.",
    ),
)
REFUSED_ALREADY: Final = Refusal(
    "REFUSED_ALREADY",
    _RULE,
    Bilingual("该任务已被退回。", "The task has been refused."),
    Bilingual("请主办工会再次交办或收回。", "Have the lead ask again or call it off."),
)
TASK_CLOSED: Final = Refusal(
    "TASK_CLOSED",
    _RULE,
    Bilingual("该任务已经办结。", "The task is closed."),
    Bilingual(
        "如仍需要，请主办工会另行交办。", "If need be, have the lead give a new one."
    ),
)
NOT_ANSWERED: Final = Refusal(
    "NOT_ANSWERED_YET",
    _RULE,
    Bilingual(
        "协办工会尚未答复，不能再次交办。",
        "The co-handler has not answered yet: it cannot be asked again.",
    ),
    Bilingual("请等待答复，或收回任务。", "Wait for the answer, or call the task off."),
)
NOTHING_TO_RATE: Final = Refusal(
    "NOTHING_TO_RATE",
    _RATING,
    Bilingual(
        "任务尚在办理，不能评价。", "The task is still being done: it cannot be rated."
    ),
    Bilingual(
        "请在答复、退回或办结之后评价。",
        "Rate it when it was answered, refused or closed.",
    ),
)
RATED_ALREADY: Final = Refusal(
    "RATED_ALREADY",
    _RATING,
    Bilingual("该次任务已经评价。", "The task was rated already."),
    Bilingual("每次交办只评价一次。", "Each time that it is asked, it is rated once."),
)
RATING_UNUSABLE: Final = Refusal(
    "RATING_UNUSABLE",
    _RULE,
    Bilingual("评分不是 1 至 5。", "A rating is from 1 to 5."),
    Bilingual("请填写 1 至 5 的整数。", "Write a whole number from 1 to 5."),
)
OWN_TASK: Final = Refusal(
    "OWN_TASK",
    _RULE,
    Bilingual(
        "不能评价自己的任务，也不能由可代表双方的同一机构评价。",
        "Nobody rates their own task, nor does an office that acts for both sides.",
    ),
    Bilingual(
        "请由主办工会自己的、不能代表协办工会的机构评价。",
        "Have an office of the lead rate it that does not act for the co-handler.",
    ),
)
EXTENDED_ALREADY: Final = Refusal(
    "TASK_EXTENDED_ALREADY",
    _RULE,
    Bilingual(
        "该任务已延期一次，不能再延。", "The task was extended once; it is not again."
    ),
    Bilingual("请答复或说明理由退回。", "Answer, or refuse with a reason."),
)
NOT_LATER: Final = Refusal(
    "NOT_LATER",
    _RULE,
    Bilingual(
        "新的期限 {day} 不晚于今天或原期限。",
        "The new day, {day}, is not after today and the present one.",
    ),
    Bilingual("请核对日期。", "Check the date."),
)
OTHER_ROUND: Final = Refusal(
    "OTHER_ROUND",
    _RULE,
    Bilingual("该任务尚无第 {round} 次交办。", "The task has no round {round} yet."),
    Bilingual("请重新读取任务。", "Read the task again."),
)
ORDER_OF_DAYS: Final = Refusal(
    "DAYS_OUT_OF_ORDER",
    _RULE,
    Bilingual(
        "确认期限须不早于今天、不晚于答复期限。",
        "The day to acknowledge is neither before today nor after the day to answer.",
    ),
    Bilingual("请核对日期。", "Check the dates."),
)
