"""Value: a co-handling task (协办任务) between two labour unions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from schema.records.keys import ProvinceCode


class Seat(msgspec.Struct, frozen=True, order=True):
    """A labour union, and the province whose register has it.

    Attributes:
        union: Its unified social credit code.
        province: Its province.
    """

    union: str
    province: ProvinceCode


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document by reference: its content stays in its province.

    Attributes:
        reference: Its name in that province; opaque to the hub.
        sha256: Hash of its content, hexadecimal: who gets it can tell that it is it.
        province: Who keeps it.
        task: Number of the task that it belongs to; empty if it is the case's.
    """

    reference: str
    sha256: str
    province: ProvinceCode
    task: str = ""


class TaskKind(StrEnum):
    """What a co-handler is asked to do (RULEBOOK §3)."""

    #: Visit the worker's family.
    VISIT_FAMILY = "VISIT_FAMILY"
    #: Collect evidence.
    COLLECT_EVIDENCE = "COLLECT_EVIDENCE"
    #: Serve papers.
    SERVE_PAPERS = "SERVE_PAPERS"
    #: Give legal aid, or go on with it (工会法律援助办法 2008 art. 3).
    LEGAL_AID = "LEGAL_AID"
    #: Give living aid (002 §5).
    LIVING_AID = "LIVING_AID"
    #: Anything else that the two agreed on.
    OTHER = "OTHER"


class TaskState(StrEnum):
    """Where a task stands. It is open until the lead closes it."""

    #: Given; the co-handler has not said that it has seen it.
    ASSIGNED = "ASSIGNED"
    #: Seen and taken.
    ACKNOWLEDGED = "ACKNOWLEDGED"
    #: Answered; the lead closes it or asks again.
    ANSWERED = "ANSWERED"
    #: The co-handler cannot; the lead closes it or asks again.
    REFUSED = "REFUSED"
    #: Ended.
    CLOSED = "CLOSED"


class TaskLimit(StrEnum):
    """What a task waits for: 2 and 10 working days (RULEBOOK §5 [D])."""

    ACKNOWLEDGE = "ACKNOWLEDGE"
    ANSWER = "ANSWER"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task, as it stands.

    Attributes:
        no: Its number in the case.
        kind: What is asked.
        to: Who is asked.
        state: Where it stands.
        acknowledge_by: Last day to say that it was seen, in China.
        answer_by: Last day to answer, in China; it moves with an extension.
        round: How often it was asked: 1, and one more each time the lead asks again.
        extended: Whether this round was extended; it may be once.
        late: The limits that passed in this round.
        reason: Why it was extended, refused or closed, as a code.
        answer: The answer, by reference and hash; content stays in its province.
        done: Whether the co-handler has answered or refused this round.
        rated: Whether the lead has judged this round (RULEBOOK §10).
    """

    no: str
    kind: TaskKind
    to: Seat
    state: TaskState
    acknowledge_by: date
    answer_by: date
    round: int = 1
    extended: bool = False
    late: frozenset[TaskLimit] = frozenset()
    reason: str = ""
    answer: tuple[Document, ...] = ()
    done: bool = False
    rated: bool = False
