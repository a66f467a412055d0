"""Value: what an office wishes to do about a rights case, and how that ends."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from schema.records.case import ActKind, Outcome, SubCaseKind
from schema.records.case_task import TaskKind
from schema.records.cooperation import Rating
from schema.records.keys import WorkerId
from schema.records.rights_case import CaseMatter
from schema.records.venue import Forum

if TYPE_CHECKING:
    from schema.records.case import Case
    from schema.records.refusal import Refusal

    #: How opening a case, or an act on one, ends.
    CaseAnswer = Case | Refusal


class FactWish(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, from which clocks run.

    Attributes:
        kind: What: a code of ``hub/rules/clocks.toml``.
        on: The day, in China; never one to come.
        about: The task, document or report that it is about; empty for the case.
        names: The day that it names, such as that of a hearing; may be to come.
        days: Of an extension: how many days were granted.
        corrects: Id of the fact that this one puts right; a new fact if none.
        withdrawn: What ``corrects`` names did not happen.
    """

    kind: str
    on: date
    about: str = ""
    names: date | None = None
    days: int | None = None
    corrects: str | None = None
    withdrawn: bool = False


class DocumentWish(msgspec.Struct, frozen=True, kw_only=True):
    """A document by reference; its content stays in the province of who acts.

    Attributes:
        reference: Its name in that province.
        sha256: Hash of its content, hexadecimal.
        task: The task that it belongs to; empty if it is the case's.
    """

    reference: str
    sha256: str
    task: str = ""


class IntakeWish(msgspec.Struct, frozen=True, kw_only=True):
    """A union or station received a request: open a case and route it.

    Places are GB/T 2260 codes. Each worker is named either by the hub's name or by the
    name in the register of the province that took the request in.

    Attributes:
        by: The union or station that received it.
        matter: What it is about.
        received_on: The day on which a union first received it.
        no: The number that the province's file has already, if it has one.
        workers: The hub's names of the workers.
        local_ids: Names of workers in the register of ``by``'s province.
        home: The workers' home union, as far as ``by`` knows.
        forum: Who is to decide; as the matter says if none.
        workplace: Where the work is done.
        employer_seat: Where the employer has its seat.
        insurance_place: Where the employer is insured.
        body_place: Where the body that deals with the dispute sits.
        employer_union: The union in the enterprise.
        green: On the green channel (绿色通道, 002 §10).
        facts: What else is known to have happened.
    """

    by: str
    matter: CaseMatter
    received_on: date
    no: str | None = None
    workers: tuple[WorkerId, ...] = ()
    local_ids: tuple[str, ...] = ()
    home: str | None = None
    forum: Forum | None = None
    workplace: str | None = None
    employer_seat: str | None = None
    insurance_place: str | None = None
    body_place: str | None = None
    employer_union: str | None = None
    green: bool = False
    facts: tuple[FactWish, ...] = ()


class AcceptLead(msgspec.Struct, frozen=True):
    """The union that is asked takes the lead."""


class DeclineLead(msgspec.Struct, frozen=True):
    """The union that is asked says no, and why."""

    reason: str


class ForwardLead(msgspec.Struct, frozen=True):
    """The union that is asked sends it on to the union ``to``, and says why."""

    to: str
    reason: str


class ReportUp(msgspec.Struct, frozen=True):
    """The lead cannot, or meets refusal, and reports upwards (002 §11)."""

    reason: str


class OfferHandOver(msgspec.Struct, frozen=True):
    """The lead offers the lead to the union ``to``, and says why."""

    to: str
    reason: str


class RecallHandOver(msgspec.Struct, frozen=True):
    """The lead takes its offer back."""


class TakeOver(msgspec.Struct, frozen=True):
    """上代下: the union above takes the lead."""


class LeaveBelow(msgspec.Struct, frozen=True):
    """The union above has looked into it and leaves the lead where it is."""

    reason: str


class FollowUp(msgspec.Struct, frozen=True):
    """A union above the lead followed the matter up on a day (002 §5, §11).

    Attributes:
        on: The day, in China.
        receipt: It only confirms that a report of arrears reached it; it has yet to
            follow it up.
    """

    on: date
    receipt: bool = False


class RecordAct(msgspec.Struct, frozen=True, kw_only=True):
    """The lead records a typed act, and the facts that come of it."""

    kind: ActKind
    on: date
    document: DocumentWish | None = None
    facts: tuple[FactWish, ...] = ()


class StateFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The lead states facts, or puts some right and says why."""

    facts: tuple[FactWish, ...]
    reason: str = ""


class AddDocument(msgspec.Struct, frozen=True):
    """A document is added, by reference and hash."""

    document: DocumentWish


class OpenSubCase(msgspec.Struct, frozen=True):
    """The lead opens legal aid or living aid, maybe at another union."""

    kind: SubCaseKind
    to: str


class EndSubCase(msgspec.Struct, frozen=True):
    """A sub-case ended; ``outcome`` is a code."""

    no: str
    outcome: str


class AssignTask(msgspec.Struct, frozen=True):
    """The lead gives a task to the union ``to``."""

    kind: TaskKind
    to: str


class AcknowledgeTask(msgspec.Struct, frozen=True):
    """The co-handler has seen the task and takes it."""

    no: str


class AnswerTask(msgspec.Struct, frozen=True):
    """The co-handler answers."""

    no: str
    documents: tuple[DocumentWish, ...] = ()


class ExtendTask(msgspec.Struct, frozen=True):
    """The co-handler needs more time, once in a round, and says why."""

    no: str
    reason: str


class RefuseTask(msgspec.Struct, frozen=True):
    """The co-handler cannot, and says why."""

    no: str
    reason: str


class AskTaskAgain(msgspec.Struct, frozen=True):
    """The lead asks again: a new round."""

    no: str


class CloseTask(msgspec.Struct, frozen=True):
    """The lead closes a task; before an answer, it calls it off."""

    no: str
    reason: str = ""


class RateTask(msgspec.Struct, frozen=True):
    """The lead judges how a task was done (RULEBOOK §10), each from 1 to 5."""

    no: str
    timeliness: Rating
    effort: Rating


class CloseCase(msgspec.Struct, frozen=True):
    """The lead closes the case."""

    outcome: Outcome
    on: date
    document: DocumentWish | None = None


class WithdrawCase(msgspec.Struct, frozen=True):
    """The worker takes the case back; the lead notes it."""

    reason: str


#: What a union wishes to do about a case.
CaseWish = (
    AcceptLead | DeclineLead | ForwardLead | ReportUp | OfferHandOver | RecallHandOver
    | TakeOver | LeaveBelow | FollowUp | RecordAct | StateFacts | AddDocument
    | OpenSubCase | EndSubCase | AssignTask | AcknowledgeTask | AnswerTask | ExtendTask
    | RefuseTask | AskTaskAgain | CloseTask | RateTask | CloseCase | WithdrawCase
)  # fmt: skip
