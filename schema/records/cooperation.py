"""Value: how unions of two provinces work together, measured (RULEBOOK §10)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from schema.records.keys import Moment, ProvinceCode

#: From 1 (poor) to 5 (good).
Rating = Annotated[int, msgspec.Meta(ge=1, le=5)]


class CooperationStep(StrEnum):
    """What happened to an offer or a task, as the journal has it."""

    ASKED = "ASKED"
    #: It was taken on: an offer accepted, a task acknowledged.
    ACCEPTED = "ACCEPTED"
    #: It was answered, be it by a refusal.
    ANSWERED = "ANSWERED"
    #: The day by which it is to be answered was agreed anew.
    EXTENDED = "EXTENDED"
    #: The other side judged it.
    RATED = "RATED"
    #: It was taken back, and counts for nobody.
    WITHDRAWN = "WITHDRAWN"


class CooperationEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One step of one offer or task between unions.

    Attributes:
        id: Name of the offer or task.
        step: What happened.
        at: When.
        asker: Of ``ASKED``: who asks,
        asker_province: and its province.
        asked: Of ``ASKED``: who is asked,
        asked_province: and its province.
        answer_by: Of ``ASKED`` and ``EXTENDED``: the day that was agreed, if one was.
        timeliness: Of ``RATED``: how timely.
        effort: Of ``RATED``: how much effort.
    """

    id: str
    step: CooperationStep
    at: Moment
    asker: str = ""
    asker_province: ProvinceCode = ProvinceCode("")
    asked: str = ""
    asked_province: ProvinceCode = ProvinceCode("")
    answer_by: date | None = None
    timeliness: Rating | None = None
    effort: Rating | None = None


class Share(msgspec.Struct, frozen=True):
    """How many of how many.

    Attributes:
        good: Those that did.
        whole: All that could be judged by the day of the question.
    """

    good: int = 0
    whole: int = 0

    @property
    def percent(self) -> float | None:
        """The share in percent; none of nothing."""
        return 100 * self.good / self.whole if self.whole else None

    def reaches(self, percent: int) -> bool | None:
        """Tell whether it is so many percent at least; none of nothing."""
        return 100 * self.good >= percent * self.whole if self.whole else None


class Mean(msgspec.Struct, frozen=True):
    """A mean, kept so that means can be joined.

    Attributes:
        total: Sum of all values.
        number: How many values.
    """

    total: float = 0
    number: int = 0

    @property
    def value(self) -> float | None:
        """The mean; none of nothing."""
        return self.total / self.number if self.number else None


class Indicators(msgspec.Struct, frozen=True, kw_only=True):
    """The five indicators of a union, or of a corridor between two provinces.

    Attributes:
        accepted: Accepted in the time that the rules give.
        answer_hours: Mean time to an answer, in hours.
        answered: Answered by the day that was agreed.
        timeliness: Mean rating of timeliness by the other side.
        effort: Mean rating of effort by the other side.
    """

    accepted: Share = Share()
    answer_hours: Mean = Mean()
    answered: Share = Share()
    timeliness: Mean = Mean()
    effort: Mean = Mean()


class EarlyMeans(msgspec.Struct, frozen=True, kw_only=True):
    """How early arrears were found in the cases that a union leads (000 五(三)).

    Attributes:
        days_to_act: Mean days from the first signal to the first act.
        days_to_report: Mean days from the first signal to the report.
        unacted: Cases in which nobody has acted yet.
    """

    days_to_act: Mean = Mean()
    days_to_report: Mean = Mean()
    unacted: int = 0


class CooperationQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Who is measured, and in which time.

    Attributes:
        office: A union, with those below it: what they were asked.
        corridor: From the province that asks to the one that is asked.
        since: Only what was asked at or after this moment.
        until: The moment up to which it is judged; now if none.
    """

    office: str | None = None
    corridor: tuple[ProvinceCode, ProvinceCode] | None = None
    since: datetime | None = None
    until: datetime | None = None


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A share and the goal that the rules set for it.

    Attributes:
        share: How many of how many.
        percent: The goal.
        rule: Id of what sets it.
        source: Where that comes from.
    """

    share: Share
    percent: int
    rule: str
    source: str

    @property
    def reached(self) -> bool | None:
        """Whether it is reached; none of nothing."""
        return self.share.reaches(self.percent)


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """The five indicators of a union or a corridor, with their goals.

    It counts acts between unions and names no persons: nothing is suppressed.

    Attributes:
        office: The union, if one was asked for.
        corridor: The corridor, if one was asked for.
        since: From when on.
        until: Up to when it is judged.
        within_days: In how many days what is asked is to be accepted.
        accepted: Accepted in that time.
        answered: Answered by the day that was agreed.
        answer_hours: Mean time to an answer, in hours.
        timeliness: Mean rating of timeliness by the other side.
        effort: Mean rating of effort by the other side.
        early: How early arrears were found; of a union only.
    """

    office: str | None
    corridor: tuple[ProvinceCode, ProvinceCode] | None
    since: datetime
    until: datetime
    within_days: int
    accepted: Goal
    answered: Goal
    answer_hours: Mean
    timeliness: Mean
    effort: Mean
    early: EarlyMeans | None = None
