"""Value: what can happen to the lead of a case: who is asked, who takes it, who follows.

An event is written once and never changed: a changed form is a new struct beside the
old one.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from schema.records.case import DueDate
from schema.records.case_task import Seat
from schema.records.clock import ClockFact
from schema.records.keys import WorkerId
from schema.records.rights_case import CaseMatter


class Happened(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Whatever happened, and when the hub wrote it down."""

    at: datetime


class DoneBy(Happened, frozen=True, kw_only=True):
    """What a union does: who, and by which office."""

    by: Seat
    office: str


class Dated(DoneBy, frozen=True, kw_only=True):
    """What a union does that facts come of, which clocks run from.

    Attributes:
        facts: New ones, or corrections (with a revision of their own).
        dues: All due dates of the case, as the clocks make them of all facts.
    """

    facts: tuple[ClockFact, ...] = ()
    dues: tuple[DueDate, ...] = ()


class Opened(Dated, tag="opened.1", frozen=True, kw_only=True):
    """A case was taken in (by the union ``by``) and routed.

    Among its facts is when a union first received the request.

    Attributes:
        no: Its number, one everywhere.
        matter: What it is about.
        workers: Whose it is.
        to: The union that is to lead it, by place and matter.
        outflow: Outflow-area unions of the workers: they co-handle (002 §10).
        homes: Home unions of the workers: they follow (000 §四.5).
        green: On the green channel.
    """

    no: str
    matter: CaseMatter
    workers: frozenset[WorkerId]
    to: Seat
    outflow: tuple[Seat, ...] = ()
    homes: tuple[Seat, ...] = ()
    green: bool = False


class Accepted(Dated, tag="accepted.1", frozen=True, kw_only=True):
    """The union that is asked takes the lead.

    Facts come of it where a clock waits for it: of an arrears report (RULEBOOK §6 (2)).
    """


class Declined(DoneBy, tag="declined.1", frozen=True, kw_only=True):
    """The union that is asked says no.

    Attributes:
        reason: Why, as a code.
        superior: The union above it on that day; none at the top.
    """

    reason: str
    superior: Seat | None


class Forwarded(Dated, tag="forwarded.1", frozen=True, kw_only=True):
    """The union that is asked sends it on to the one that ought to lead.

    Attributes:
        to: Which.
        reason: Why, as a code.
    """

    to: Seat
    reason: str


class ReportedUp(DoneBy, tag="reported-up.1", frozen=True, kw_only=True):
    """The lead cannot, or meets refusal, and reports to the union above (002 §11).

    Attributes:
        reason: Why, as a code.
        superior: The union above it on that day; none at the top.
    """

    reason: str
    superior: Seat | None


class HandOverOffered(DoneBy, tag="hand-over.1", frozen=True, kw_only=True):
    """The lead offers the lead.

    Attributes:
        to: To whom.
        reason: Why, as a code.
    """

    to: Seat
    reason: str


class HandOverRecalled(DoneBy, tag="recalled.1", frozen=True, kw_only=True):
    """The lead takes its offer back."""


class TakenOver(Dated, tag="taken-over.1", frozen=True, kw_only=True):
    """上代下: the union above takes the lead."""


class LeftBelow(DoneBy, tag="left-below.1", frozen=True, kw_only=True):
    """The union above has looked into it, and leaves the lead where it is.

    Attributes:
        reason: Why, as a code.
    """

    reason: str


class FollowedUp(Dated, tag="followed-up.1", frozen=True, kw_only=True):
    """A union above the lead followed the matter up (002 §5).

    That ``by`` stands above the lead on that day is a given value: the directory of
    unions knows it.
    """


class MembershipMoved(Happened, tag="membership-moved.1", frozen=True, kw_only=True):
    """The membership of a worker of this case came home to another union.

    Attributes:
        worker: Whose.
        to: The new home: it follows from now on. Nothing else changes.
    """

    worker: WorkerId
    to: Seat


class LimitPassed(Happened, tag="limit.1", frozen=True, kw_only=True):
    """The union that is asked to lead or take over did not answer in time.

    Attributes:
        since: ``seq`` of the event that began the wait; of another wait it does
            nothing.
        superior: The union above the asked one on that day; none at the top.
    """

    since: int
    superior: Seat | None


#: What unions do about it.
OfLeading = (
    Accepted | Declined | Forwarded | ReportedUp | HandOverOffered | HandOverRecalled
    | TakenOver | LeftBelow | FollowedUp
)  # fmt: skip
