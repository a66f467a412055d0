"""Adapter: what provinces told of case files; fulfils ``hub.following.file_ports.CaseFiles``.

Each statement is a row by its number: taking one in writes that row and two counts of its
file, however long the history is. What is shown is folded when it is read.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.feeds.events import Topic
from hub.following.file_ports import Overtaken, Replayed, Taken, UnknownCases
from hub.following.timeline import History, fold, read_upto, timeline
from hub.following.told_facts import FactsDue, facts_of
from hub.store.case_forms import columns, read_case
from hub.store.case_histories import histories, shown
from hub.store.case_saying import case_change
from hub.store.publishing import publish_all
from schema.records.change import Change, Tombstone
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from psycopg import AsyncConnection

    from hub.following.file_ports import Intake
    from hub.following.timeline import Timeline
    from hub.store.pool import Pool
    from schema.records.case import Case
    from schema.records.change import Watermark

    Connection = AsyncConnection[Any]

_encode = msgspec.json.Encoder().encode

_NONCE: Final = """
INSERT INTO callback_nonce (province, nonce, at) VALUES (%s, %s, %s)
ON CONFLICT DO NOTHING
"""
_READ_ON: Final = """
UPDATE case_log SET cursor = %s WHERE province = %s AND cursor = %s
"""
# As it stands until this is written: whoever acts on it waits, and the other way round.
_CASES: Final = """
SELECT body::text, due_on FROM rights_case WHERE case_no = ANY(%b::text[])
ORDER BY case_no FOR SHARE
"""
# Of two things under one number the later stands, as hub.following.timeline has it.
_KEEP: Final = """
INSERT INTO case_statement AS known (case_no, province, seq, as_of, body, contradicted)
SELECT * FROM unnest(%b::text[], %b::text[], %b::int[], %b::timestamptz[], %b::text[],
    %b::bool[]) AS came (case_no, province, seq, as_of, body, contradicted)
ORDER BY case_no, province, seq
ON CONFLICT (case_no, province, seq) DO UPDATE SET
    contradicted = true,
    as_of = greatest(known.as_of, excluded.as_of),
    body = CASE WHEN (excluded.as_of, excluded.body COLLATE "C")
        > (known.as_of, known.body COLLATE "C") THEN excluded.body ELSE known.body END
WHERE known.body <> excluded.body
    OR (excluded.contradicted AND NOT known.contradicted)
RETURNING case_no, seq, xmax = 0
"""
_FILES: Final = """
INSERT INTO case_file AS file (case_no, province, held, last, facts, ask_at)
SELECT case_no, province, held, last, facts, CASE WHEN held < last THEN ask_at END
FROM unnest(%b::text[], %b::text[], %b::int[], %b::int[], %b::int[], %b::timestamptz[])
    AS came (case_no, province, held, last, facts, ask_at)
ORDER BY case_no, province
ON CONFLICT (case_no, province) DO UPDATE SET
    held = file.held + excluded.held,
    last = greatest(file.last, excluded.last),
    facts = file.facts + excluded.facts,
    ask_at = CASE
        WHEN file.held + excluded.held >= greatest(file.last, excluded.last) THEN NULL
        ELSE coalesce(file.ask_at, excluded.ask_at) END,
    asked = CASE
        WHEN file.held + excluded.held >= greatest(file.last, excluded.last) THEN 0
        ELSE file.asked END
"""
# Whoever was asked and left a gap is asked later each time, up to an hour.
_ASKED: Final = """
UPDATE case_file SET
    asked = least(asked + 1, 20),
    ask_at = CASE WHEN held < last
        THEN %s + least(interval '1 hour', interval '5 seconds' * (2 ^ least(asked, 12)))
        END
WHERE case_no = %s AND province = %s
"""
_TURN: Final = """
INSERT INTO case_log AS log (province, polled_at) VALUES (%(province)s, %(now)s)
ON CONFLICT (province) DO UPDATE SET polled_at = excluded.polled_at
WHERE log.polled_at <= %(since)s OR log.polled_at > %(now)s + interval '1 minute'
RETURNING cursor
"""
_TO_ASK: Final = """
SELECT case_no FROM case_file WHERE province = %s AND ask_at <= %s
ORDER BY ask_at LIMIT %s
"""
_FACTS_DUE: Final = """
SELECT case_no, province, facts FROM case_file WHERE facts > facts_done
ORDER BY case_no, province LIMIT %s
"""
_FACTS_DONE: Final = """
UPDATE case_file SET facts_done = greatest(facts_done, %s), refused = %s::int[]
WHERE case_no = %s AND province = %s
"""
_FORGET: Final = "DELETE FROM callback_nonce WHERE at < %s"


class CaseChanges:
    """The words of provinces about their case files."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def take(self, intake: Intake) -> Taken:
        """Take in what came, in one transaction; repetitions change nothing."""
        async with self._pool.connection() as connection, connection.transaction():
            await _begin(connection, intake)
            cases = await _of_province(connection, intake)
            known = [one for one in intake.arrivals if one.case_no in cases]
            if intake.nonce and len(known) < len(intake.arrivals):
                raise UnknownCases
            changed = await _keep(connection, _folded(known))
            await _count(connection, intake, known, changed)
            if intake.file:
                values = (intake.now, intake.file, intake.province)
                await connection.execute(_ASKED, values)
            bodies = [
                case_change(case, case, (), due_on)
                for number in sorted({number for number, _, _ in changed})
                for case, due_on in (cases[number],)
            ]
            await publish_all(connection, Topic.CASE, bodies)
        fresh = sum(new for _, _, new in changed)
        return Taken(fresh, len(intake.arrivals) - len(known), len(changed) - fresh)

    async def turn(
        self, province: ProvinceCode, now: datetime, since: datetime
    ) -> str | None:
        """Take one's turn to ask for a log, if nobody has since a moment."""
        values = {"province": province, "now": now, "since": since}
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_TURN, values)).fetchone()
            return None if row is None else row[0]

    async def to_ask(
        self, province: ProvinceCode, now: datetime, most: int
    ) -> Mapping[str, int]:
        """Tell which files are to be asked for, and after which number."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_TO_ASK, (province, now, most))
            numbers = [number for (number,) in await found.fetchall()]
            read, _ = await histories(connection, numbers)
        return {number: read_upto(read[number], province) for number in numbers}

    async def timelines(self, numbers: Sequence[str]) -> Mapping[str, Timeline]:
        """Read the timelines of cases; one of which nothing was told is empty."""
        async with self._pool.connection() as connection:
            read, refused = await histories(connection, numbers)
        return {
            number: shown(history, refused.get(number, ()))
            for number, history in read.items()
        }

    async def facts_due(self, most: int) -> Sequence[FactsDue]:
        """Tell in which files facts came or changed, with all that they say now."""
        async with self._pool.connection() as connection:
            found = await (await connection.execute(_FACTS_DUE, (most,))).fetchall()
            numbers = [number for number, _, _ in found]
            # Read after the count: what comes in between is in it, and due again.
            read, _ = await histories(connection, numbers)
        lines = {number: timeline(read[number]) for number in numbers}
        return [
            FactsDue(
                case_no=number,
                province=ProvinceCode(province),
                facts=facts_of(lines[number], ProvinceCode(province)),
                version=version,
            )
            for number, province, version in found
        ]

    async def facts_done(self, due: FactsDue, refused: Sequence[int]) -> None:
        """Note that the facts of a file were taken, but for these numbers."""
        values = (due.version, list(refused), due.case_no, due.province)
        async with self._pool.connection() as connection:
            await connection.execute(_FACTS_DONE, values)

    async def forget(self, before: datetime) -> None:
        """Forget ids of messages that were signed before a moment."""
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET, (before,))


async def _begin(connection: Connection, intake: Intake) -> None:
    """See that nobody has taken this before."""
    if intake.nonce:
        values: tuple[object, ...] = (intake.province, intake.nonce, intake.at)
        if not (await connection.execute(_NONCE, values)).rowcount:
            raise Replayed
    if intake.log is not None:
        was, after = intake.log
        values = (after, intake.province, was)
        if not (await connection.execute(_READ_ON, values)).rowcount:
            raise Overtaken


async def _of_province(
    connection: Connection, intake: Intake
) -> dict[str, tuple[Case, date | None]]:
    """Read the cases that came, and in which the province has a role."""
    numbers = sorted(
        {one.case_no for one in intake.arrivals if one.case_no.isprintable()}
    )
    if not numbers:
        return {}
    found = await (await connection.execute(_CASES, (numbers,))).fetchall()
    read = ((read_case(body), due_on) for body, due_on in found)
    return {
        case.no: (case, due_on)
        for case, due_on in read
        if any(held.seat.province == intake.province for held in case.held)
    }


def _folded(known: Iterable[Any]) -> list[History]:
    by_case = defaultdict(list)
    for one in known:
        by_case[one.case_no].append(one)
    return [fold(History(number), some) for number, some in sorted(by_case.items())]


async def _keep(
    connection: Connection, folded: Sequence[History]
) -> list[tuple[str, int, bool]]:
    """Write statements; tell those that are new or otherwise than before."""
    rows = [
        (
            one.case_no,
            province,
            seq,
            one.as_of,
            _encode(one).decode(),
            (province, seq) in history.contradicted,
        )
        for history in folded
        for (province, seq), one in sorted(history.told.items())
    ]
    if not rows:
        return []
    found = await connection.execute(_KEEP, columns(rows))
    return await found.fetchall()


async def _count(
    connection: Connection,
    intake: Intake,
    known: Sequence[Any],
    changed: Sequence[tuple[str, int, bool]],
) -> None:
    """Keep count of what is held of each file, and whether it is to be asked for."""
    held: dict[str, int] = defaultdict(int)
    for number, _, new in changed:
        held[number] += new
    touched = {(number, seq) for number, seq, _ in changed}
    last: dict[str, int] = defaultdict(int)
    facts: dict[str, int] = defaultdict(int)
    for one in known:
        last[one.case_no] = max(last[one.case_no], one.seq)
        facts[one.case_no] |= (one.case_no, one.seq) in touched and _bears_facts(one)
    rows = [
        (number, intake.province, held[number], seq, int(facts[number]), intake.now)
        for number, seq in sorted(last.items())
    ]
    if rows:
        await connection.execute(_FILES, columns(rows))


def _bears_facts(one: Change | Tombstone | Watermark) -> bool:
    """Tell whether a statement may change what clocks run from."""
    if isinstance(one, Change):
        return one.fact is not None or one.corrects is not None
    return isinstance(one, Tombstone)
