"""Adapter: many open rights cases, written straight into the tables.

Each is led by a union of its place, and the union of the home follows and co-handles; as
a few provinces take most of the workers in, one has many times the cases of another.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hub.store.case_entries import NEVER, Standing, entries
from hub.store.case_forms import text_of
from schema.records.case import Case, CaseMilestone, CaseState, Ground, Held, Step
from schema.records.case_powers import Role
from schema.records.case_task import Seat
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.rights_case import CaseMatter

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

#: Unions of each province.
UNIONS: Final = 5_000
#: Where the work is: the first takes a fifth of all cases in.
PLACES: Final = ("44", "33", "32", "31", "11", "35", "37", "42", "51", "50")
_HOMES: Final = ("51", "41", "52", "43", "42", "36", "34", "45", "63", "53")
_TODAY: Final = date(2026, 6, 1)
_BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_MATTERS: Final = list(CaseMatter)

_CASES: Final = "COPY rights_case (case_no, seq, ended, opened_at, next_at, due_on, body) FROM STDIN"
_LISTED: Final = """
COPY case_listing (case_no, task_no, union_code, from_v, province, part, opened_at,
    due_on, sides, marks, kind, state, lead_province, changed_at) FROM STDIN
"""
_ORGANISATIONS: Final = (
    "COPY organisation (code, valid_from, province, body) FROM STDIN"
)


def union(province: str, number: int) -> str:
    """Give the code of a union; 0 is the office of the province."""
    return f"81{province}{number:014d}"


def made(number: int, chance: random.Random) -> tuple[Case, date | None]:
    """Make a case, and by when something must happen in it."""
    place = PLACES[min(int(chance.expovariate(0.25)), len(PLACES) - 1)]
    home = chance.choice(_HOMES)
    lead = _seat(place, chance)
    below = _seat(home, chance)
    at = _BEGUN + timedelta(minutes=number)
    roles = ((Role.LEAD, lead), (Role.CO_HANDLER, below), (Role.FOLLOWER, below))
    routed = chance.random() < 0.1  # a tenth waits for an answer
    due = None if chance.random() < 0.1 else chance.randrange(-10, 90)
    case = Case(
        no=f"C{number:09d}",
        matter=chance.choice(_MATTERS),
        workers=frozenset({WorkerId(f"00000000-0000-4000-8000-{number:012d}")}),
        state=CaseState.ROUTED if routed else CaseState.OPEN,
        seq=1,
        since=1,
        first_touch_on=at.date(),
        file_province=lead.province,
        held=tuple(
            Held(role=role, seat=seat, since=at, ground=Ground.DEFAULT)
            for role, seat in roles
        ),
        accepted=not routed,
        asked=_seat(place, chance) if routed else None,
        green=chance.random() < 0.05,
        milestones=(CaseMilestone(seq=1, at=at, step=Step.OPENED, seat=below),),
    )
    return case, None if due is None else _TODAY + timedelta(days=due)


def fill_cases(connection: psycopg.Connection[Any], number: int) -> None:
    """Write so many open cases, and the unions; the tables must be empty."""
    with connection.cursor() as cursor:
        with cursor.copy(_ORGANISATIONS) as copy:
            for province in sorted({*PLACES, *_HOMES}):
                for each in range(UNIONS):
                    copy.write_row(
                        (union(province, each), "2020-01-01", province, "{}")
                    )
        with cursor.copy(_CASES) as copy:
            for case, due_on in _all(number):
                at = case.milestones[0].at
                body = text_of(case)
                copy.write_row((case.no, 1, False, at, at, due_on, body))
        with cursor.copy(_LISTED) as copy:
            for case, due_on in _all(number):
                for row in _rows(case, due_on):
                    copy.write_row(row)
        whose = "INSERT INTO case_worker SELECT (body->'workers'->>0)::uuid, case_no"
        cursor.execute(f"{whose} FROM rights_case")


def _all(number: int) -> Iterator[tuple[Case, date | None]]:
    chance = random.Random(5)  # noqa: S311  # the same each time
    return (made(each, chance) for each in range(number))


def _rows(case: Case, due_on: date | None) -> Iterator[tuple[Any, ...]]:
    at = case.milestones[0].at
    for entry in entries(Standing(case, due_on)).values():
        for code, seated in entry.seats.items():
            yield (
                case.no, entry.task, code, 0, seated.province, entry.part, at,
                entry.due_on or NEVER, seated.sides, entry.marks, entry.kind,
                entry.state, entry.lead_province, at,
            )  # fmt: skip


def _seat(province: str, chance: random.Random) -> Seat:
    return Seat(union(province, chance.randrange(UNIONS)), ProvinceCode(province))


__all__ = ["PLACES", "UNIONS", "fill_cases", "made", "union"]
