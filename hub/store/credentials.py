"""Adapter: membership credentials; fulfils ``hub.credential.ports.Credentials``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import msgspec
from psycopg import Rollback

from hub.credential.ports import Kept, KeptCredential, Spent
from hub.store.audit import append_within
from hub.store.locks import WORKER_LOCKS, WORKERS
from schema.records.moving import CredentialClaims

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.audit.chain import Draft
    from hub.credential.ports import NewCredential
    from hub.store.pool import Pool

_read = msgspec.json.Decoder(CredentialClaims).decode

_COLUMNS: Final = """
claims::text, state, code_digest, code_version, tries, transfer_id, changed_at
"""
_FIND: Final = f"SELECT {_COLUMNS} FROM credential WHERE credential_id = %s"  # noqa: S608  # ours
_LOCK: Final = f"{_FIND} FOR NO KEY UPDATE"
_TRY: Final = f"""
UPDATE credential SET tries = tries + 1 WHERE credential_id = %s AND tries < %s
RETURNING {_COLUMNS}
"""  # noqa: S608  # ours
_FORGET_TRIES: Final = """
UPDATE credential SET tries = 0 WHERE credential_id = %s AND tries <> 0
"""
_OF_KEY: Final = "SELECT credential_id FROM credential WHERE office = %s AND key = %s"
_SUPERSEDE: Final = """
UPDATE credential SET state = 'REVOKED', reason = 'SUPERSEDED', changed_at = %s
WHERE worker_id = %s AND state = 'ACTIVE'
"""
_KEEP: Final = """
INSERT INTO credential (credential_id, place, worker_id, claims, office, key,
    code_digest, code_version)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (office, key) DO NOTHING RETURNING credential_id
"""
_REVOKE: Final = """
UPDATE credential SET state = 'REVOKED', reason = %s, changed_at = %s
WHERE credential_id = %s
"""
# Long after the end: hubs' clocks and the database's may differ.
_FORGET_PRESENTATIONS: Final = """
DELETE FROM presentation WHERE until < now() - interval '1 day'
"""
# Nothing changes where it is used already; only the same act gets a row then.
_PRESENT: Final = """
INSERT INTO presentation AS used (presentation_id, used_by, until) VALUES (%s, %s, %s)
ON CONFLICT (presentation_id) DO UPDATE SET used_by = used.used_by
WHERE used.used_by = excluded.used_by
RETURNING used_by
"""
_PRESENTED: Final = "SELECT 1 FROM presentation WHERE presentation_id = %s"
_SPENT: Final = """
SELECT place, state FROM credential
WHERE place >= %s AND place < %s AND state <> 'ACTIVE' ORDER BY place
"""
_LAST_PLACE: Final = "SELECT coalesce(max(place), -1) FROM credential"
_NEXT_PLACE: Final = "SELECT nextval('credential_place')"


class CredentialStore:
    """Keeps credentials. Every method may raise ``StoreUnavailable``."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def reserve(self) -> int:
        """Give out the next place."""
        return int(await self._number(_NEXT_PLACE))

    async def keep(self, new: NewCredential, audit: Draft) -> str | None:
        """Keep a credential, and take those that the worker had out of use.

        Returns:
            None; or the id of the one that this office's key has kept before.
        """
        named = (new.office, new.key)
        async with self._pool.connection() as connection:
            before = await _one(connection, _OF_KEY, named)
            if before is None and not await _keep(connection, new, audit):
                # The key came twice at once, and the other was first.
                before = await _one(connection, _OF_KEY, named)
            return None if before is None else str(before[0])

    async def find(self, credential: str) -> KeptCredential | None:
        """Read a credential by its id."""
        if not credential.isprintable():
            return None
        async with self._pool.connection() as connection:
            return _kept(await _one(connection, _FIND, (credential,)))

    async def revoke(
        self, credential: str, reason: str, at: datetime, audit: Draft
    ) -> KeptCredential | None:
        """Revoke a credential if it is active; tell it as it was before."""
        if not credential.isprintable():
            return None
        async with self._pool.connection() as connection, connection.transaction():
            before = _kept(await _one(connection, _LOCK, (credential,)))
            if before is not None and before.kept is Kept.ACTIVE:
                await connection.execute(_REVOKE, (reason, at, credential))
                await append_within(connection, [audit])
            return before

    async def take_try(self, credential: str, most: int) -> KeptCredential | None:
        """Count one try of the code before it is compared, if fewer than ``most``."""
        async with self._pool.connection() as connection:
            return _kept(await _one(connection, _TRY, (credential, most)))

    async def note(self, audit: Draft) -> None:
        """Put an entry into the trail: a credential was locked."""
        async with self._pool.connection() as connection, connection.transaction():
            await append_within(connection, [audit])

    async def forget_tries(self, credential: str) -> None:
        """Set the tries back to 0."""
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET_TRIES, (credential,))

    async def use_presentation(
        self, presentation: str, by: str, until: datetime
    ) -> bool:
        """Use a presentation up; tell whether it was unused, or used by the same act."""
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET_PRESENTATIONS)
            used = await _one(connection, _PRESENT, (presentation, by, until))
            return used is not None

    async def presentation_used(self, presentation: str) -> bool:
        """Tell whether a presentation that has not ended was used."""
        async with self._pool.connection() as connection:
            return await _one(connection, _PRESENTED, (presentation,)) is not None

    async def spent(self, first: int, past: int) -> Sequence[Spent]:
        """Read the places in a range that are spent, in order."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_SPENT, (first, past))
            return [
                Spent(place, Kept(state)) for place, state in await found.fetchall()
            ]

    async def last_place(self) -> int:
        """Tell the highest place that was kept; -1 if none."""
        return int(await self._number(_LAST_PLACE))

    async def _number(self, statement: str) -> Any:
        async with self._pool.connection() as connection:
            row = await _one(connection, statement, ())
            return -1 if row is None else row[0]


async def _keep(
    connection: AsyncConnection[Any], new: NewCredential, audit: Draft
) -> bool:
    """Keep a credential, unless its key has come before: then nothing is changed."""
    claims = new.claims
    kept = None
    async with connection.transaction():
        # Two of one worker at once: the later takes the earlier out of use.
        bucket = crc32(claims.worker.encode()) % WORKER_LOCKS
        await connection.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", (WORKERS, bucket)
        )
        await connection.execute(_SUPERSEDE, (claims.issued_at, claims.worker))
        kept = await _one(connection, _KEEP, _row(new))
        if kept is None:
            raise Rollback
        await append_within(connection, [audit])
    return kept is not None


def _row(new: NewCredential) -> tuple[Any, ...]:
    return (
        new.claims.id,
        new.place,
        new.claims.worker,
        msgspec.json.encode(new.claims).decode(),
        new.office,
        new.key,
        new.code_digest,
        new.code_version,
    )


async def _one(
    connection: AsyncConnection[Any], statement: str, wanted: tuple[Any, ...]
) -> tuple[Any, ...] | None:
    found = await connection.execute(statement.encode(), wanted)
    row: tuple[Any, ...] | None = await found.fetchone()
    return row


def _kept(row: tuple[Any, ...] | None) -> KeptCredential | None:
    if row is None:
        return None
    claims, state, digest, version, tries, transfer, changed_at = row
    return KeptCredential(
        claims=_read(claims),
        kept=Kept(state),
        code_digest=bytes(digest),
        code_version=version,
        tries=tries,
        transfer=transfer,
        changed_at=changed_at,
    )
