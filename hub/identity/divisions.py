"""Decider: which administrative divisions existed when (GB/T 2260)."""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum import numdb

_PERIOD = re.compile(r"\[([0-9]{4})?-([0-9]{4})?\]")
_BEGINNING, _END = 0, 9999


@lru_cache(maxsize=16_384)
def periods(division: str) -> tuple[tuple[int, int], ...]:
    """Tell when a division existed, by python-stdnum's table ``cn/loc``.

    Args:
        division: Six digits.

    Returns:
        Pairs of first and last year; empty for a division that never existed.
        A division without years in the table counts as of all time.
    """
    parts = numdb.get("cn/loc").info(division)
    counties = next((props["county"] for _, props in parts if "county" in props), "")
    return tuple(_period(county) for county in counties.split(",") if county)


def _period(county: str) -> tuple[int, int]:
    found = _PERIOD.match(county)
    if found is None:
        return _BEGINNING, _END
    return int(found[1] or _BEGINNING), int(found[2] or _END)


def existed_between(division: str, first: int, last: int) -> bool:
    """Tell whether a division existed at some time in the years ``first``-``last``.

    A resident ID number carries the division of the *first registration*, which
    may be long after birth: a county of any year between birth and today will
    do. To ask for the year of birth alone would turn real people away.
    """
    return any(start <= last and end >= first for start, end in periods(division))
