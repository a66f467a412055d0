"""Value: why a fact cannot be taken into a rights case, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from datetime import date

#: RULEBOOK §5: a clock runs by what happened, and each due date cites rule and fact.
FACTS: Final = "clock-facts"
#: RULEBOOK §5: extended once, where the law says so.
ONCE: Final = "clock-extended-once"
#: RULEBOOK §5: recomputed when a fact is corrected; who still has time keeps it.
CORRECTIONS: Final = "clock-corrections"


def _no(rule: str, code: str, said: tuple[str, str], do: tuple[str, str]) -> Refusal:
    return Refusal(code, rule, Bilingual(*said), Bilingual(*do))


UNKNOWN_FACT = _no(
    FACTS,
    "UNKNOWN_FACT",
    ("事实类别未知。", "There is no such kind of fact."),
    ("请使用规则文件所列的类别。", "Use one of those that the rules list."),
)
FACT_IN_FUTURE = _no(
    FACTS,
    "FACT_IN_FUTURE",
    ("事实的日期在今天之后。", "The fact lies after today."),
    (
        "请在发生之后登记；开庭日期等将来的日期填在 names。",
        "State it when it has happened; a day to come goes into names.",
    ),
)
NO_DAY_NAMED = _no(
    FACTS,
    "NO_DAY_NAMED",
    ("没有写明所定的日期。", "The day that was set is missing."),
    ("请在 names 填写开庭日期。", "Write the day of the hearing in names."),
)
DAY_NAMED_IS_NONE = _no(
    FACTS,
    "DAY_NAMED_IS_NONE",
    (
        "所定的日期早于确定之日，或在十年之后。",
        "The day that was set lies before it was set, or more than ten years ahead.",
    ),
    ("请核对日期。", "Check the dates."),
)
NOTHING_TO_CORRECT = _no(
    CORRECTIONS,
    "NOTHING_TO_CORRECT",
    ("没有可更正或者撤回的事实。", "There is no such fact to correct or take back."),
    ("请先登记该事实（revision 为 0）。", "State the fact first, as revision 0."),
)
OTHER_FACT = _no(
    CORRECTIONS,
    "OTHER_FACT",
    (
        "更正不能改变事实的类别或者所属事项。",
        "A correction cannot change the kind of a fact, or what it is about.",
    ),
    ("请撤回原事实，另行登记。", "Take the fact back, and state another."),
)
EXTENDED_ALREADY = _no(
    ONCE,
    "EXTENDED_ALREADY",
    ("已经延长过一次。", "It was extended already: once is all."),
    ("请在期限内办理；逾期的后果见规则。", "Act in time; the rule tells what follows."),
)
EXTENDED_BY_NOTHING = _no(
    ONCE,
    "EXTENDED_BY_NOTHING",
    ("没有写明延长多少天。", "It does not say by how many days."),
    ("请填写批准的天数，至少一天。", "Write the days that were granted, one at least."),
)
NOTHING_TO_EXTEND = _no(
    ONCE,
    "NOTHING_TO_EXTEND",
    (
        "没有可以延长的期限：尚未起算、已经办理或者已经届满。",
        "Nothing can be extended: the clock has not started, was met, or has passed.",
    ),
    ("请核对事实的日期和所属事项。", "Check the day, and what it is about."),
)


CORRECT_BY_STATING = _no(
    CORRECTIONS,
    "CORRECT_BY_STATING",
    (
        "更正或者撤回事实，须单独登记并说明理由。",
        "A fact is corrected or taken back by itself, and with a reason.",
    ),
    ("请用 stateFacts，并填写理由。", "Use stateFacts, and say why."),
)


def too_early(earliest: date) -> Refusal:
    """Say before which day nothing is dated."""
    return _no(
        FACTS,
        "DAY_TOO_EARLY",
        (f"日期早于 {earliest}。", f"The day is before {earliest}."),
        ("请核对日期。", "Check the day."),
    )


def other_revision(expected: int) -> Refusal:
    """Say that somebody corrected the fact in between, or that one is missing."""
    return _no(
        CORRECTIONS,
        "OTHER_REVISION",
        (
            "该事实已有其他版本，或者中间缺少版本。",
            "The fact has another revision already, or one between is missing.",
        ),
        (
            f"请查看现行内容，再以 revision {expected} 更正。",
            f"Look at what holds, and correct it as revision {expected}.",
        ),
    )


def extended_too_long(most: int) -> Refusal:
    """Say how far the law lets a clock be extended."""
    return _no(
        ONCE,
        "EXTENDED_TOO_LONG",
        (f"最多延长 {most} 天。", f"It may be extended by {most} days at most."),
        ("请更正天数。", "Correct the days."),
    )


def due_into_past(zh: str, en: str) -> Refusal:
    """Say which clock would end on a day that is over."""
    return _no(
        CORRECTIONS,
        "DUE_INTO_PAST",
        (
            f"更正会使尚未届满的期限（{zh}）变为已过。",
            f"The correction would end what still runs ({en}) on a day that is over.",
        ),
        (
            "请核对日期；确属如此的，请报上级工会裁定。",
            "Check the date. If it is right, ask the superior union to decide.",
        ),
    )
