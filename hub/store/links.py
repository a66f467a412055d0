"""Adapter: the links, in PostgreSQL."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from hub.clock import today_in_china
from hub.reading.ports import ByKeys
from hub.store import registration
from hub.store.unavailable import StoreUnavailable
from schema.records.keys import LocalKey, ProvinceCode, WorkerId
from schema.records.kinds import RecordKind
from schema.records.told import Link, Located
from schema.records.wanted import ById

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.clock import Clock
    from hub.linking.rows import LinkResult, Statement
    from hub.reading.ports import Wanted
    from hub.store.pool import Pool

_log = logging.getLogger(__name__)

#: One statement for whatever is wanted. Each branch goes in by an index, and by
#: ``= ANY``, so that its cost grows with the question and not with the table.
LOCATE: Final = """
WITH found AS (
    SELECT worker_id, worker_key, NULL AS province, NULL AS local_key
    FROM worker_key WHERE worker_key = ANY(%(keys)s::bytea[])
    UNION ALL
    SELECT DISTINCT worker_id, NULL::bytea, NULL, NULL
    FROM worker_key WHERE worker_id = ANY(%(ids)s::uuid[])
    UNION ALL
    SELECT link.worker_id, NULL::bytea, link.province, link.local_key
    FROM link
    JOIN unnest(%(provinces)s::text[], %(local_keys)s::text[])
        AS wanted (province, local_key)
        ON link.local_key = wanted.local_key AND link.province = wanted.province
    WHERE link.local_key = ANY(%(local_keys)s::text[])
        AND link.valid_from <= %(today)s
        AND (link.valid_to IS NULL OR link.valid_to >= %(today)s)
)
SELECT found.worker_id::text, found.worker_key, found.province, found.local_key,
    link.province, link.local_key, link.kinds,
    link.valid_from::text, link.valid_to::text, link.source
FROM found
LEFT JOIN link ON link.worker_id = found.worker_id
    AND link.valid_from <= %(today)s
    AND (link.valid_to IS NULL OR link.valid_to >= %(today)s)
"""

#: What a row of the answer was found by: the key, or the province and local key.
_By = bytes | tuple[str, str]


class LinkStore:
    """Finds and keeps links; fulfils ``Links`` of reading and ``LinkBook`` of linking."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        """Find workers and the links that hold today, in the order of ``wanted``.

        One statement, whatever the number and the mixture.

        Returns:
            ``None`` where nobody is known. A worker whose links have all ended is
            known, and has no links.

        Raises:
            StoreUnavailable: The database cannot be asked now.
        """
        question = _Question(wanted)
        parameters = question.parameters | {"today": today_in_china(self._clock)}
        try:
            rows = await self._ask(parameters)
        except StoreUnavailable as error:
            if not error.lost:
                raise
            rows = await self._ask(parameters)
        return question.answer(rows)

    async def settle(
        self, statements: Sequence[Statement], source: str
    ) -> list[LinkResult]:
        """Work statements into the links that stand: all of them, or none.

        Raises:
            StoreUnavailable: The database cannot be used now; nothing was kept, or
                (if the connection was lost while committing) all was. To settle
                the same statements again is right in either case.
        """
        async with self._pool.connection() as connection:
            return await registration.settle(connection, statements, source)

    async def counted(self) -> None:
        """Let the server count what it keeps now, after much was registered.

        Until then it reads whole indexes where a question has one key: 20 to 70 ms for
        what takes 0.1, for a minute after the first import or longer.
        """
        async with self._pool.connection() as connection:
            await connection.execute("ANALYZE worker_key, link")

    async def _ask(self, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        async with (
            self._pool.connection() as connection,
            connection.cursor(binary=True) as cursor,
        ):
            await cursor.execute(LOCATE, parameters)
            return await cursor.fetchall()


class _Question:
    """What is wanted as parameters, and the rows as an answer."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._wanted = [_by(each) for each in wanted]
        every = [by for each in self._wanted for by in each]
        local_keys = [by for by in every if isinstance(by, tuple)]
        self.parameters: dict[str, Any] = {
            "keys": [by for by in every if isinstance(by, bytes)],
            "ids": [by for by in every if isinstance(by, str)],
            "provinces": [province for province, _ in local_keys],
            "local_keys": [local_key for _, local_key in local_keys],
        }

    def answer(self, rows: Iterable[tuple[Any, ...]]) -> list[Located | None]:
        workers: dict[bytes | str | tuple[str, str], str] = {}
        links: dict[str, dict[str, Link]] = {}
        for row in rows:
            worker, key, by_province, by_local_key, province = row[:5]
            workers[worker] = worker
            if key is not None:
                workers[key] = worker
            elif by_province is not None:
                workers[by_province, by_local_key] = worker
            of_worker = links.setdefault(worker, {})
            if province is not None:
                of_worker.setdefault(province, _link(row[4:]))
        return [
            _located([workers[by] for by in each if by in workers], links)
            for each in self._wanted
        ]


def _by(wanted: Wanted) -> tuple[bytes | str | tuple[str, str], ...]:
    """Give what the statement looks for; nothing for what cannot be in the store.

    One question that PostgreSQL would not take must not spoil the statement for
    the others that share it.
    """
    if isinstance(wanted, ByKeys):
        return tuple(bytes(key) for key in wanted.keys)
    if isinstance(wanted, ById):
        try:
            return (str(UUID(wanted.worker)),)
        except ValueError:
            return ()
    key = wanted.key
    if not (key.value.isprintable() and key.province.isprintable()):
        return ()
    return ((key.province, key.value),)


def _link(row: tuple[Any, ...]) -> Link:
    province, local_key, kinds, valid_from, valid_to, source = row
    return Link(
        LocalKey(ProvinceCode(province), local_key),
        _kinds(tuple(kinds)),
        valid_from,
        valid_to,
        source,
    )


@lru_cache(maxsize=1024)
def _kinds(names: tuple[str, ...]) -> frozenset[RecordKind]:
    return frozenset(map(RecordKind, names))


def _located(workers: list[str], links: dict[str, dict[str, Link]]) -> Located | None:
    """Join what was found for one question.

    One number has one worker. Where it has two after all (two processes wrote
    under different key versions before both knew both), the file is still one
    person's: all links are told, under the id of the newest version, and the
    operator is told the ids.
    """
    if not workers:
        return None
    distinct = list(dict.fromkeys(workers))
    if len(distinct) > 1:
        _log.error("split worker: one number has the worker ids %s", distinct)
    told: dict[str, Link] = {}
    for worker in reversed(distinct):
        told |= links[worker]
    return Located(WorkerId(distinct[0]), tuple(told[each] for each in sorted(told)))
