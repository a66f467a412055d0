"""Port: what following cases asks of the world."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from hub.audit.chain import Draft
from hub.following.case_events import Event
from hub.following.lead_events import Opened
from schema.records.arrears import ArrearsReport
from schema.records.case import Case
from schema.records.case_notice import Notice
from schema.records.case_task import Seat
from schema.records.cooperation import CooperationEvent
from schema.records.keys import WorkerId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from schema.records.case_list import (
        CaseFilter,
        CasePage,
        TaskFilter,
        TaskPage,
        TaskSide,
    )
    from schema.records.case_powers import Party
    from schema.records.refusal import Refusal


class ReportedArrears(msgspec.Struct, frozen=True, kw_only=True):
    """A report of wage arrears, as it is kept beside its case.

    Attributes:
        report: What was reported.
        signal_on: When there was a first sign of it, if before the report.
    """

    report: ArrearsReport
    signal_on: date | None = None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What one event changes: written together or not at all.

    Attributes:
        case: As it stands after the event.
        event: The journal's event.
        told: Who is told what; one that was told before is told no more.
        next_at: The first moment after now at which something passes or somebody is
            reminded (``hub.following.moments``); none if nothing does.
        due_on: The first day by which something must happen; what the list of cases
            is ordered by. None if nothing is due.
        audit: Entries of the audit trail: one for each worker of the case, or one.
        cooperation: Steps of offers and tasks between unions (RULEBOOK §10).
        acting: Idempotency key of the caller's act, if a caller acted, with the office
            before it: it is unique within the store.
        act: Fingerprint of that act, 32 bytes.
        report: The report of wage arrears that the case was opened for; kept in the
            same transaction (``hub.store.arrears``).
    """

    case: Case
    event: Opened | Event
    told: tuple[Notice, ...]
    audit: tuple[Draft, ...]
    next_at: datetime | None = None
    due_on: date | None = None
    cooperation: tuple[CooperationEvent, ...] = ()
    acting: str = ""
    act: bytes = b""
    report: ReportedArrears | None = None


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """A case was looked at because its moment came; it changed nothing in it.

    Attributes:
        no: Which case.
        told: Reminders.
        next_at: The next moment.
    """

    no: str
    told: tuple[Notice, ...]
    next_at: datetime | None


class Before(msgspec.Struct, frozen=True):
    """What an earlier act under a key was.

    Attributes:
        case: The case that it concerned, as it stands now.
        act: Its fingerprint.
    """

    case: Case
    act: bytes


class Clashed(Exception):  # it is no error: somebody else was first
    """Another transaction was first; nothing was written. Ask each again by itself."""


class CaseUnit(Protocol):
    """One transaction of the store. What it wrote is there when it is left, or nothing.

    Each method is called once at most, in this order: ``lock``, ``acted``, ``write``.
    """

    async def lock(self, numbers: Sequence[str]) -> Mapping[str, Case]:
        """Read cases and keep others from changing them, until the end.

        One that is not kept is not in it.
        """
        ...

    async def acted(self, keys: Sequence[str]) -> Mapping[str, Before]:
        """Tell what earlier acts under these keys (``Written.acting``) were.

        Where two act under one key at once, the later ``write`` fails as a whole.
        """
        ...

    async def write(
        self, written: Sequence[Written], looked: Sequence[Looked] = ()
    ) -> None:
        """Write journal, cases, roles, tasks, notices, trail and feed events.

        Several may be of one case: they are in the order of its journal. A case that
        is opened has ``seq`` 1 and is not locked; any other must have been.

        Raises:
            Clashed: A key, or the number of a case, was used by somebody else
                meanwhile.
        """
        ...


class CaseStore(Protocol):
    """Where cases are kept."""

    def unit(self) -> AbstractAsyncContextManager[CaseUnit]:
        """Begin a transaction.

        Raises:
            hub.store.unavailable.StoreUnavailable: It may or may not be written; act
                again with the same key.
        """
        ...


class HomeMove(msgspec.Struct, frozen=True):
    """A membership came home to another union; its open cases get a follower.

    Attributes:
        id: Its place among all moves.
        worker: Whose.
        to: The new home.
        at: When.
        cases: Numbers of the worker's open cases.
    """

    id: int
    worker: WorkerId
    to: Seat
    at: datetime
    cases: tuple[str, ...]


class CaseMoments(Protocol):
    """What happens to cases by itself, by when."""

    async def passed(self, now: datetime, most: int) -> Sequence[str]:
        """Find open cases whose moment (``Written.next_at``) came, the oldest first."""
        ...

    async def moves(self, most: int) -> Sequence[HomeMove]:
        """Read the oldest moves of memberships that cases have not been told of.

        Each was written in the transaction of the transfer that moved it.
        """
        ...

    async def told(self, moves: Sequence[int]) -> None:
        """Forget moves: the cases were told."""
        ...


class CaseReading(Protocol):
    """Reads cases (``hub.store.case_reading``)."""

    async def some(self, numbers: Sequence[str]) -> Mapping[str, Case]:
        """Read several at once; one that is not kept is not in it."""
        ...

    async def page(
        self,
        wanted: CaseFilter,
        unions: Sequence[str] | None,
        first: int,
        after: str | None,
        *,
        by: Collection[Party] | None = None,
    ) -> CasePage | Refusal:
        """Read the cases in which these unions (all, if none) have a role.

        A case that matches from the first page to the last is on exactly one of
        them, however cases change meanwhile. Where it is said ``by`` which parts a
        list is read, a case counts only for unions that are one of these in it.
        """
        ...

    async def tasks(
        self,
        wanted: TaskFilter,
        unions: Sequence[str] | None,
        first: int,
        after: str | None,
        *,
        by: Collection[TaskSide] | None = None,
    ) -> TaskPage | Refusal:
        """Read tasks that these unions gave or were given; paged as ``page``."""
        ...

    async def of_workers(
        self, workers: Sequence[WorkerId]
    ) -> Mapping[WorkerId, Sequence[Case]]:
        """Read all cases of workers, the oldest first."""
        ...

    async def homes(self, workers: Sequence[WorkerId]) -> Mapping[WorkerId, Seat]:
        """Tell the homes of workers whose membership the hub has moved."""
        ...
