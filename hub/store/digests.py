"""Adapter: counts what unions have to do; notes which endpoint was told so on which day."""

from __future__ import annotations

from collections import defaultdict
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from hub.clock import end_of_day_in_china
from hub.store.case_tables import STANDS
from schema.records.digest import Digest, DigestCount, DigestItem, DigestPart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date, datetime

    from hub.store.pool import Pool

# What a union is in a case or task is kept as bits (``hub.store.case_entries``): it
# leads (1) or is asked to (8); it was given the task (1). Of several unions below one
# office, a case counts once. Days that never come are not told.
_CASES: Final = f"""
WITH own AS (
    SELECT case_no, task_no, part, min(due_on) AS due_on, bit_or(marks) AS marks,
        min(opened_at) AS opened_at, bit_or(sides) AS sides,
        min(union_code) AS union_code
    FROM case_listing
    WHERE to_v = {STANDS} AND union_code = ANY(%(unions)s::text[]) AND part IN (0, 2)
        AND sides & 9 <> 0 AND (due_on <= %(week)s OR opened_at >= %(since)s
            OR marks & 1 <> 0 OR part = 0 AND sides & 8 <> 0)
    GROUP BY case_no, task_no, part
), named AS (
    SELECT said.part, own.case_no, own.task_no, own.union_code, own.due_on
    FROM own CROSS JOIN LATERAL (VALUES
        ('DUE_TODAY', own.part = 0 AND own.due_on = %(on)s),
        ('DUE_THIS_WEEK', own.part = 0 AND own.due_on > %(on)s AND own.due_on <= %(week)s),
        ('MISSED', own.part = 0 AND own.marks & 1 <> 0),
        ('ASKED_TO_LEAD', own.part = 0 AND own.sides & 8 <> 0),
        ('NEW_CASES', own.part = 0 AND own.opened_at >= %(since)s),
        ('TASKS_OVERDUE', own.part = 2 AND own.marks & 1 <> 0),
        ('TASKS_DUE_TODAY', own.part = 2 AND own.due_on = %(on)s)
    ) AS said (part, so)
    WHERE said.so
), placed AS (
    SELECT *, count(*) OVER (PARTITION BY part) AS whole,
        row_number() OVER (PARTITION BY part ORDER BY due_on, case_no, task_no) AS place
    FROM named
)
SELECT part, whole, case_no, union_code,
    CASE WHEN due_on < '9999-12-31' THEN due_on END, task_no
FROM placed WHERE place <= %(most)s ORDER BY part, place
"""  # noqa: S608  # a number of ours
_TRANSFERS: Final = """
WITH named AS (
    SELECT 'OFFERS_WAITING' AS part, transfer_id, to_union, due_at AS at
    FROM transfer
    WHERE to_union = ANY(%(unions)s::text[]) AND ended_at IS NULL
        AND state = 'IN_TRANSIT' AND basis = 'OFFER'
    UNION ALL
    SELECT 'MEMBERS_LANDED', transfer_id, to_union, NULL
    FROM transfer
    WHERE to_union = ANY(%(unions)s::text[]) AND arrived_at >= %(since)s
        AND state = 'LANDED'
), placed AS (
    SELECT *, count(*) OVER (PARTITION BY part) AS whole,
        row_number() OVER (PARTITION BY part ORDER BY at, transfer_id) AS place
    FROM named
)
SELECT part, whole, transfer_id, to_union,
    (at AT TIME ZONE 'UTC' + interval '8 hours' - interval '1 microsecond')::date, ''
FROM placed WHERE place <= %(most)s ORDER BY part, place
"""
_CLAIM: Final = """
INSERT INTO digest_sent (endpoint, day) VALUES (%(endpoint)s, %(day)s)
ON CONFLICT (endpoint) DO UPDATE SET day = excluded.day, sent_at = NULL
WHERE digest_sent.day < excluded.day
"""
# Another runner that is at it holds the row.
_TAKE: Final = """
SELECT 1 FROM digest_sent
WHERE endpoint = %(endpoint)s AND day = %(day)s AND sent_at IS NULL
FOR UPDATE SKIP LOCKED
"""
_SENT: Final = "UPDATE digest_sent SET sent_at = %s WHERE endpoint = %s AND day = %s"
_DONE: Final = (
    "SELECT endpoint FROM digest_sent WHERE day >= %s AND sent_at IS NOT NULL"
)


class Digests:
    """Counts; fulfils ``hub.following.report_doors.ReadsDigests``.

    Every method may raise ``hub.store.unavailable.StoreUnavailable``.
    """

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def digest(
        self, office: str, unions: Sequence[str], on: date, most: int
    ) -> Digest:
        """Count what an office and those below it have to do, as it stands now.

        Args:
            office: The office.
            unions: It and those below it.
            on: The day, in China.
            most: How many of each are named.
        """
        wanted = {
            "unions": list(unions),
            "on": on,
            "week": on + timedelta(days=6),
            "since": end_of_day_in_china(on - timedelta(days=2)),
            "most": most,
        }
        whole: dict[str, int] = {}
        items: dict[str, list[DigestItem]] = defaultdict(list)
        async with self._pool.connection() as connection:
            for statement in (_CASES, _TRANSFERS):
                found = await connection.execute(statement.encode(), wanted)
                for part, count, id_, union, due_on, task in await found.fetchall():
                    whole[part] = count
                    item = DigestItem(id=id_, union=union, due_on=due_on, task=task)
                    items[part].append(item)
        return Digest(
            office=office,
            on=on,
            parts=tuple(
                DigestCount(
                    part=part, count=whole.get(part, 0), items=tuple(items[part])
                )
                for part in DigestPart
            ),
        )


class DigestsSent:
    """Which endpoint was sent the digest of which day.

    Every method may raise ``hub.store.unavailable.StoreUnavailable``.
    """

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def done(self, day: date) -> frozenset[str]:
        """Tell which endpoints have the digest of a day, or of a later one."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_DONE, (day,))
            return frozenset(name for (name,) in await found.fetchall())

    @asynccontextmanager
    async def taken(self, endpoint: str, day: date) -> AsyncIterator[Taken | None]:
        """Keep other runners from sending an endpoint the digest of a day.

        Gives nothing where it is sent already, or another runner is at it. What a
        runner that was killed had taken is free again at once.
        """
        what = {"endpoint": endpoint, "day": day}
        async with self._pool.connection() as connection:
            async with connection.transaction():
                await connection.execute(_CLAIM, what)
            async with connection.transaction():
                row = await (await connection.execute(_TAKE, what)).fetchone()
                yield None if row is None else Taken(connection, endpoint, day)


class Taken:
    """A digest that is being sent, by this runner alone."""

    def __init__(self, connection: Any, endpoint: str, day: date) -> None:
        """Use the connection that holds it."""
        self._connection = connection
        self._what = (endpoint, day)

    async def sent(self, at: datetime) -> None:
        """Note that it was taken."""
        await self._connection.execute(_SENT, (at, *self._what))
