"""Decider: what becomes of a question of a duplicate membership (RULEBOOK §2).

Never by itself: people ask, people answer, with notice, a term and a reason.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from hub.acting.reach import reaches
from hub.rules.dated import read_rules
from hub.rules.workdays import Calendar, term
from hub.transfer import acting_refusals as acting
from hub.transfer import duplicate_refusals as no
from hub.transfer.fields import card_refused, checked_local_id, is_code
from schema.records.duplicate import DuplicateState
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from hub.acting.actor import Actor
    from hub.organisation.directory import Directory
    from schema.records.duplicate import DuplicateQuestion, Found


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
        return no.UNKNOWN_QUESTION
    if question.state is not DuplicateState.OPEN:
        return no.DECIDED
    return None if kept is None else _may_keep(directory, actor, question, kept, on)


def _may_keep(
    directory: Directory, actor: Actor, question: DuplicateQuestion, kept: str, on: date
) -> Refusal | None:
    both = other(question, kept)
    if both is None:
        return no.NOT_ONE_OF_THEM
    if not reaches(directory, actor, both[0].union, on):
        return acting.about(no.GIVES_UP, both[0].union)
    if on <= question.answer_by:
        day = question.answer_by.isoformat()
        return Refusal(
            no.TERM_RUNS.code,
            no.TERM_RUNS.rule,
            no.TERM_RUNS.message.format(day=day),
            no.TERM_RUNS.remedy,
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
