"""Decider: can something have happened on a day that somebody names?

What has yet to come has not happened; and what lies before all that rights work looks
back to (``look-back-years`` of ``thresholds.toml``) is a mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.following import clock_refusals as no
from hub.following.thresholds import Number
from hub.rules.periods import years_after
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from datetime import date

    from hub.following.thresholds import Thresholds
    from schema.records.refusal import Refusal


def day_refused(thresholds: Thresholds, on: date, today: date) -> Refusal | None:
    """Refuse a day that has yet to come, or on which nothing can have been.

    Args:
        thresholds: The numbers.
        on: The day that is named, in China.
        today: The day in China.
    """
    return no.FACT_IN_FUTURE if on > today else early_refused(thresholds, on, today)


def early_refused(thresholds: Thresholds, on: date, today: date) -> Refusal | None:
    """Refuse a day before all that is looked back to; as ``day_refused``."""
    years = thresholds.of(Number.LOOK_BACK_YEARS, ProvinceCode("*"), today).value
    earliest = years_after(today, -years)
    return no.too_early(earliest) if on < earliest else None
