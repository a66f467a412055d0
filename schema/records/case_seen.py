"""Value: a rights case as one caller sees it, by the table of roles (RULEBOOK §3)."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from schema.records.case import (
    CaseMilestone,
    CaseState,
    Held,
    Outcome,
    SubCase,
)
from schema.records.case_notice import NoticeKind
from schema.records.case_powers import CaseField, Party
from schema.records.case_task import Document, Seat, Task, TaskState
from schema.records.change import Change
from schema.records.clock import ClockFact, Phase, Standing
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.refusal import Bilingual
from schema.records.rights_case import CaseMatter


class SeenPart(msgspec.Struct, frozen=True):
    """What somebody who looks is in a case.

    Attributes:
        party: By which row of the table of roles.
        seat: For which union; none for who looks in person, or for inspection.
    """

    party: Party
    seat: Seat | None = None


class SeenDue(msgspec.Struct, frozen=True, kw_only=True):
    """By when something must happen, and why.

    Attributes:
        clock: Name of the clock.
        name: The same in words.
        about: The task, document or report that it is about.
        rule: Id of the rule that sets its length; empty where there is no limit.
        source: Where that rule comes from.
        due_on: Its last day, in China; none if it is suspended or has no limit.
        phase: What the clock does.
        standing: How it stands on the day of the question.
        missed: That day passed, and what it waited for was not done.
        aid_first: Legal aid is given first, and papers come later (法律援助法 44).
        remind_on: The day on which who must act is reminded.
        why: What set the day: the rule, the facts, and how the days were counted.
    """

    clock: str
    name: Bilingual
    about: str
    rule: str
    source: str
    due_on: date | None
    phase: Phase
    standing: Standing
    missed: bool
    aid_first: bool
    remind_on: date | None
    why: Bilingual


class SeenFact(ClockFact, frozen=True, kw_only=True):
    """A fact that clocks run from.

    Attributes:
        name: What happened, in words.
    """

    name: Bilingual


class SeenTask(Task, frozen=True, kw_only=True):
    """A co-handling task with the case that it belongs to.

    Attributes:
        case_no: Number of the case.
        lead: Who leads it, and gave the task.
        assigned_at: When it was given first; none where only the case tells of it.
    """

    case_no: str
    lead: Seat
    assigned_at: datetime | None = None


class SeenResult(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a case.

    Attributes:
        outcome: How.
        on: The day, in China.
        document: The paper that says so, where documents are seen.
    """

    outcome: Outcome
    on: date
    document: Document | None = None


class SeenCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as one caller sees it: what is not seen is none, and stands in ``withheld``.

    Attributes:
        no: Its number.
        parts: What the caller is in it.
        withheld: What the caller does not see of it.
        matter: What it is about.
        green: On the green channel; of the matter.
        state: Where it stands.
        accepted: Whether the lead leads for good; of the state.
        overdue: The limit of an answer passed, and nobody is above; of the state.
        workers: Whose it is, by the hub's names.
        roles: Who is what in it.
        lead: Who leads; of the roles.
        asked: Who is asked to lead; of the roles.
        below: Whom the union above would act for; of the roles.
        file_province: Who keeps the file; of the roles.
        first_touch_on: When any union first received the request.
        milestones: What happened, in order.
        due_on: The first day by which something must happen; of the due dates.
        dues: All that the clocks say.
        facts: What the clocks run from; of the due dates.
        result: How it ended.
        sub_cases: What hangs on it; own ones are seen with own tasks.
        tasks: What co-handlers were asked; maybe the own ones only.
        documents: By reference and hash; maybe those of own tasks only.
    """

    no: str
    parts: tuple[SeenPart, ...]
    withheld: tuple[CaseField, ...]
    matter: CaseMatter | None = None
    green: bool | None = None
    state: CaseState | None = None
    accepted: bool | None = None
    overdue: bool | None = None
    workers: tuple[WorkerId, ...] | None = None
    roles: tuple[Held, ...] | None = None
    lead: Seat | None = None
    asked: Seat | None = None
    below: Seat | None = None
    file_province: ProvinceCode | None = None
    first_touch_on: date | None = None
    milestones: tuple[CaseMilestone, ...] | None = None
    due_on: date | None = None
    dues: tuple[SeenDue, ...] | None = None
    facts: tuple[SeenFact, ...] | None = None
    result: SeenResult | None = None
    sub_cases: tuple[SubCase, ...] | None = None
    tasks: tuple[SeenTask, ...] | None = None
    documents: tuple[Document, ...] | None = None


class TimelineLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history of a case: of the hub, or of a province's file.

    Attributes:
        on: The day of it, in China.
        milestone: What the hub wrote down; none of a line of a province.
        change: What a province's file says; none of a line of the hub.
        seq: The number under which the province first told it.
        corrected: How often the province corrected it.
    """

    on: date
    milestone: CaseMilestone | None = None
    change: Change | None = None
    seq: int = 0
    corrected: int = 0


class TimelineGap(msgspec.Struct, frozen=True):
    """Numbers that a province has given, and the hub has not got."""

    province: ProvinceCode
    first: int
    last: int


class TimelineContradiction(msgspec.Struct, frozen=True):
    """A number by which a province contradicts itself; people have to ask it."""

    province: ProvinceCode
    seq: int


class SeenTimeline(msgspec.Struct, frozen=True):
    """The history of a case, as far as it is known.

    Attributes:
        lines: In the order of their days.
        gaps: What is missing.
        contradictions: What does not hold together.
        cursors: Of a page of it: one for each line.
        more: Whether there are more lines after them.
        resumed: Whether it goes on from a cursor.
    """

    lines: tuple[TimelineLine, ...]
    gaps: tuple[TimelineGap, ...] = ()
    contradictions: tuple[TimelineContradiction, ...] = ()
    cursors: tuple[str, ...] = ()
    more: bool = False
    resumed: bool = False


class SeenNotice(msgspec.Struct, frozen=True):
    """What a union for which the caller acts is told.

    Attributes:
        kind: What.
        to: To whom.
        about: What it is about.
    """

    kind: NoticeKind
    to: Seat
    about: str


class CaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a case, as a subscriber sees it.

    Attributes:
        cursor: The event's place in the feed; to be given back to resume.
        at: When it was written down.
        no: Number of the case.
        seq: How many events the case had seen.
        reminder: Nothing changed: somebody is told, or a province's file tells more.
        matter: What it is about, if that is seen.
        state: Where it stood then, if that is seen.
        was: Where it stood before; none too if it was opened just then.
        milestone: What happened, if milestones are seen.
        due_on: The first day by which something must happen, if due dates are seen.
        notices: What the caller's own unions are told by it.
        withheld: What of all this is not seen.
    """

    cursor: str
    at: datetime
    no: str
    seq: int
    reminder: bool
    matter: CaseMatter | None
    state: CaseState | None
    was: CaseState | None
    milestone: CaseMilestone | None
    due_on: date | None
    notices: tuple[SeenNotice, ...]
    withheld: tuple[CaseField, ...]


class TaskEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A task that moved, as a subscriber sees it.

    Attributes:
        cursor: The event's place in the feed; to be given back to resume.
        at: When it was written down.
        task: As it stood then.
        was: Where it stood before; none if it was given just then.
    """

    cursor: str
    at: datetime
    task: SeenTask
    was: TaskState | None
