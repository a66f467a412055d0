"""Decider: the journal of a case once more through the pure decider.

It tells what the case must be, and who must have been told what.
"""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from hub.clock import day_in_china, end_of_day_in_china
from hub.following.book import Book
from hub.following.case import decide, open_case
from hub.following.case_events import ClockPassed, ClocksSet, TaskOverdue
from hub.following.decision import Decision
from hub.following.lead_events import LimitPassed, Opened
from hub.following.moments import limits, reminders
from schema.records.case_powers import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from schema.records.case import Case
    from schema.records.case_notice import Notice
    from tests.chaos.case_store import Row

#: What is written right after what it follows from, at the same moment.
_FOLLOWS: Final = (ClocksSet, LimitPassed, TaskOverdue, ClockPassed)
_DAY: Final = timedelta(days=1)
NOT_ONE_LEAD: Final = "not one lead"
TOUCH_MOVED: Final = "first touch moved"


class Replayed(NamedTuple):
    """What came of it.

    Attributes:
        case: The case at the end; none if the journal makes no sense.
        told: Keys of notices that must have been told.
        maybe: Keys of reminders of days that began meanwhile.
        broken: What does not hold on the way, in words.
    """

    case: Case | None
    told: frozenset[str]
    maybe: frozenset[str]
    broken: tuple[str, ...]


def load_book() -> Book:
    """Read the rules that the hub runs by."""
    rules = files("hub.rules")
    return Book.load(lambda name: rules.joinpath(name).read_bytes())


def replay(no: str, rows: Sequence[Row], book: Book, until: datetime) -> Replayed:
    """Replay a journal.

    Args:
        no: Number of the case.
        rows: What happened, in order.
        book: The rules.
        until: Up to when reminders may have been told.
    """
    case: Case | None = None
    told: set[str] = set()
    maybe: set[str] = set()
    broken: list[str] = []
    for place, row in enumerate(rows):
        if row.seq != place + 1 or row.at != row.event.at:
            broken.append(f"{no}: event {row.seq} at place {place + 1}")
        decision = _decided(case, row, book)
        if decision is None:
            broken.append(f"{no}: event {row.seq} ({type(row.event).__name__}) is none")
            return Replayed(None, frozenset(told), frozenset(maybe), tuple(broken))
        broken += _broken(case, decision.case)
        case = decision.case
        told |= _keys(no, decision.told)
        after = rows[place + 1] if place + 1 < len(rows) else None
        some = limits(book, case)
        if after is None or not _follows(row, after):
            told |= _keys(no, reminders(some, row.at))
        end = until if after is None else after.at
        for moment in _beginnings(row.at, end):
            maybe |= _keys(no, reminders(some, moment))
    return Replayed(case, frozenset(told), frozenset(maybe), tuple(broken))


def _decided(case: Case | None, row: Row, book: Book) -> Decision | None:
    answer: object = None
    if isinstance(row.event, Opened):
        answer = open_case(row.event) if case is None else None
    elif case is not None:
        answer = decide(case, row.event, book.roles.on(day_in_china(row.at)))
    return answer if isinstance(answer, Decision) else None


def _broken(before: Case | None, after: Case) -> Iterator[str]:
    """Tell what the step breaks."""
    if sum(one.role is Role.LEAD for one in after.held) != 1:
        yield f"{after.no}: {NOT_ONE_LEAD} after {after.seq}"
    if before is not None and after.first_touch_on != before.first_touch_on:
        yield f"{after.no}: {TOUCH_MOVED} by {after.seq}"


def _follows(row: Row, after: Row) -> bool:
    return after.at == row.at and not after.acting and isinstance(after.event, _FOLLOWS)


def _beginnings(since: datetime, until: datetime) -> Iterator[datetime]:
    """Name the moments at which days began in China."""
    moment = end_of_day_in_china(day_in_china(since))
    while moment <= until:
        yield moment
        moment += _DAY


def _keys(no: str, notices: Sequence[Notice]) -> set[str]:
    return {one.key(no) for one in notices}
