"""Adapter: a batch of statements becomes rows, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.linking.settling import Settling, StandingLink
from hub.store.locks import REGISTER
from schema.records.keys import ProvinceCode, WorkerId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from psycopg import AsyncConnection, AsyncCursor

    from hub.linking.rows import LinkResult, Statement

#: A batch is longer than a look-up, and waits for its turn.
TURN: Final = """
SELECT set_config('statement_timeout', '30s', true),
    set_config('lock_timeout', '10s', true)
"""
TAKE_TURN: Final = "SELECT pg_advisory_xact_lock(%s)"

_KNOWN: Final = """
SELECT worker_key, worker_id::text FROM worker_key
WHERE worker_key = ANY(%s::bytea[])
"""
_NEW_WORKERS: Final = """
INSERT INTO worker_key (worker_key, worker_id, key_version)
SELECT worker_key, gen_random_uuid(), %s FROM unnest(%s::bytea[]) AS new (worker_key)
RETURNING worker_key, worker_id::text
"""
_STANDING: Final = """
SELECT link_id, worker_id::text, province, local_key, kinds, valid_from, valid_to
FROM link WHERE worker_id = ANY(%(workers)s::uuid[])
UNION ALL
SELECT link_id, worker_id::text, province, local_key, kinds, valid_from, valid_to
FROM link WHERE local_key = ANY(%(local_keys)s::text[])
"""
_CHANGE: Final = """
UPDATE link SET kinds = string_to_array(new.kinds, ' '),
    valid_from = new.valid_from, valid_to = new.valid_to, source = %(source)s
FROM unnest(%(links)s::bigint[], %(kinds)s::text[], %(from)s::date[], %(to)s::date[])
    AS new (link_id, kinds, valid_from, valid_to)
WHERE link.link_id = new.link_id
"""
_MAKE: Final = """
INSERT INTO link
    (worker_id, province, local_key, kinds, valid_from, valid_to, source)
SELECT worker_id, province, local_key, string_to_array(kinds, ' '),
    valid_from, valid_to, %(source)s
FROM unnest(%(workers)s::uuid[], %(provinces)s::text[], %(local_keys)s::text[],
        %(kinds)s::text[], %(from)s::date[], %(to)s::date[])
    AS new (worker_id, province, local_key, kinds, valid_from, valid_to)
"""
_CONFLICT: Final = """
INSERT INTO link_conflict (worker_id, province, local_key,
    standing_worker_id, standing_local_key, code, source)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (worker_id, province, local_key) DO NOTHING
"""


async def settle(
    connection: AsyncConnection[Any], statements: Sequence[Statement], source: str
) -> list[LinkResult]:
    """Settle a batch; the connection must be in autocommit and otherwise idle."""
    async with connection.transaction(), connection.cursor(binary=True) as cursor:
        await cursor.execute(TURN)
        await cursor.execute(TAKE_TURN, [REGISTER])
        known = await _known_workers(cursor, statements)
        local_keys = {each.local_key for each in statements}
        standing = await read_standing(cursor, local_keys, set(known.values()))
        await _add_new_workers(cursor, statements, known)
        settling = Settling(standing)
        results = [
            settling.settle(each, _worker_of(each, known)) for each in statements
        ]
        await write_settled(cursor, settling, source)
        return results


def _worker_of(statement: Statement, known: dict[bytes, WorkerId]) -> WorkerId:
    return next(known[key] for key in statement.keys if key in known)


async def _known_workers(
    cursor: AsyncCursor[Any], statements: Sequence[Statement]
) -> dict[bytes, WorkerId]:
    keys = list({key for each in statements for key in each.keys})
    await cursor.execute(_KNOWN, [keys])
    return dict(await cursor.fetchall())


async def _add_new_workers(
    cursor: AsyncCursor[Any],
    statements: Sequence[Statement],
    known: dict[bytes, WorkerId],
) -> None:
    new = {
        each.keys[0]: each.version
        for each in statements
        if known.keys().isdisjoint(each.keys)
    }
    if new:
        # All are of one version: that of the registrar's settings.
        await cursor.execute(_NEW_WORKERS, [next(iter(new.values())), list(new)])
        known.update(await cursor.fetchall())


async def read_standing(
    cursor: AsyncCursor[Any],
    local_keys: Collection[str],
    workers: Collection[WorkerId],
) -> list[StandingLink]:
    """Read every link that a batch may meet.

    A local key of another province comes along where two happen to be alike: that
    is rare, and changes nothing.
    """
    await cursor.execute(
        _STANDING, {"workers": list(workers), "local_keys": list(local_keys)}
    )
    return [
        StandingLink(
            link,
            WorkerId(worker),
            ProvinceCode(province),
            local_key,
            tuple(kinds),
            valid_from,
            valid_to,
        )
        for link, worker, province, local_key, kinds, valid_from, valid_to in (
            await cursor.fetchall()
        )
    ]


async def write_settled(
    cursor: AsyncCursor[Any], settling: Settling, source: str
) -> None:
    """Write what a batch makes, changes, and leaves to people."""
    changed = settling.changed.values()
    # What ends is written first: it makes room for what begins.
    for ending in (True, False):
        part = [link for link in changed if (link.valid_to is not None) is ending]
        if part:
            await cursor.execute(_CHANGE, _columns(part, source))
    if settling.made:
        await cursor.execute(_MAKE, _columns(settling.made.values(), source))
    if settling.conflicts:
        await cursor.executemany(
            _CONFLICT,
            [
                (
                    each.stated.worker,
                    each.stated.province,
                    each.stated.local_key,
                    each.standing.worker,
                    each.standing.local_key,
                    each.code,
                    source,
                )
                for each in settling.conflicts
            ],
        )


def _columns(links: Iterable[StandingLink], source: str) -> dict[str, object]:
    rows = [
        (
            link.link,
            link.worker,
            link.province,
            link.local_key,
            " ".join(link.kinds),
            link.valid_from,
            link.valid_to,
        )
        for link in links
    ]
    names = ("links", "workers", "provinces", "local_keys", "kinds", "from", "to")
    columns: dict[str, object] = {
        name: list(column)
        for name, column in zip(names, zip(*rows, strict=True), strict=True)
    }
    return columns | {"source": source}
