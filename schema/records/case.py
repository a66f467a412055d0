"""Value: a rights case as the hub keeps it: what lies *between* provinces only.

What happened, the amount and the papers stay in the file of a province.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from schema.records.case_powers import Role
from schema.records.case_task import Document, Seat, Task, TaskState
from schema.records.clock import ClockFact, Phase
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.rights_case import CaseMatter


class CaseState(StrEnum):
    """Where a case stands between unions. In each one, exactly one union leads."""

    #: A union is asked to lead; the one that took it in leads meanwhile.
    ROUTED = "ROUTED"
    #: The lead runs it.
    OPEN = "OPEN"
    #: The lead has offered it to another union, and leads until that one accepts.
    HANDING_OVER = "HANDING_OVER"
    #: The union above is asked to take the lead (上代下): after a no, or a passed
    #: limit. The lead goes on leading until it does.
    ESCALATED = "ESCALATED"
    #: Ended, with a result.
    CLOSED = "CLOSED"
    #: Ended: taken back.
    WITHDRAWN = "WITHDRAWN"


ENDED = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})


class ActKind(StrEnum):
    """Typed acts of a case (RULEBOOK §6; MECHANISMS 57–108)."""

    INTAKE = "INTAKE"
    ACCEPTANCE = "ACCEPTANCE"
    CONSULTATION_REPLY = "CONSULTATION_REPLY"
    MEDIATION = "MEDIATION"
    ARBITRATION = "ARBITRATION"
    LAWSUIT = "LAWSUIT"
    INSPECTION_REFERRAL = "INSPECTION_REFERRAL"
    INJURY_APPLICATION = "INJURY_APPLICATION"
    LEGAL_AID = "LEGAL_AID"
    LIVING_AID = "LIVING_AID"
    SETTLEMENT = "SETTLEMENT"
    #: 一函: 工会劳动法律监督提示函.
    HINT_LETTER = "HINT_LETTER"
    #: 两书: 工会劳动法律监督意见书.
    OPINION_LETTER = "OPINION_LETTER"
    #: 两书: 工会劳动法律监督建议书.
    PROPOSAL_LETTER = "PROPOSAL_LETTER"
    OTHER = "OTHER"


class Step(StrEnum):
    """What happened in a case: the kinds of its milestones."""

    OPENED = "OPENED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    FORWARDED = "FORWARDED"
    REPORTED_UP = "REPORTED_UP"
    HAND_OVER_OFFERED = "HAND_OVER_OFFERED"
    HAND_OVER_RECALLED = "HAND_OVER_RECALLED"
    TAKEN_OVER = "TAKEN_OVER"
    LEFT_BELOW = "LEFT_BELOW"
    FOLLOWED_UP = "FOLLOWED_UP"
    MEMBERSHIP_MOVED = "MEMBERSHIP_MOVED"
    ACT = "ACT"
    FACT_STATED = "FACT_STATED"
    FACT_CORRECTED = "FACT_CORRECTED"
    DOCUMENT_ADDED = "DOCUMENT_ADDED"
    SUB_CASE_OPENED = "SUB_CASE_OPENED"
    SUB_CASE_ENDED = "SUB_CASE_ENDED"
    TASK = "TASK"
    LIMIT_PASSED = "LIMIT_PASSED"
    CLOCK_PASSED = "CLOCK_PASSED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


class Ground(StrEnum):
    """By what a union has its role."""

    #: It took the request in.
    INTAKE = "INTAKE"
    #: By the place and the matter.
    ROUTING = "ROUTING"
    #: By the default of 002 §10 and 000 §四.5.
    DEFAULT = "DEFAULT"
    HAND_OVER = "HAND_OVER"
    #: 上代下.
    TAKING_OVER = "TAKING_OVER"
    DELEGATION = "DELEGATION"
    #: The membership moved there.
    TRANSFER = "TRANSFER"
    #: It stands above and has followed the matter up.
    SUPERIOR = "SUPERIOR"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A role that a union has.

    Attributes:
        role: Which.
        seat: Who.
        since: From when.
        ground: By what.
    """

    role: Role
    seat: Seat
    since: datetime
    ground: Ground


class DueDate(msgspec.Struct, frozen=True, kw_only=True):
    """By when something must happen, as the clocks say; they explain it.

    Attributes:
        clock: Name of the clock (``hub/rules/clocks.toml``).
        about: The task, document or report that it is about; with the clock's name
            it is unique in a case.
        rule: Id of the rule that sets its length.
        phase: What the clock does.
        due_on: Its last day, in China; none if it is suspended or has no limit.
        missed: That day passed, and what it waited for was not done.
        escalates: Whether the union above is then asked to take the lead (上代下).
        unasked: It passed while it was not settled who leads: the union above is
            asked as soon as that is settled, unless it has taken the lead meanwhile.
    """

    clock: str
    about: str
    rule: str
    phase: Phase
    due_on: date | None = None
    missed: bool = False
    escalates: bool = False
    unasked: bool = False


class SubCaseKind(StrEnum):
    """What hangs on a case, maybe at another union (002 §5)."""

    LEGAL_AID = "LEGAL_AID"
    LIVING_AID = "LIVING_AID"


class SubCase(msgspec.Struct, frozen=True, kw_only=True):
    """A sub-case.

    Attributes:
        no: Its number in the case.
        kind: What it is.
        seat: Who handles it.
        opened_at: When.
        outcome: How it ended, as a code; empty while it is open.
    """

    no: str
    kind: SubCaseKind
    seat: Seat
    opened_at: datetime
    outcome: str = ""


class Outcome(StrEnum):
    """How a case ended."""

    FULFILLED = "FULFILLED"
    PARTLY_FULFILLED = "PARTLY_FULFILLED"
    SETTLED = "SETTLED"
    NOT_FULFILLED = "NOT_FULFILLED"
    REPLIED = "REPLIED"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a case.

    Attributes:
        outcome: How.
        on: The day, in China.
        document: The paper that says so, if there is one.
    """

    outcome: Outcome
    on: date
    document: Document | None = None


class CaseMilestone(msgspec.Struct, frozen=True, kw_only=True):
    """One line that followers see: that something happened, not what it said.

    Attributes:
        seq: Its place among the journal's events; some of them are no milestones.
        at: When the hub wrote it down.
        step: What happened.
        on: The day of what happened, where it is another one.
        seat: Who did it; none for clocks.
        about: Act kind, fact, or number of task or sub-case.
        reason: Why, as a code; no personal data.
    """

    seq: int
    at: datetime
    step: Step
    seat: Seat | None = None
    on: date | None = None
    about: str = ""
    reason: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case between two events.

    Attributes:
        no: One number everywhere (000: 一站式).
        matter: What it is about.
        workers: Whose it is, by the hub's names.
        state: Where it stands.
        seq: How many events it has seen.
        since: ``seq`` of the event that began the present wait for an answer.
        first_touch_on: When *any* union first received the request; it is legal
            evidence, and no hand-over changes it (RULEBOOK §5).
        file_province: Who keeps the file: the province of the lead.
        held: The roles; exactly one LEAD.
        accepted: Whether the lead leads for good, or only took the request in.
        asked: Who is asked to lead, if anybody is.
        tried: Unions that were asked since somebody last led for good.
        below: Whom the union above would act for (上代下).
        ground_office: The office that said no, or reported up, for the union below: it
            does not take the lead from it by that. Empty where a limit passed.
        overdue: The limit of an answer passed, and there is nobody above.
        green: On the green channel (绿色通道, 002 §10).
        facts: What clocks run from: the last revision of each.
        dues: What the clocks made of them.
        tasks: What co-handlers were asked.
        sub_cases: What hangs on it.
        documents: By reference and hash.
        milestones: What followers see, in order.
        acts: Keys of the acts that were recorded: one that comes twice is known.
        result: How it ended.
    """

    no: str
    matter: CaseMatter
    workers: frozenset[WorkerId]
    state: CaseState
    seq: int
    since: int
    first_touch_on: date
    file_province: ProvinceCode
    held: tuple[Held, ...]
    accepted: bool
    asked: Seat | None = None
    tried: tuple[Seat, ...] = ()
    below: Seat | None = None
    ground_office: str = ""
    overdue: bool = False
    green: bool = False
    facts: tuple[ClockFact, ...] = ()
    dues: tuple[DueDate, ...] = ()
    tasks: tuple[Task, ...] = ()
    sub_cases: tuple[SubCase, ...] = ()
    documents: tuple[Document, ...] = ()
    milestones: tuple[CaseMilestone, ...] = ()
    acts: frozenset[str] = frozenset()
    result: Result | None = None

    @property
    def lead(self) -> Seat:
        """The union that leads."""
        return next(one.seat for one in self.held if one.role is Role.LEAD)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that are not closed."""
        return tuple(one for one in self.tasks if one.state is not TaskState.CLOSED)
