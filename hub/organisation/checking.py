"""Decider: do organisations make a forest on every day?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from hub.organisation import mistakes
from hub.organisation.mistakes import BadDirectory
from schema.records.membership import OrganisationKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hub.organisation.organisation import Organisation
    from schema.records.refusal import Refusal

    #: Every period of each organisation, by code, in order.
    _Periods = Mapping[str, Sequence[Organisation]]
    _Wrong = tuple[Organisation, Refusal]

_TOP: Final = frozenset({Kind.NATIONAL, Kind.PROVINCE})
_DAY: Final = timedelta(days=1)


def checked(rows: Iterable[Organisation]) -> tuple[Organisation, ...]:
    """Give back organisations that make a forest.

    Raises:
        BadDirectory: They do not; with every mistake.
    """
    given = tuple(rows)
    if wrong := tuple(check(given)):
        raise BadDirectory(wrong)
    return given


def check(rows: Sequence[Organisation]) -> list[tuple[Organisation, Refusal]]:
    """Find what is wrong with each period; at most one mistake for each.

    Args:
        rows: Every period of every organisation.

    Returns:
        Nothing if on every day each organisation has a parent that stands, up to the
        top of its province.
    """
    periods: dict[str, list[Organisation]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.valid_from):
        periods[row.code].append(row)
    wrong = list(_periods_wrong(periods))
    if wrong:  # who stands when is not known: parents cannot be judged
        return wrong
    wrong = [
        (row, refusal)
        for row in rows
        if (refusal := _parent_wrong(row, periods) or _closing_wrong(row, periods))
    ]
    return wrong or list(_rings(rows, periods))


def _periods_wrong(periods: _Periods) -> Iterator[_Wrong]:
    for own in periods.values():
        for row in own:
            if min(row.valid_to or date.max, row.planned_end or date.max) < (
                row.valid_from
            ):
                yield row, mistakes.ENDS_BEFORE_IT_BEGINS
        for before, after in pairwise(own):
            if before.valid_from == after.valid_from:
                yield after, mistakes.PERIOD_TWICE
            elif before.stands(after.valid_from):
                yield after, mistakes.PERIODS_OVERLAP
            elif before.province != after.province:
                yield after, mistakes.PROVINCE_CHANGED


def _parent_wrong(row: Organisation, periods: _Periods) -> Refusal | None:
    if row.parent is None:
        return None if row.kind in _TOP else mistakes.NO_PARENT
    above = periods.get(row.parent, ())
    if not above:
        return mistakes.PARENT_UNKNOWN
    if row.parent == row.code:
        return mistakes.RING
    if above[0].province != row.province and above[0].kind is not Kind.NATIONAL:
        return mistakes.PARENT_OF_OTHER_PROVINCE
    return None if _covers(above, row) else mistakes.PARENT_NOT_STANDING


def _covers(above: Sequence[Organisation], row: Organisation) -> bool:
    """Tell whether periods without a hole stand as long as a row."""
    day = row.valid_from
    for one in above:
        if one.stands(day):
            if one.valid_to is None or (row.valid_to and row.valid_to <= one.valid_to):
                return True
            day = one.valid_to + _DAY
    return False


def _closing_wrong(row: Organisation, periods: _Periods) -> Refusal | None:
    if row.kind is Kind.PROJECT_UNION and not (row.planned_end and row.landing):
        return mistakes.PROJECT_WITHOUT_END
    if row.landing is None:
        return None
    known = row.landing in periods and row.landing != row.code
    return None if known else mistakes.LANDING_UNKNOWN


def _rings(rows: Sequence[Organisation], periods: _Periods) -> Iterator[_Wrong]:
    """Find an organisation that is above itself on some day."""
    suspects = _perhaps_in_a_ring(rows)
    # A ring is whole on the first day of the last of its periods.
    for first in sorted({row.valid_from for row in rows if row.code in suspects}):
        for code in sorted(suspects):
            row = _standing(periods[code], first)
            if row is not None and _comes_back(row, periods, first):
                yield row, mistakes.RING
                return


def _perhaps_in_a_ring(rows: Sequence[Organisation]) -> set[str]:
    """Tell who is in a ring, or between two, if all periods were one.

    Days are left out of account, so they are only under suspicion.
    """
    above: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.parent is not None:
            above[row.code].add(row.parent)
    below: dict[str, set[str]] = defaultdict(set)
    left = _peeled(above)
    for code in left:
        for parent in above[code] & left:
            below[parent].add(code)
    return _peeled(below)


def _peeled(leads_to: Mapping[str, set[str]]) -> set[str]:
    """Take away again and again what leads nowhere; tell what stays."""
    come_from: dict[str, list[str]] = defaultdict(list)
    for one, others in leads_to.items():
        for other in others:
            come_from[other].append(one)
    ways = {one: len(others) for one, others in leads_to.items() if others}
    ended = [one for one in come_from if one not in ways]
    while ended:
        for one in come_from[ended.pop()]:
            ways[one] -= 1
            if not ways[one]:
                ended.append(one)
    return {one for one, left in ways.items() if left}


def _standing(own: Sequence[Organisation], on: date) -> Organisation | None:
    return next((row for row in own if row.stands(on)), None)


def _comes_back(row: Organisation, periods: _Periods, on: date) -> bool:
    met = {row.code}
    at = row
    while at.parent is not None:
        above = _standing(periods[at.parent], on)
        if above is None:
            return False
        if above.code in met:
            return above.code == row.code
        met.add(above.code)
        at = above
    return False
