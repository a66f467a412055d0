"""Adapter: the only place that reads the time or makes an identifier."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Tell the present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Tell the present moment, in UTC."""
        return datetime.now(UTC)


#: All of China keeps one time, without summer time.
_CHINA = timezone(timedelta(hours=8))


def today_in_china(clock: Clock) -> date:
    """Tell the present day where the workers are: links and birth dates are days."""
    return day_in_china(clock.now())


def day_in_china(moment: datetime) -> date:
    """Tell the day of a moment where the workers are."""
    return moment.astimezone(_CHINA).date()


def end_of_day_in_china(day: date) -> datetime:
    """Tell the moment when a day is over where the workers are, in UTC."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=_CHINA)
    return (midnight + timedelta(days=1)).astimezone(UTC)


def new_request_id() -> str:
    """Make a request id: random, so that it tells nothing."""
    return uuid.uuid4().hex
