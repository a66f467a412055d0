"""Decider: when a period of years and days ends (民法典 200 to 204).

The day of the fact does not count (201). A period of years ends on the same day of
the last month, or on the month's last day where there is none such (202). One that
would end on a day of rest ends on the next working day (203).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from hub.rules.workdays import Calendar, is_working_day, term
from schema.records.refusal import Bilingual

_DAY: Final = timedelta(days=1)
#: Clocks of a hundred thousand cases begin on some thousands of days.
_REMEMBERED: Final = 65_536


def years_after(begins: date, years: int) -> date:
    """Tell the same day some years later, or the last day of its month."""
    year = begins.year + years
    return date(year, begins.month, min(begins.day, monthrange(year, begins.month)[1]))


@lru_cache(maxsize=_REMEMBERED)
def ends(begins: date, years: int, days: int, calendar: Calendar) -> date:
    """Tell the last day of a period: ``years``, and ``days`` after them.

    Args:
        begins: The day of the fact; it does not count.
        years: How many years; may be none.
        days: How many days of the calendar; may be none.
        calendar: Which days count.
    """
    end = counted(begins, years, days, calendar)
    while not is_working_day(end):
        end += _DAY
    return end


@lru_cache(maxsize=_REMEMBERED)
def counted(begins: date, years: int, days: int, calendar: Calendar) -> date:
    """Tell the day on which the last day is counted, be it a day of rest."""
    end = years_after(begins, years) if years else begins
    if calendar is Calendar.NATURAL_DAYS:
        return end + days * _DAY
    for _ in range(days):
        end += _DAY
        while not is_working_day(end):
            end += _DAY
    return end


@lru_cache(maxsize=_REMEMBERED)
def left(since: date, until: date, calendar: Calendar) -> int:
    """Count the days after ``since`` up to ``until``; none if it is not later."""
    span = max(0, (until - since).days)
    if calendar is Calendar.NATURAL_DAYS:
        return span
    return sum(is_working_day(since + n * _DAY) for n in range(1, span + 1))


@lru_cache(maxsize=_REMEMBERED)
def before(day: date, days: int, calendar: Calendar) -> date:
    """Tell the last day that leaves so many days before a day; it is never moved.

    Of a hearing on the 10th, five days before is the 5th.
    """
    if calendar is Calendar.NATURAL_DAYS:
        return day - days * _DAY
    for _ in range(days):
        day -= _DAY
        while not is_working_day(day):
            day -= _DAY
    return day


def told(begins: date, years: int, days: int, calendar: Calendar) -> Bilingual:
    """Put the counting of a period into words."""
    if not years and days:
        return term(begins, days, calendar).arithmetic
    end = ends(begins, years, days, calendar)
    if not years:
        return Bilingual(f"至 {end} 届满", f"nothing is left after {end}")
    after = _plus(days, calendar)
    moved = (end - counted(begins, years, days, calendar)).days
    rest = Bilingual("", "")
    if moved:
        rest = Bilingual(
            f"；末日为休息日，顺延 {moved} 天", f"; moved past days of rest: {moved}"
        )
    return Bilingual(
        f"{begins} 次日起 {years} 年{after.zh}，至 {end}{rest.zh}",
        f"{years} year{'s' * (years > 1)}{after.en} from the day after {begins} end on"
        f" {end}{rest.en}",
    )


def _plus(days: int, calendar: Calendar) -> Bilingual:
    if not days:
        return Bilingual("", "")
    unit = unit_of(calendar)
    return Bilingual(f"又 {days} {unit.zh}", f" and {days} {unit.en}")


def unit_of(calendar: Calendar) -> Bilingual:
    """Name what a calendar counts."""
    if calendar is Calendar.WORKING_DAYS:
        return Bilingual("个工作日", "working days")
    return Bilingual("天", "days")
