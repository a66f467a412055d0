"""Decider: what a union wishes to do about a task → what happens to the task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.following import acting_refusals as no
from hub.following import task_events as happens
from hub.following.limits import extended_until, task_limits
from hub.following.refusals import UNKNOWN_NUMBER, about
from hub.following.stating import MOST, document_of
from schema.records import case_wish as wishes
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from hub.following.book import Book
    from schema.records.case import Case
    from schema.records.case_task import Document, Seat, Task

    TaskWish = (
        wishes.AcknowledgeTask | wishes.AnswerTask | wishes.ExtendTask
        | wishes.RefuseTask | wishes.AskTaskAgain | wishes.CloseTask | wishes.RateTask
    )  # fmt: skip

_LONGEST: Final = 8
#: What is wished about a task that there is.
ON_TASKS: Final = (
    wishes.AcknowledgeTask, wishes.AnswerTask, wishes.ExtendTask, wishes.RefuseTask,
    wishes.AskTaskAgain, wishes.CloseTask, wishes.RateTask,
)  # fmt: skip


def on_task(
    book: Book, case: Case, by: Seat, wish: TaskWish, today: date
) -> happens.ActOnTask | Refusal:
    """Make what happens to a task; the round is the one that the case is in.

    Args:
        book: The rules.
        case: The case.
        by: Who acts.
        wish: What is wished.
        today: The day in China.
    """
    task = next((one for one in case.tasks if one.no == wish.no), None)
    if task is None:
        return unknown_number(wish.no)
    if isinstance(wish, wishes.AnswerTask):
        return _answered(case, by, task, wish, today)
    if isinstance(wish, wishes.AskTaskAgain):
        seen_by, answer_by = task_limits(book, case, task.kind, task.to, today)
        return happens.AskedAgain(
            round=task.round, acknowledge_by=seen_by, answer_by=answer_by
        )
    if isinstance(wish, wishes.ExtendTask):
        until = extended_until(book, case, task, today)
        return happens.Extended(round=task.round, answer_by=until, reason=wish.reason)
    return _plain(task.round, wish)


def _plain(
    number: int,
    wish: wishes.AcknowledgeTask
    | wishes.RefuseTask
    | wishes.CloseTask
    | wishes.RateTask,
) -> happens.ActOnTask:
    match wish:
        case wishes.AcknowledgeTask():
            return happens.Acknowledged(round=number)
        case wishes.RefuseTask(reason=reason):
            return happens.TaskRefused(round=number, reason=reason)
        case wishes.CloseTask(reason=reason):
            return happens.TaskClosed(round=number, reason=reason)
        case wishes.RateTask(timeliness=timeliness, effort=effort):
            return happens.Rated(round=number, timeliness=timeliness, effort=effort)


def _answered(
    case: Case, by: Seat, task: Task, wish: wishes.AnswerTask, today: date
) -> happens.Answered | Refusal:
    if len(wish.documents) > MOST:
        return no.too_many("documents", MOST)
    answer: list[Document] = []
    for one in wish.documents:
        document = document_of(one, by, case, today)
        if isinstance(document, Refusal):
            return document
        answer.append(document)
    return happens.Answered(round=task.round, answer=tuple(answer))


def unknown_number(number: str) -> Refusal:
    """Say that the case has no such number; what cannot be one is not repeated."""
    known = number.isascii() and number.isalnum() and len(number) <= _LONGEST
    return about(UNKNOWN_NUMBER, no=number if known else "?")
