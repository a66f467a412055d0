"""Decider: what becomes of a question of a duplicate membership (RULEBOOK §2).

Never by itself: people ask, people answer, with notice, a term and a reason.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hub.acting.reach import reaches
from hub.rules.dated import read_rules
from hub.rules.workdays import Calendar, term
from hub.transfer import acting_refusals as acting
from hub.transfer.fields import card_refused, checked_local_id, is_code
from schema.records.duplicate import DuplicateState
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from hub.acting.actor import Actor
    from hub.organisation.directory import Directory
    from schema.records.duplicate import DuplicateQuestion, Found

_RULE: Final = "transfer-duplicate"

SAME_UNION: Final = Refusal(
    "SAME_MEMBERSHIP",
    _RULE,
    Bilingual(
        "两项会籍须在不同省的不同工会。",
        "The two memberships must be at different unions of different provinces.",
    ),
    Bilingual(
        "同省重复请由该省在其登记中更正。",
        "Have the province itself correct a duplicate within its register.",
    ),
)
NOT_ONE_WORKER: Final = Refusal(
    "NOT_ONE_WORKER",
    _RULE,
    Bilingual(
        "枢纽的关联不表明这两个档案号是该职工一人。",
        "By the hub's links the two local ids are not both this worker's.",
    ),
    Bilingual(
        "请核对档案号；如确为一人，请先登记关联（registerLinks）。",
        "Check the local ids; if it is one person, register the link first"
        " (registerLinks).",
    ),
)
UNKNOWN_QUESTION: Final = Refusal(
    "UNKNOWN_QUESTION",
    _RULE,
    Bilingual("没有您可见的此项核查。", "There is no such question that you may see."),
    Bilingual("请核对编号。", "Check the id."),
)
TERM_RUNS: Final = Refusal(
    "TERM_NOT_OVER",
    "duplicate-answer-10",
    Bilingual(
        "期限至 {day} 止，期满前不得归并。",
        "The term runs until {day}; no membership is ended before.",
    ),
    Bilingual(
        "请在期满后办理；如查明不是重复，可随时终止核查（不填 kept）。",
        "Resolve it afterwards. If it is no duplicate, end the question now (without"
        " kept).",
    ),
)
NOT_ONE_OF_THEM: Final = Refusal(
    "NOT_ONE_OF_THEM",
    _RULE,
    Bilingual(
        "保留的会籍须是两者之一。", "The membership that is kept is one of the two."
    ),
    Bilingual("请填写其中一个工会。", "Name one of the two unions."),
)
GIVES_UP: Final = Refusal(
    "NOT_THE_ENDING_UNION",
    _RULE,
    Bilingual(
        "归并应由会籍将终止的工会 {union} 或其上级办理。",
        "This is for {union}, whose membership ends, or for one above it to do.",
    ),
    Bilingual("请联系该工会。", "Ask that union."),
)
NOT_THE_WORKER: Final = Refusal(
    "SELF_READ_NEEDED",
    _RULE,
    Bilingual(
        "职工本人须以自己的授权（self:read）答复。",
        "The worker answers with a token of their own (self:read).",
    ),
    Bilingual(
        "请由职工登录本人账户办理；工会请用 resolveDuplicate。",
        "Have the worker sign in. A union uses resolveDuplicate.",
    ),
)
DECIDED: Final = Refusal(
    "DECIDED_ALREADY",
    _RULE,
    Bilingual("该核查已有结论。", "The question has been decided."),
    Bilingual(
        "如有错误，请撤销（undoDuplicate）。",
        "If it is wrong, undo it (undoDuplicate).",
    ),
)
NOT_RESOLVED: Final = Refusal(
    "NOT_RESOLVED",
    _RULE,
    Bilingual("该核查没有归并可撤销。", "There is nothing resolved to undo."),
    Bilingual("无需办理。", "Nothing needs to be done."),
)
UNDER_WAY: Final = Refusal(
    "MERGE_UNDER_WAY",
    _RULE,
    Bilingual(
        "归并正在登记，暂时不能撤销。",
        "The registers are being told just now; it cannot be undone at this moment.",
    ),
    Bilingual(
        "请稍后重试：完成后可以转回。",
        "Try again in a moment: when it is complete, the member can be moved back.",
    ),
)


class TermRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a question is open at least.

    Attributes:
        id: Its name.
        calendar: Which days count.
        days: How many.
        valid_from: First day on which a question may be asked under it.
        valid_to: Last such day; none while it holds.
        text_zh: The rule in words.
        text_en: The same in English.
        source: Where it comes from.
    """

    id: str
    calendar: Calendar
    days: int
    valid_from: date
    text_zh: str
    text_en: str
    source: str
    valid_to: date | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    rule: tuple[TermRule, ...]


class TermMistake(ValueError):
    """The rule file cannot be used; the text says why."""


class Terms:
    """The rules of terms."""

    def __init__(self, rules: tuple[TermRule, ...]) -> None:
        if not rules or any(rule.days < 1 for rule in rules):
            raise TermMistake("a term has one day at least, and there is a rule")
        self._rules = rules

    @classmethod
    def load(cls, text: bytes) -> Terms:
        """Read the rule file.

        Raises:
            TermMistake: It cannot be used.
        """
        file = read_rules(text, _File, TermMistake)
        return cls(file.rule)

    def answer_by(self, asked_on: date) -> tuple[date, str]:
        """Tell the last day of the term, and the id of the rule.

        Raises:
            LookupError: No rule holds on the day.
        """
        for rule in self._rules:
            ended = rule.valid_to is not None and rule.valid_to < asked_on
            if rule.valid_from <= asked_on and not ended:
                return term(asked_on, rule.days, rule.calendar).ends_on, rule.id
        raise LookupError(f"no rule on {asked_on}")


def other(question: DuplicateQuestion, kept: str) -> tuple[Found, Found] | None:
    """Tell the membership that ends and the one that is kept, if it is one of them."""
    first, second = question.first, question.second
    if kept == second.union:
        return first, second
    return (second, first) if kept == first.union else None


def unreadable(found: Found, today: date) -> Refusal | None:
    """Say why what was written of a membership is not kept as it is."""
    if not is_code(found.union):
        return acting.about(acting.UNKNOWN_UNION, found.union)
    local_id = checked_local_id(found.local_id, today)
    if isinstance(local_id, Refusal):
        return local_id
    return card_refused(found.membership_no, today)


def may_see(
    directory: Directory, actor: Actor, question: DuplicateQuestion, on: date
) -> bool:
    """Tell whether an office acts for one of the two unions."""
    return any(
        reaches(directory, actor, one.union, on)
        for one in (question.first, question.second)
    )


def may_resolve(
    directory: Directory,
    actor: Actor,
    question: DuplicateQuestion,
    kept: str | None,
    on: date,
) -> Refusal | None:
    """Say why a question may not be resolved (or dismissed, without ``kept``)."""
    if not may_see(directory, actor, question, on):
        return UNKNOWN_QUESTION
    if question.state is not DuplicateState.OPEN:
        return DECIDED
    return None if kept is None else _may_keep(directory, actor, question, kept, on)


def _may_keep(
    directory: Directory, actor: Actor, question: DuplicateQuestion, kept: str, on: date
) -> Refusal | None:
    both = other(question, kept)
    if both is None:
        return NOT_ONE_OF_THEM
    if not reaches(directory, actor, both[0].union, on):
        return acting.about(GIVES_UP, both[0].union)
    if on <= question.answer_by:
        day = question.answer_by.isoformat()
        return Refusal(
            TERM_RUNS.code,
            TERM_RUNS.rule,
            TERM_RUNS.message.format(day=day),
            TERM_RUNS.remedy,
        )
    return None


def decided(
    question: DuplicateQuestion,
    state: DuplicateState,
    actor: Actor,
    because: str,
    at: datetime,
) -> DuplicateQuestion:
    """Note a decision."""
    return msgspec.structs.replace(
        question, state=state, decided_by=actor.office, decided_at=at, because=because
    )
