"""Adapter: questions of duplicates; fulfils ``hub.transfer.keeping.Questions``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

from hub.feeds.events import Topic
from hub.store.audit import append_within
from hub.store.publishing import publish_all
from schema.records.duplicate import DuplicateQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import AsyncConnection

    from hub.audit.chain import Draft
    from hub.store.pool import Pool
    from schema.records.keys import WorkerId

_encode = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(DuplicateQuestion).decode

_ASK: Final = """
INSERT INTO duplicate_question (question_id, worker_id, first_union, second_union, pair,
    state, answer_by, body, acting, act)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING question_id
"""
_OF_KEY: Final = "SELECT act, body::text FROM duplicate_question WHERE acting = %s"
_OF_PAIR: Final = """
SELECT body::text FROM duplicate_question
WHERE worker_id = %s AND pair = %s AND state = 'OPEN'
"""
_ONE: Final = "SELECT body::text FROM duplicate_question WHERE question_id = %s"
_LOCK: Final = f"{_ONE} FOR NO KEY UPDATE"
_MOVE: Final = """
UPDATE duplicate_question SET state = %s, answer_by = %s, body = %s
WHERE question_id = %s
"""
_OF_WORKER: Final = """
SELECT body::text FROM duplicate_question
WHERE worker_id = %s AND question_id > %s ORDER BY question_id
"""
# Each union by the index of each side; a question between two of them is one.
_OF_UNIONS: Final = """
WITH asked AS (SELECT DISTINCT unnest(%(unions)s::text[]) AS code), found AS (
    SELECT own.* FROM asked CROSS JOIN LATERAL (
        SELECT question_id FROM duplicate_question
        WHERE first_union = asked.code AND question_id > %(after)s
        ORDER BY question_id LIMIT %(most)s
    ) AS own
    UNION
    SELECT own.* FROM asked CROSS JOIN LATERAL (
        SELECT question_id FROM duplicate_question
        WHERE second_union = asked.code AND question_id > %(after)s
        ORDER BY question_id LIMIT %(most)s
    ) AS own
)
SELECT question.body::text
FROM (SELECT question_id FROM found ORDER BY question_id LIMIT %(most)s) AS page
JOIN duplicate_question AS question USING (question_id) ORDER BY question_id
"""


class QuestionStore:
    """Keeps questions of duplicate memberships.

    Every method may raise ``StoreUnavailable``.
    """

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def ask(
        self, question: DuplicateQuestion, acting: str, act: bytes, audit: Draft
    ) -> DuplicateQuestion | None:
        """Keep a question, write the trail, and publish it, in one transaction.

        Returns:
            It; what an earlier act with the same key and fingerprint asked; the open
            question about the same two; none if the key was another act's.
        """
        pair = _pair(question)
        async with self._pool.connection() as connection, connection.transaction():
            found = await connection.execute(_ASK, _row(question, pair, acting, act))
            if await found.fetchone() is not None:
                await append_within(connection, [audit])
                await _publish(connection, question)
                return question
            found = await connection.execute(_OF_KEY, (acting,))
            before = await found.fetchone()
            if before is not None:
                return _read(before[1]) if bytes(before[0]) == act else None
            found = await connection.execute(_OF_PAIR, (question.worker, pair))
            row = await found.fetchone()
            return None if row is None else _read(row[0])

    async def one(self, id: str) -> DuplicateQuestion | None:  # noqa: A002  # as in the graph
        """Read one."""
        if not id.isprintable():
            return None
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_ONE, (id,))).fetchone()
            return None if row is None else _read(row[0])

    async def move(
        self,
        id: str,  # noqa: A002  # as in the graph
        decide: Callable[[DuplicateQuestion], tuple[DuplicateQuestion, Draft] | None],
    ) -> DuplicateQuestion | None:
        """Lock one, let it be decided, write and publish that; none if there is none."""
        if not id.isprintable():
            return None
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(_LOCK, (id,))).fetchone()
            if row is None:
                return None
            question = _read(row[0])
            decided = decide(question)
            if decided is None:
                return question
            question, audit = decided
            body = _encode(question).decode()
            moved = (str(question.state), question.answer_by, body, id)
            await connection.execute(_MOVE, moved)
            await append_within(connection, [audit])
            await _publish(connection, question)
            return question

    async def of_unions(
        self, unions: Sequence[str], first: int, after: str | None
    ) -> Sequence[DuplicateQuestion]:
        """Read those with a membership at one of these unions, by id."""
        wanted = {"unions": list(unions), "after": after or "", "most": first}
        async with self._pool.connection() as connection:
            found = await connection.execute(_OF_UNIONS, wanted)
            return [_read(body) for (body,) in await found.fetchall()]

    async def of_worker(
        self, worker: WorkerId, after: str | None
    ) -> Sequence[DuplicateQuestion]:
        """Read all about a worker, by id: few; none of a name that is nobody's."""
        if _name(worker) is None:
            return []
        async with self._pool.connection() as connection:
            asked = (_name(worker), after or "")
            found = await connection.execute(_OF_WORKER, asked)
            return [_read(body) for (body,) in await found.fetchall()]


def _name(worker: WorkerId) -> UUID | None:
    """Read the hub's name of a worker; a token's subject may be anything."""
    try:
        return UUID(worker)
    except ValueError:
        return None


async def _publish(
    connection: AsyncConnection[Any], question: DuplicateQuestion
) -> None:
    await publish_all(connection, Topic.DUPLICATE, [_encode(question)])


def _pair(question: DuplicateQuestion) -> str:
    """Name both memberships, whichever was named first."""
    both = (question.first, question.second)
    return _encode(sorted([each.province, each.union] for each in both)).decode()


def _row(
    question: DuplicateQuestion, pair: str, acting: str, act: bytes
) -> tuple[Any, ...]:
    return (
        question.id,
        question.worker,
        question.first.union,
        question.second.union,
        pair,
        str(question.state),
        question.answer_by,
        _encode(question).decode(),
        acting,
        act,
    )
