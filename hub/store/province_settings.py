"""Adapter: which settings held for provinces, and which are paused by an operator.

What is written goes to the audit trail in the same transaction. All processes of the hub
read pauses again and again; that is how they hear of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.audit.province_entries import ProvinceDeed, draft_of_province
from hub.audit.tags import Tag
from hub.store.audit import append_within
from hub.store.locks import PROVINCE
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psycopg import AsyncConnection

    from hub.clock import Clock
    from hub.store.pool import Pool

_TURN: Final = "SELECT pg_advisory_xact_lock(%s, %s)"
_LAST: Final = """
SELECT version, digest FROM province_settings
WHERE province = %s ORDER BY version DESC LIMIT 1
"""
_WRITE: Final = """
INSERT INTO province_settings
    (province, version, at, digest, change, said_by, body, mapping)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_HISTORY: Final = """
SELECT version, at, digest, change, said_by, body, mapping FROM province_settings
WHERE province = %s AND (%s::integer IS NULL OR version = %s)
ORDER BY version DESC LIMIT %s
"""
_PAUSES: Final = "SELECT province, at, said_by, why FROM province_pause"
_PAUSE: Final = """
INSERT INTO province_pause (province, at, said_by, why) VALUES (%s, %s, %s, %s)
ON CONFLICT (province) DO NOTHING
"""
_RESUME: Final = "DELETE FROM province_pause WHERE province = %s"


class Stated(msgspec.Struct, frozen=True):
    """Settings of a province as they are to be kept.

    Attributes:
        province: Which.
        digest: Of the settings and the files that they name; secrets are not in it.
        change: What is different from before, by name.
        body: The settings, as TOML; empty where the province was taken out.
        mapping: The mapping file; empty without one.
    """

    province: ProvinceCode
    digest: str
    change: tuple[str, ...]
    body: str
    mapping: str


class Version(msgspec.Struct, frozen=True):
    """Settings of a province that held once, or hold now.

    Attributes:
        version: Its number; the first is 1.
        at: Since when.
        by: Which process took it in first.
        stated: What it says.
    """

    version: int
    at: datetime
    by: str
    stated: Stated


class Pause(msgspec.Struct, frozen=True):
    """An operator's word that a province is not asked for now.

    Attributes:
        at: Since when.
        by: Who.
        why: Why.
    """

    at: datetime
    by: str
    why: str


class ProvinceBook:
    """Versions and pauses, in the hub's own PostgreSQL."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        """Hold what is needed.

        Args:
            pool: Of the hub's database.
            clock: Dates what is written.
        """
        self._pool = pool
        self._clock = clock

    async def keep(self, stated: Stated, by: str) -> int | None:
        """Keep settings as a new version, unless they are the last one already.

        Args:
            stated: What holds now.
            by: Which process says so.

        Returns:
            The number of the new version; none if another process was first.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        now = self._clock.now()
        async with self._pool.connection() as connection, connection.transaction():
            await _take_turn(connection, stated.province)
            found = await connection.execute(_LAST, (stated.province,))
            last = await found.fetchone()
            number = 1 if last is None else last[0] + 1
            if last is not None and last[1] == stated.digest:
                return None
            row = (
                *(stated.province, number, now, stated.digest, list(stated.change)),
                *(by, stated.body, stated.mapping),
            )
            await connection.execute(_WRITE, row)
            deed = ProvinceDeed(
                tag=Tag.PROVINCE_CHANGED,
                province=stated.province,
                by=by,
                version=number,
                digest=stated.digest,
                change=stated.change,
            )
            await append_within(connection, [draft_of_province(deed, now)])
        return number

    async def history(
        self, province: ProvinceCode, version: int | None = None, most: int = 100
    ) -> Sequence[Version]:
        """Tell which settings held, the newest first.

        Args:
            province: Which.
            version: Only this one.
            most: How many at most.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        wanted = (province, version, version, most)
        async with self._pool.connection() as connection:
            found = await connection.execute(_HISTORY, wanted)
            rows = await found.fetchall()
        return [
            Version(
                number, at, by, Stated(province, digest, tuple(change), body, mapping)
            )
            for number, at, digest, change, by, body, mapping in rows
        ]

    async def pauses(self) -> Mapping[ProvinceCode, Pause]:
        """Tell which provinces an operator has paused.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        async with self._pool.connection() as connection:
            found = await connection.execute(_PAUSES)
            return {
                ProvinceCode(code): Pause(at, by, why)
                for code, at, by, why in await found.fetchall()
            }

    async def pause(self, province: ProvinceCode, by: str, why: str) -> bool:
        """Pause a province; all processes do so within seconds.

        Returns:
            Whether it was not paused before.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        now = self._clock.now()
        deed = ProvinceDeed(tag=Tag.PROVINCE_PAUSED, province=province, by=by, why=why)
        return await self._say(deed, _PAUSE, (province, now, by, why), now)

    async def resume(self, province: ProvinceCode, by: str) -> bool:
        """End an operator's pause.

        Returns:
            Whether there was one.

        Raises:
            StoreUnavailable: The database cannot be used.
        """
        now = self._clock.now()
        deed = ProvinceDeed(tag=Tag.PROVINCE_RESUMED, province=province, by=by)
        return await self._say(deed, _RESUME, (province,), now)

    async def _say(
        self, deed: ProvinceDeed, statement: str, values: tuple[Any, ...], now: datetime
    ) -> bool:
        async with self._pool.connection() as connection, connection.transaction():
            await _take_turn(connection, deed.province)
            done = await connection.execute(statement.encode(), values)
            if done.rowcount:
                await append_within(connection, [draft_of_province(deed, now)])
            return bool(done.rowcount)


async def _take_turn(connection: AsyncConnection[Any], province: str) -> None:
    await connection.execute(_TURN, (PROVINCE, int(province)))
