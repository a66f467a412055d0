"""Value: how unions of two provinces work together, measured (RULEBOOK §10)."""

from __future__ import annotations

from datetime import date
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
