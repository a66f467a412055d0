"""Decider: which days are working days in China, and when a term of days ends.

The State Council moves holidays and working weekends every year; the package
``chinesecalendar`` has its notices. Of a year without a notice only the weekdays are
known: a term that touches one says so, so that people can look.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec
from chinese_calendar.constants import holidays, workdays

from schema.records.refusal import Bilingual

_DAY: Final = timedelta(days=1)
_WEEKEND: Final = 5
_KNOWN: Final = frozenset(day.year for day in holidays)
_HOLIDAYS: Final = frozenset(holidays)
_SHIFTED: Final = frozenset(workdays)

#: Days of this year's calendars are asked for again and again.
_REMEMBERED: Final = 4096


#: Days off by the law itself, whatever a year's notice says of the days around them
#: (全国年节及纪念日放假办法, as of 2025: 元旦, 劳动节, 国庆节). The others are lunar.
_FIXED: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class Calendar(StrEnum):
    """How a term counts its days."""

    #: 工作日, with shifted holidays.
    WORKING_DAYS = "working_days"
    #: 自然日; a term that would end on a day of rest ends on the next working day
    #: (民法典 203).
    NATURAL_DAYS = "natural_days"


class Term(msgspec.Struct, frozen=True):
    """A term that was counted.

    Attributes:
        ends_on: Its last day, in China.
        arithmetic: How it was counted, in words.
    """

    ends_on: date
    arithmetic: Bilingual


def noticed(year: int) -> bool:
    """Tell whether the State Council's notice for a year is known here."""
    return year in _KNOWN


def is_working_day(day: date) -> bool:
    """Tell whether people work on a day.

    Of years without a notice, on weekdays but for the fixed days of the law.
    """
    if not noticed(day.year) and (day.month, day.day) in _FIXED:
        return False
    return day in _SHIFTED or (day.weekday() < _WEEKEND and day not in _HOLIDAYS)


@lru_cache(maxsize=_REMEMBERED)
def term(begins: date, days: int, calendar: Calendar) -> Term:
    """Count a term.

    Args:
        begins: The day of the fact; it does not count (民法典 201).
        days: How many days, at least one.
        calendar: Which days count.

    Raises:
        ValueError: There is no day to count.
    """
    if days < 1:
        raise ValueError("a term has one day at least")
    end = begins
    if calendar is Calendar.WORKING_DAYS:
        for _ in range(days):
            end = _next_working_day(end)
    else:
        end += days * _DAY
        if not is_working_day(end):
            end = _next_working_day(end)
    return Term(end, _told(begins, days, calendar, end))


def _next_working_day(day: date) -> date:
    day += _DAY
    while not is_working_day(day):
        day += _DAY
    return day


def _told(begins: date, days: int, calendar: Calendar, end: date) -> Bilingual:
    passed = [begins + n * _DAY for n in range(1, (end - begins).days + 1)]
    working = calendar is Calendar.WORKING_DAYS
    unit = Bilingual("个工作日", "working days") if working else Bilingual("天", "days")
    told = Bilingual(
        f"{begins} 次日起 {days} {unit.zh}，至 {end}",
        f"{days} {unit.en} from the day after {begins} end on {end}",
    )
    if working:
        off = sum(
            day.weekday() < _WEEKEND and not is_working_day(day) for day in passed
        )
        told = _and(told, off, "扣除节假日", "holidays that were left out:")
        shifted = sum(day in _SHIFTED for day in passed)
        told = _and(told, shifted, "计入调休上班", "weekend days worked in lieu:")
    elif (moved := (end - begins).days - days) > 0:
        told = _and(told, moved, "末日为休息日，顺延", "moved past days of rest:")
    if unknown := sorted({day.year for day in passed if not noticed(day.year)}):
        years = ", ".join(map(str, unknown))
        told = Bilingual(
            f"{told.zh}（{years} 年放假安排未收录，按周一至周五计，只扣除固定节日）",
            f"{told.en} (the holidays of {years} are not known here: Monday to Friday,"
            " but for the fixed ones, were counted)",
        )
    return told


def _and(told: Bilingual, count: int, zh: str, en: str) -> Bilingual:
    """Add a number of days, if there are any."""
    if not count:
        return told
    return Bilingual(f"{told.zh}；{zh} {count} 天", f"{told.en}; {en} {count}")
