"""Value: what can happen to a case: the events of its journal.

Those about who leads stand in ``lead_events``. Due dates come with the event: the
clocks made them from dated rules.
"""

from __future__ import annotations

from datetime import date

from hub.following.lead_events import (
    Dated,
    DoneBy,
    Happened,
    LimitPassed,
    MembershipMoved,
    OfLeading,
)
from hub.following.task_events import ActOnTask, TaskLimitPassed
from schema.records.case import (
    ActKind,
    DueDate,
    Result,
    SubCaseKind,
)
from schema.records.case_task import Document, Seat, TaskKind


class ActRecorded(Dated, tag="act.1", frozen=True, kw_only=True):
    """The lead records a typed act.

    Attributes:
        key: The act's own name; the same act told twice is one.
        kind: What it is.
        on: The day of it, in China.
        document: The paper of it, if there is one.
    """

    key: str
    kind: ActKind
    on: date
    document: Document | None = None


class FactStated(Dated, tag="fact.1", frozen=True, kw_only=True):
    """The lead states facts that clocks run from, or corrects them.

    Attributes:
        reason: Why a fact was wrong, as a code.
    """

    reason: str = ""


class DocumentAdded(DoneBy, tag="document.1", frozen=True, kw_only=True):
    """A document, by reference and hash."""

    document: Document


class SubCaseOpened(DoneBy, tag="sub-case.1", frozen=True, kw_only=True):
    """The lead opens legal aid or living aid, maybe at another union.

    Attributes:
        no: Its number in the case.
        kind: Which.
        to: Who handles it; it becomes a co-handler.
    """

    no: str
    kind: SubCaseKind
    to: Seat


class SubCaseEnded(DoneBy, tag="sub-case-ended.1", frozen=True, kw_only=True):
    """A sub-case ended.

    Attributes:
        no: Its number.
        outcome: How, as a code.
    """

    no: str
    outcome: str


class TaskAssigned(DoneBy, tag="task.1", frozen=True, kw_only=True):
    """The lead gives a task; to a union without a role it is a delegation.

    Attributes:
        no: Its number in the case.
        kind: What is asked.
        to: Of whom.
        acknowledge_by: Last day to acknowledge, in China.
        answer_by: Last day to answer, in China.
    """

    no: str
    kind: TaskKind
    to: Seat
    acknowledge_by: date
    answer_by: date


class OnTask(DoneBy, tag="on-task.1", frozen=True, kw_only=True):
    """Somebody does something about a task.

    Attributes:
        no: Its number.
        what: What.
    """

    no: str
    what: ActOnTask


class TaskOverdue(Happened, tag="task-overdue.1", frozen=True, kw_only=True):
    """A limit of a task passed.

    Attributes:
        no: Its number.
        what: Which limit.
    """

    no: str
    what: TaskLimitPassed


class ClockPassed(Happened, tag="clock.1", frozen=True, kw_only=True):
    """A clock of the case passed.

    Attributes:
        clock: Its name.
        about: What it is about.
        due_on: The day that passed; of another day it does nothing.
        superior: The union above the lead on that day; none at the top.
    """

    clock: str
    about: str
    due_on: date
    superior: Seat | None


class ClocksSet(Happened, tag="clocks-set.1", frozen=True, kw_only=True):
    """Rules changed, or where the case is led: its clocks are what they are now.

    Attributes:
        dues: All due dates of the case, as the clocks make them of all facts.
    """

    dues: tuple[DueDate, ...]


class Closed(DoneBy, tag="closed.1", frozen=True, kw_only=True):
    """The lead closes the case.

    Attributes:
        result: How it ended.
    """

    result: Result


class Withdrawn(DoneBy, tag="withdrawn.1", frozen=True, kw_only=True):
    """The lead notes that the worker takes the case back.

    Attributes:
        reason: Why, as a code.
    """

    reason: str


#: What happens by itself: told by clocks, rules and transfers, never by people.
OfItself = MembershipMoved | TaskOverdue | LimitPassed | ClockPassed | ClocksSet
#: What unions do in working on it.
OfWorking = (
    ActRecorded | FactStated | DocumentAdded | SubCaseOpened
    | SubCaseEnded | TaskAssigned | OnTask | Closed | Withdrawn
)  # fmt: skip
ActOfUnion = OfLeading | OfWorking
#: Whatever happens to a case that is open; ``Opened`` begins one.
Event = ActOfUnion | OfItself
