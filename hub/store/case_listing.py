"""Adapter: keeping what lists of cases and tasks are read from (``case_listing``).

Before an event is published, rows are brought up to how their entries stand; a union
that is new in a case gets a row for each of the case's own, so that lists which began
earlier have it in its place. After it is published, and so with the cursor that it has,
rows whose day moved are closed and begun anew: whoever reads as of a cursor sees each
entry once, in the place that it had then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.store.case_entries import ALL, entries
from hub.store.case_forms import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.store.case_entries import Entry, Standing

_STANDS: Final = "9223372036854775807"
#: The cursor of the last event that this transaction published.
_CURSOR: Final = "currval(pg_get_serial_sequence('feed_event', 'cursor'))"

_CHANGE: Final = """
UPDATE case_listing AS row SET part = new.part, sides = new.sides, marks = new.marks,
    state = new.state, lead_province = new.lead_province, changed_at = new.changed_at
FROM unnest(%b::text[], %b::text[], %b::text[], %b::int[], %b::int[], %b::int[],
    %b::text[], %b::text[], %b::timestamptz[])
    AS new (case_no, task_no, union_code, part, sides, marks, state, lead_province,
        changed_at)
WHERE row.case_no = new.case_no AND row.task_no = new.task_no
    AND row.union_code = new.union_code
"""
_LEAVE: Final = """
DELETE FROM case_listing AS row
USING unnest(%b::text[], %b::text[], %b::text[]) AS gone (case_no, task_no, union_code)
WHERE row.case_no = gone.case_no AND row.task_no = gone.task_no
    AND row.union_code = gone.union_code
"""
_JOIN: Final = f"""
INSERT INTO case_listing (case_no, task_no, union_code, from_v, to_v, closed_at,
    province, part, opened_at, due_on, sides, marks, kind, state, lead_province,
    changed_at)
SELECT row.case_no, row.task_no, new.union_code, row.from_v, row.to_v, row.closed_at,
    new.province, row.part, row.opened_at, row.due_on, new.sides, row.marks, row.kind,
    row.state, row.lead_province, row.changed_at
FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::int[])
    AS new (case_no, task_no, union_code, province, sides)
JOIN case_listing AS row ON row.case_no = new.case_no AND row.task_no = new.task_no
    AND row.union_code = '{ALL}'
"""  # noqa: S608  # ours
_BEGIN: Final = f"""
INSERT INTO case_listing (case_no, task_no, union_code, province, sides, part,
    opened_at, due_on, marks, kind, state, lead_province, changed_at, from_v)
SELECT new.*, {_CURSOR}
FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::int[], %b::int[],
    %b::timestamptz[], %b::date[], %b::int[], %b::text[], %b::text[], %b::text[],
    %b::timestamptz[]) AS new
"""  # noqa: S608  # ours
_MOVE: Final = f"""
WITH closed AS (
    UPDATE case_listing AS row SET to_v = {_CURSOR}, closed_at = clock_timestamp()
    FROM unnest(%b::text[], %b::text[], %b::date[]) AS new (case_no, task_no, due_on)
    WHERE row.case_no = new.case_no AND row.task_no = new.task_no
        AND row.to_v = {_STANDS}
    RETURNING row.*, new.due_on AS new_due_on
)
INSERT INTO case_listing (case_no, task_no, union_code, from_v, province, part,
    opened_at, due_on, sides, marks, kind, state, lead_province, changed_at)
SELECT case_no, task_no, union_code, to_v, province, part, opened_at, new_due_on, sides,
    marks, kind, state, lead_province, changed_at FROM closed
"""  # noqa: S608  # ours


class Relisting:
    """What a transaction changes in lists; noted first, then written."""

    def __init__(self) -> None:
        """Change nothing."""
        self._changed: list[tuple[Any, ...]] = []
        self._left: list[tuple[Any, ...]] = []
        self._joined: list[tuple[Any, ...]] = []
        self._begun: list[tuple[Any, ...]] = []
        self._moved: list[tuple[Any, ...]] = []

    def note(
        self,
        before: Standing | None,
        after: Standing,
        at: datetime,
        since: Mapping[str, datetime],
    ) -> None:
        """Note what became of a case.

        Args:
            before: As it was kept; none if it is new.
            after: As it will be.
            at: When it changed last.
            since: Since when there are the entries that are new, by number of task.
        """
        no = after.case.no
        old = entries(before)
        for entry in entries(after).values():
            was = old.get(entry.task)
            if was is None:
                self._begin(no, entry, at, since[entry.task])
            elif was != entry or not entry.task:
                self._change(no, was, entry, at)

    async def before_publishing(self, connection: AsyncConnection[Any]) -> None:
        """Write what needs no cursor."""
        await _run(connection, _LEAVE, self._left)
        await _run(connection, _CHANGE, self._changed)
        await _run(connection, _JOIN, self._joined)

    async def after_publishing(self, connection: AsyncConnection[Any]) -> None:
        """Write what bears the cursor of an event that was published just now."""
        await _run(connection, _MOVE, self._moved)
        await _run(connection, _BEGIN, self._begun)

    def _begin(self, no: str, entry: Entry, at: datetime, since: datetime) -> None:
        self._begun.extend(
            (
                no,
                entry.task,
                union,
                seated.province,
                seated.sides,
                entry.part,
                since,
                entry.due_on,
                entry.marks,
                entry.kind,
                entry.state,
                entry.lead_province,
                at,
            )
            for union, seated in entry.seats.items()
        )

    def _change(self, no: str, was: Entry, entry: Entry, at: datetime) -> None:
        self._left.extend(
            (no, entry.task, union) for union in was.seats if union not in entry.seats
        )
        self._changed.extend(
            (
                no,
                entry.task,
                union,
                entry.part,
                seated.sides,
                entry.marks,
                entry.state,
                entry.lead_province,
                at,
            )
            for union, seated in entry.seats.items()
            if union in was.seats
        )
        self._joined.extend(
            (no, entry.task, union, seated.province, seated.sides)
            for union, seated in entry.seats.items()
            if union not in was.seats
        )
        if was.due_on != entry.due_on:
            self._moved.append((no, entry.task, entry.due_on))


async def _run(
    connection: AsyncConnection[Any], statement: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    if listed := list(rows):
        await connection.execute(statement.encode(), columns(listed))
