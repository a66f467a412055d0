"""Value: what can happen to a co-handling task.

Each names the round of asking that it belongs to: one that was told twice, or comes
when the lead has asked again, is known for what it is.
"""

from __future__ import annotations

from datetime import date

import msgspec

from schema.records.case_task import Document, Seat, TaskLimit
from schema.records.cooperation import Rating


class _OfTask(msgspec.Struct, frozen=True, kw_only=True, tag_field="task_event"):
    """Whatever happened, in a round of asking."""

    round: int


class Acknowledged(_OfTask, tag="acknowledged.1", frozen=True, kw_only=True):
    """The co-handler has seen it and takes it."""


class Answered(_OfTask, tag="answered.1", frozen=True, kw_only=True):
    """The co-handler answers.

    Attributes:
        answer: By reference and hash.
    """

    answer: tuple[Document, ...]


class Extended(_OfTask, tag="extended.1", frozen=True, kw_only=True):
    """The co-handler needs more time: once in a round, with a reason.

    Attributes:
        answer_by: The new last day, by the rules, in China.
        reason: Why, as a code.
    """

    answer_by: date
    reason: str


class TaskRefused(_OfTask, tag="refused.1", frozen=True, kw_only=True):
    """The co-handler cannot.

    Attributes:
        reason: Why, as a code.
    """

    reason: str


class AskedAgain(_OfTask, tag="asked-again.1", frozen=True, kw_only=True):
    """The lead is not content with the answer or refusal of this round.

    Attributes:
        acknowledge_by: Last day to acknowledge in the next round.
        answer_by: Last day to answer in it.
    """

    acknowledge_by: date
    answer_by: date


class TaskClosed(_OfTask, tag="closed.1", frozen=True, kw_only=True):
    """The lead closes it; before an answer, it calls it off.

    Attributes:
        reason: Why, as a code.
    """

    reason: str = ""


class Rated(_OfTask, tag="rated.1", frozen=True, kw_only=True):
    """The lead judges how it was done (RULEBOOK §10).

    Attributes:
        timeliness: How timely, from 1 to 5.
        effort: How much effort, from 1 to 5.
    """

    timeliness: Rating
    effort: Rating


class TaskLimitPassed(_OfTask, tag="limit.1", frozen=True, kw_only=True):
    """Nothing happened for too long.

    Attributes:
        limit: What was waited for.
        due_on: The day that passed: a limit that was moved since does nothing.
        superior: The union above who is late, on that day, where the limit's rule says
            that it is told; none at the top.
    """

    limit: TaskLimit
    due_on: date
    superior: Seat | None = None


#: What co-handlers do.
OfCoHandler = Acknowledged | Answered | Extended | TaskRefused
#: What the lead does.
OfLead = AskedAgain | TaskClosed | Rated
#: What people do.
ActOnTask = OfCoHandler | OfLead
TaskEvent = ActOnTask | TaskLimitPassed
