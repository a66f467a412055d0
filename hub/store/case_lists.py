"""Adapter: pages of cases and tasks. Cursors stay good while cases change.

By the moment of opening the order never changes. By the day that is due it does; so a
list goes on as it was ordered when its first page was read. Who has a part in a case,
and what else is filtered by, is taken as it stands now. So whatever matches from the
first page to the last is on exactly one of them, and nothing is shown to a union that
has no part in it any more.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from hub.store.case_cursors import (
    CURSOR_EXPIRED,
    CURSOR_INVALID,
    Place,
    read_place,
    write_place,
)
from hub.store.case_entries import (
    ALL,
    ASKED,
    CASES,
    CLOSED_TASKS,
    ENDED_CASES,
    GREEN,
    MISSED,
    NEVER,
    NO_SIDE,
    ROLES,
    SIDES,
    TASKS,
    sides_of,
)
from hub.store.case_forms import read_case
from hub.store.case_pages import MANY, PROVINCES, page_statement
from schema.records.case import ENDED
from schema.records.case_list import CasePage, CaseTask, ListOrder, TaskPage
from schema.records.case_task import TaskState
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hub.store.pool import Pool
    from schema.records.case import Case
    from schema.records.case_list import CaseFilter, TaskFilter, TaskSide
    from schema.records.case_powers import Party

# An index has the rows in their order: to gather all of a province and then sort them
# for fifty takes many times as long.
_IN_ORDER: Final = "SELECT set_config('enable_bitmapscan', 'off', true)"
_SEAL: Final = "SELECT seal FROM case_listing_horizon"
_OPENED_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: So many sets of unions are remembered with their provinces: one for each office.
_REMEMBERED: Final = 256


class CaseLists:
    """Reads pages."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool
        self._seal: bytes | None = None
        self._provinces: OrderedDict[frozenset[str], list[str]] = OrderedDict()

    async def cases(
        self,
        wanted: CaseFilter,
        unions: Sequence[str] | None,
        first: int,
        after: str | None,
        by: Collection[Party] | None = None,
    ) -> CasePage | Refusal:
        """Read a page of cases, as ``hub.following.ports.CaseReading.page`` says."""
        roles = sum(ROLES[role] for role in set(wanted.roles))
        terms = {
            "parts": _parts(wanted.states, ENDED, (CASES, ENDED_CASES)),
            "any_of": roles,
            "all_of": ASKED if wanted.asked else 0,
            "by": sides_of(by),
            "marks": (MISSED if wanted.missed else 0) | (GREEN if wanted.green else 0),
            "kinds": [str(one) for one in wanted.matters],
            "states": [str(one) for one in wanted.states],
            "lead": _sound(wanted.lead_province),
            "due": wanted.due_by or NEVER,
            "opened": wanted.opened_since,
            "changed": wanted.changed_since,
        }
        of = b"c" if wanted.order is ListOrder.OPENED else b"C"
        rows = await self._page(of, terms, unions, first, after)
        if isinstance(rows, Refusal):
            return rows
        shown, seal = rows[:first], await self._sealed()
        return CasePage(
            tuple(case for _, _, case in shown),
            tuple(write_place(place, seal) for place, _, _ in shown),
            len(rows) > first,
        )

    async def tasks(
        self,
        wanted: TaskFilter,
        unions: Sequence[str] | None,
        first: int,
        after: str | None,
        by: Collection[TaskSide] | None = None,
    ) -> TaskPage | Refusal:
        """Read a page of tasks, as ``hub.following.ports.CaseReading.tasks`` says."""
        closed = frozenset({TaskState.CLOSED})
        terms = {
            "parts": _parts(wanted.states, closed, (TASKS, CLOSED_TASKS)),
            "any_of": 0 if wanted.side is None else SIDES[wanted.side],
            "all_of": 0,
            "by": 0 if by is None else sum(SIDES[one] for one in set(by)) or NO_SIDE,
            "marks": MISSED if wanted.late else 0,
            "kinds": [str(one) for one in wanted.kinds],
            "states": [str(one) for one in wanted.states],
            "lead": None,
            "due": wanted.due_by or NEVER,
            "opened": None,
            "changed": None,
        }
        of = b"t" if wanted.order is ListOrder.OPENED else b"T"
        rows = await self._page(of, terms, unions, first, after)
        if isinstance(rows, Refusal):
            return rows
        shown, seal = rows[:first], await self._sealed()
        return TaskPage(
            tuple(_task(case, place.task, at) for place, at, case in shown),
            tuple(write_place(place, seal) for place, _, _ in shown),
            len(rows) > first,
        )

    async def _page(
        self,
        of: bytes,
        terms: dict[str, Any],
        unions: Sequence[str] | None,
        first: int,
        after: str | None,
    ) -> list[tuple[Place, datetime, Case]] | Refusal:
        """Read one more than a page: place, since when, and case of each."""
        by_day = of.isupper()
        place = _before_all(of, by_day=by_day)
        if after is not None:
            known = read_place(after, of, await self._sealed(), by_day=by_day)
            if known is None:
                return CURSOR_INVALID
            place = known
        asked, provinces = await self._asked(unions)
        terms |= {
            "asked": asked if provinces is None else provinces,
            "unions": asked,
            "version": None if after is None or not by_day else place.version,
            "key": place.key,
            "no": place.no,
            "task": place.task,
            "most": first + 1,
        }
        statement = page_statement(by_day=by_day, by_province=provinces is not None)
        async with (
            self._pool.connection() as connection,
            connection.pipeline(),
            connection.transaction(),
        ):
            await connection.execute(_IN_ORDER)
            found = await connection.execute(statement.encode(), terms)
            rows = await found.fetchall()
        head, version, pruned_to = rows[0][:3]
        if by_day and version > head:
            return CURSOR_INVALID
        if by_day and version < pruned_to:
            return CURSOR_EXPIRED
        return [
            (
                Place(of, version if by_day else 0, key, case.no, task),
                opened_at,
                case,
            )
            for *_, key, task, opened_at, body in rows
            if body is not None
            for case in (read_case(body),)
        ]

    async def _sealed(self) -> bytes:
        """Give the key that seals cursors: it is made once, with the database."""
        if self._seal is None:
            async with self._pool.connection() as connection:
                found = await connection.execute(_SEAL)
                (self._seal,) = await found.fetchone() or (b"",)
        return self._seal

    async def _asked(
        self, unions: Sequence[str] | None
    ) -> tuple[list[str], list[str] | None]:
        """Tell which rows are asked for, and in which provinces; none if by unions."""
        if unions is None:
            return [ALL], None
        asked = {each for each in unions if each.isprintable() and each != ALL}
        if len(asked) <= MANY:
            return list(asked), None
        return list(asked), await self._provinces_of(frozenset(asked))

    async def _provinces_of(self, unions: frozenset[str]) -> list[str] | None:
        """Tell the provinces of unions, which never change; none if not of all."""
        known = self._provinces.get(unions)
        if known is not None:
            self._provinces.move_to_end(unions)
            return known
        async with self._pool.connection() as connection:
            found = await connection.execute(PROVINCES, (list(unions),))
            number, provinces = await found.fetchone() or (0, [])
        if number != len(unions):
            return None
        self._provinces[unions] = provinces
        if len(self._provinces) > _REMEMBERED:
            self._provinces.popitem(last=False)
        return list(provinces)


def _parts(
    states: Collection[Any], ended: frozenset[Any], parts: tuple[int, int]
) -> list[int]:
    """Tell in which parts of the list there are such states."""
    if not states:
        return list(parts)
    return sorted({parts[state in ended] for state in states})


def _sound(code: str | None) -> str | None:
    """Give what can be looked for; PostgreSQL would not take everything."""
    return code if code is None or code.isprintable() else ""


def _before_all(of: bytes, *, by_day: bool) -> Place:
    return Place(of, 0, date.min if by_day else _OPENED_FIRST, "")


def _task(case: Case, no: str, at: datetime) -> CaseTask:
    (task,) = (one for one in case.tasks if one.no == no)
    return CaseTask(
        case_no=case.no, matter=case.matter, lead=case.lead, task=task, assigned_at=at
    )
