"""Value: what happened in a rights case on which day, and the clocks that follow."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from schema.records.keys import ProvinceCode
from schema.records.rights_case import CaseMatter


class ClockFact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, on a day in China; clocks start and end by it.

    Attributes:
        id: Its name in the rights case; a correction has the same.
        kind: What happened: a code of ``hub/rules/clocks.toml``.
        on: The day on which it happened; never a day to come.
        about: The task, document or report that it is about; empty for the whole case.
        names: The day that it names, such as that of a hearing; may be to come.
        days: Of an extension: how many days were granted; none for all there may be.
        revision: How often it was corrected; the highest holds.
        withdrawn: It did not happen: this revision takes it back.
    """

    id: str
    kind: str
    on: date
    about: str = ""
    names: date | None = None
    days: int | None = None
    revision: int = 0
    withdrawn: bool = False


class AgreedLimit(msgspec.Struct, frozen=True):
    """Another length of an internal clock, by an agreement between provinces.

    Attributes:
        clock: Name of the clock.
        days: Its length, in the days that the clock counts.
        agreement: Id of the agreement.
    """

    clock: str
    days: int
    agreement: str


class ClockSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What all clocks of one rights case have in common.

    Attributes:
        matter: What the case is about.
        province: Of the place that is competent: its own rules go first.
        green_channel: Internal limits are halved (绿色通道, 002 §10).
        agreed: Internal limits that an agreement sets.
    """

    matter: CaseMatter
    province: ProvinceCode
    green_channel: bool = False
    agreed: tuple[AgreedLimit, ...] = ()


class Phase(StrEnum):
    """What a clock does; one thing at a time."""

    #: The law sets no limit as yet (arrears while the employment lasts).
    UNLIMITED = "UNLIMITED"
    RUNNING = "RUNNING"
    #: It stands still: there is no due date.
    SUSPENDED = "SUSPENDED"
    #: What it waited for was done.
    MET = "MET"


class Turn(StrEnum):
    """What a fact does to a clock, in the order in which facts of one day count."""

    #: It begins; once it was met, a later start begins it anew.
    STARTED = "STARTED"
    #: It begins anew (中断).
    INTERRUPTED = "INTERRUPTED"
    #: It stands still (中止).
    SUSPENDED = "SUSPENDED"
    #: It runs on with what was left.
    RESUMED = "RESUMED"
    #: It is longer, once (延长).
    EXTENDED = "EXTENDED"
    MET = "MET"
    #: What met it is undone: it begins anew (an application is withdrawn).
    REOPENED = "REOPENED"


class ClockStep(msgspec.Struct, frozen=True):
    """What one fact did to a clock.

    Attributes:
        turn: What it did.
        fact: Id of the fact.
        kind: Its kind.
        on: Its day.
        since: The day from which the clock counts after it.
        years: Years that it counts from there,
        days: and the days after them.
        due_on: When it is due now; none while it is suspended.
    """

    turn: Turn
    fact: str
    kind: str
    on: date
    since: date
    years: int
    days: int
    due_on: date | None


class CaseClock(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a rights case, as the facts leave it; the same on every day.

    Attributes:
        clock: Its name.
        rule: Id of the rule that sets its length; empty where there is no limit.
        about: The task, document or report that it is about.
        phase: What it does.
        due_on: Its last day, in China; none if it is suspended or has no limit.
        met_on: When it was met, if it was.
        extended: It was extended; it cannot be again.
        steps: What each fact did, in order.
    """

    clock: str
    rule: str
    about: str
    phase: Phase
    due_on: date | None = None
    met_on: date | None = None
    extended: bool = False
    steps: tuple[ClockStep, ...] = ()


class Standing(StrEnum):
    """How a clock stands on a day."""

    UNLIMITED = "UNLIMITED"
    RUNNING = "RUNNING"
    #: The day of the reminder is here.
    REMIND = "REMIND"
    #: Its last day is over.
    PASSED = "PASSED"
    #: Its last day is over, and so an act has become possible (a new grading).
    OPEN = "OPEN"
    SUSPENDED = "SUSPENDED"
    MET = "MET"
    MET_LATE = "MET_LATE"
