"""Versions of provinces' settings, and pauses, over a real database."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from hub.audit.chain import Draft
from hub.audit.province_entries import TAGS, province_deed_of
from hub.clock import SystemClock
from hub.store.audit import verify_book
from hub.store.pool import open_pool
from hub.store.province_settings import ProvinceBook, Stated
from hub.store.settings import DatabaseSettings
from schema.records.keys import ProvinceCode

GD = ProvinceCode("44")
STATED = Stated(GD, "d1", ("added",), 'code = "44"', "")


async def opened(url):
    return await open_pool(DatabaseSettings(url_env="URL"), {"URL": url})


async def deeds(pool):
    async with pool.connection() as connection:
        found = await connection.execute(
            "SELECT at, tag, worker_id, body FROM audit_entry ORDER BY seq"
        )
        return [
            province_deed_of(Draft(*row))
            for row in await found.fetchall()
            if row[1] in TAGS
        ]


async def test_every_version_stands_once_however_many_processes_say_it(database_url):
    pools = [await opened(database_url) for _ in range(2)]
    books = [ProvinceBook(pool, SystemClock()) for pool in pools]
    try:
        async with asyncio.TaskGroup() as group:
            said = [
                group.create_task(books[n % 2].keep(STATED, f"hub-{n}"))
                for n in range(8)
            ]
        assert sorted(str(one.result()) for one in said) == ["1", *["None"] * 7]
        changed = replace(STATED, digest="d2", change=("url",), body="other")
        assert await books[0].keep(changed, "hub-0") == 2
        assert await books[1].keep(changed, "hub-1") is None
        assert await books[1].keep(STATED, "hub-1") == 3, "back to what it was"

        history = await books[1].history(GD)
        assert [one.version for one in history] == [3, 2, 1]
        assert history[1].stated == changed
        assert history[0].by == "hub-1"
        (second,) = await books[0].history(GD, 2)
        assert second == history[1]
        assert await books[0].history(ProvinceCode("51")) == []
        told = await deeds(pools[0])
        assert [(one.version, one.change, one.digest) for one in told] == [
            (1, ("added",), "d1"), (2, ("url",), "d2"), (3, ("added",), "d1"),
        ]  # fmt: skip
        assert (await verify_book(pools[0])).broken is None
    finally:
        for pool in pools:
            await pool.close()


async def test_a_pause_holds_until_it_is_ended_and_both_are_written_down(database_url):
    pool = await opened(database_url)
    book = ProvinceBook(pool, SystemClock())
    try:
        assert await book.pauses() == {}
        assert not await book.resume(GD, "op-1")
        assert await book.pause(GD, "op-1", "their system moves house")
        assert not await book.pause(GD, "op-2", "again")
        pause = (await book.pauses())[GD]
        assert (pause.by, pause.why) == ("op-1", "their system moves house")
        assert await book.resume(GD, "op-2")
        assert await book.pauses() == {}
        told = [(one.tag.value, one.by, one.why) for one in await deeds(pool)]
        assert told == [
            ("connecting:province:paused", "op-1", "their system moves house"),
            ("connecting:province:resumed", "op-2", ""),
        ]
    finally:
        await pool.close()
