"""Adapter: what events of cases change, as a few statements whatever their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.store.case_forms import columns, text_of
from schema.records.case import ENDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import AsyncConnection

    from hub.following.ports import Looked, Written
    from schema.records.case_notice import Notice

# The columns go out in binary form (%b), as those of transfers do.
_OPENED: Final = """
INSERT INTO rights_case (case_no, seq, ended, next_at, due_on, body, opened_at)
SELECT * FROM unnest(%b::text[], %b::int[], %b::bool[], %b::timestamptz[], %b::date[],
    %b::json[], %b::timestamptz[])
"""
_CHANGED: Final = """
UPDATE rights_case AS standing SET seq = new.seq, ended = new.ended,
    next_at = new.next_at, due_on = new.due_on, body = new.body
FROM unnest(%b::text[], %b::int[], %b::bool[], %b::timestamptz[], %b::date[],
    %b::json[]) AS new (case_no, seq, ended, next_at, due_on, body)
WHERE standing.case_no = new.case_no
"""
_LOOKED: Final = """
UPDATE rights_case AS standing SET next_at = new.next_at
FROM unnest(%b::text[], %b::timestamptz[]) AS new (case_no, next_at)
WHERE standing.case_no = new.case_no
"""
_EVENTS: Final = """
INSERT INTO case_event (case_no, seq, at, event, acting, act)
SELECT * FROM unnest(%b::text[], %b::int[], %b::timestamptz[], %b::json[], %b::text[],
    %b::bytea[])
"""
_WORKERS: Final = """
INSERT INTO case_worker (case_no, worker_id)
SELECT * FROM unnest(%b::text[], %b::uuid[])
"""
_NOTICES: Final = """
INSERT INTO case_notice (key, case_no, kind, union_code, about)
SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[])
ON CONFLICT (key) DO NOTHING RETURNING key
"""
_COOPERATION: Final = """
INSERT INTO cooperation_event (id, case_no, step, at, asker, asker_province, asked,
    asked_province, answer_by, timeliness, effort)
SELECT id, case_no, step, at, asker, asker_province, asked, asked_province, answer_by,
    timeliness, effort
FROM unnest(%b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::text[],
    %b::text[], %b::text[], %b::text[], %b::date[], %b::int[], %b::int[])
    WITH ORDINALITY AS new (id, case_no, step, at, asker, asker_province, asked,
    asked_province, answer_by, timeliness, effort, place)
ORDER BY place
"""


async def write_cases(
    connection: AsyncConnection[Any], written: Sequence[Written]
) -> None:
    """Write cases as they stand after the last event of each, and the journal.

    Raises:
        psycopg.errors.UniqueViolation: A number, a place in a journal or a key of an
            act was used by somebody else.
    """
    opened = {each.case.no: each.event.at for each in written if _opens(each)}
    last = {each.case.no: each for each in written}
    new = [
        (*_standing(last[no]), at) for no, at in sorted(opened.items())
    ]  # sorted: two that open the same cases do not wait for each other
    if new:
        await connection.execute(_OPENED, columns(new))
    changed = [_standing(each) for no, each in last.items() if no not in opened]
    if changed:
        await connection.execute(_CHANGED, columns(changed))
    whose = [
        (each.case.no, worker)
        for each in written
        if _opens(each)
        for worker in each.case.workers
    ]
    if whose:
        await connection.execute(_WORKERS, columns(whose))
    await _journal(connection, written)


async def write_looked(
    connection: AsyncConnection[Any], looked: Sequence[Looked]
) -> None:
    """Note when cases are to be looked at again."""
    if looked:
        await connection.execute(
            _LOOKED, columns([(each.no, each.next_at) for each in looked])
        )


async def write_notices(
    connection: AsyncConnection[Any], told: Iterable[tuple[str, Notice]]
) -> set[str]:
    """Keep notices of cases; tell the keys of those that are new."""
    rows = {
        notice.key(no): (no, str(notice.kind), notice.to.union, notice.about)
        for no, notice in told
    }
    if not rows:
        return set()
    listed = [(key, *rest) for key, rest in sorted(rows.items())]
    found = await connection.execute(_NOTICES, columns(listed))
    return {key for (key,) in await found.fetchall()}


async def write_cooperation(
    connection: AsyncConnection[Any], written: Sequence[Written]
) -> None:
    """Add steps of offers and tasks, in their order."""
    rows = [
        (
            one.id,
            each.case.no,
            str(one.step),
            one.at,
            one.asker,
            one.asker_province,
            one.asked,
            one.asked_province,
            one.answer_by,
            one.timeliness,
            one.effort,
        )
        for each in written
        for one in each.cooperation
    ]
    if rows:
        await connection.execute(_COOPERATION, columns(rows))


async def _journal(
    connection: AsyncConnection[Any], written: Sequence[Written]
) -> None:
    rows = [
        (
            each.case.no,
            each.case.seq,
            each.event.at,
            text_of(each.event),
            each.acting,
            each.act,
        )
        for each in written
    ]
    # By their keys: two that bear the same keys do not wait for each other.
    rows.sort(key=lambda row: (row[4], row[0], row[1]))
    if rows:
        await connection.execute(_EVENTS, columns(rows))


def _standing(each: Written) -> tuple[Any, ...]:
    return (
        each.case.no,
        each.case.seq,
        each.case.state in ENDED,
        each.next_at,
        each.due_on,
        text_of(each.case),
    )


def _opens(each: Written) -> bool:
    return each.case.seq == 1
