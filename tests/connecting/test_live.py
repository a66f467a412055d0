"""Two hubs and a runner follow their settings while callers never stop asking."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time

import pytest

from hub.audit.chain import Draft
from hub.audit.province_entries import TAGS, province_deed_of
from hub.clock import SystemClock
from hub.store.province_settings import ProvinceBook
from tests.builders.linking import opened
from tests.connecting.standing_hubs import (
    ALONE,
    BOTH,
    at_once,
    calling,
    standing,
    write_whole,
)
from tests.feeds.two_hubs import by_sse
from tests.provinces.launch import running

MAPPING = """
version = 1
[kinds.WORKER]
source = "people"
key = "id"
[kinds.WORKER.fields]
name = "{column}"
"""
DATABASE = """
name_zh = "青海"
name_en = "Qinghai"
kind = "sql"
mapping_file = "../63.mapping.toml"
deadline = "5s"
[sql]
url_env = "DB_63"
[secrets]
DB_63 = { command = ["cat", "database-63"], every = "1s" }
"""


def province(name, tokens, ms):
    return running("tests.connecting.token_province", name, str(tokens), str(ms))


@pytest.fixture
def ground(tmp_path, database_url):
    with standing(tmp_path, database_url) as made:
        yield made


def deeds(ground):
    rows = ground.rows("SELECT at, tag, worker_id, body FROM audit_entry ORDER BY seq")
    return [province_deed_of(Draft(*one)) for one in rows if one[1] in TAGS]


@pytest.mark.rehearsal
async def test_provinces_change_under_load_and_nobody_notices_but_who_should(
    ground, tmp_path
):
    accepted = tmp_path / "accepted-44"
    accepted.write_text("first-token")
    (tmp_path / "token-44").write_text("first-token")
    (tmp_path / "accepted-51").write_text("token-of-51")
    (tmp_path / "token-51").write_text("token-of-51\n")
    with (
        province("44-a", accepted, 30) as one,
        province("44-b", accepted, 30) as other,
        province("51-a", tmp_path / "accepted-51", 5) as sichuan,
    ):
        ground.put("44", one["url"])
        await asyncio.to_thread(ground.begin)
        await ground.link()
        async with calling(ground) as callers:
            await callers.until(ALONE, lambda name, _: name == "44-a")
            await _address(ground, callers, other["url"])
            await _token(ground, callers, accepted)
            await _added(ground, callers, sichuan["url"])
            await _broken(ground, callers, one["url"])
            await _paused(ground, callers)
            await _removed(ground, callers)
            await asyncio.sleep(0.3)
            counted = [
                await callers.changes(port)
                for port in (*ground.ports, ground.runner_port)
            ]

    assert callers.wrong == [], "no answer was lost or wrong"
    assert set(callers.names) == {"44-a", "44-b"}
    assert min(callers.names.values()) > 20
    assert set(callers.faults) == {
        *("51 NOT_CONNECTED", "51 SUSPENDED", "63 NOT_CONNECTED")
    }
    for one in counted:
        assert one["added"] == 1
        assert one["removed"] == 1
        assert one["changed"] == 5, "address, token, mended, paused, resumed"
    for child in ground.processes.values():
        log = child.log.read_text(errors="replace")
        assert "Traceback" not in log
        assert "token" not in log.replace("TOKEN_", "").replace("bearer", "")


async def _address(ground, callers, url):
    ground.put("44", url)
    took = await callers.until(ALONE, lambda name, _: name == "44-b")
    assert took < 5
    told = ground.rows(
        "SELECT version, change, said_by FROM province_settings ORDER BY version"
    )
    assert [one[:2] for one in told] == [(1, ["start"]), (2, ["url"])]
    assert all("@" in one[2] for one in told)


async def _token(ground, callers, accepted):
    """The old token ends when the new one is seen: as secrets are rotated."""
    at_once(accepted, "first-token second-token")
    (accepted.parent / "token-44").write_text("second-token")
    for port in (*ground.ports, ground.runner_port):
        until = time.monotonic() + 8
        while (await callers.changes(port)).get("changed", 0) < 2:
            assert time.monotonic() < until
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)  # what began with the old one has ended
    at_once(accepted, "second-token")
    await asyncio.sleep(0.5)


async def _added(ground, callers, url):
    async with by_sse(ground.ports[0], ground.token, {}) as following:
        ground.put("51", url)
        await callers.until(
            BOTH, lambda name, faults: name and "51 NOT_CONNECTED" not in faults
        )
        async with asyncio.timeout(10):
            while True:
                (event,) = await following.take(1)
                if event["province"]["code"] == "51":
                    break
        assert event["state"] == "ANSWERING", "who followed before it came hears of it"


async def _broken(ground, callers, url):
    """A broken file keeps everything as it was, and says so; then it is mended."""
    whole = (ground.provinces / "51.toml").read_text()
    write_whole(ground.provinces / "51.toml", whole.replace("name_en", "name_fr"))
    ground.put("44", url)
    await callers.all_ready(
        lambda told: (
            told["state"] == "kept"
            and ("51.toml", "name_fr")
            in [(one["file"], one["key"]) for one in told["mistakes"]]
        )
    )
    _, figures = await callers.get(ground.ports[0], "/metrics")
    assert "hub_settings_mistakes 2.0" in figures
    assert (await callers.ask(ground.ports[0], ALONE))[0] == "44-b"
    for port in ground.processes:
        os.kill(ground.processes[port].process.pid, signal.SIGHUP)
    write_whole(ground.provinces / "51.toml", whole)
    await callers.until(ALONE, lambda name, _: name == "44-a")
    await callers.all_ready(lambda told: told["state"] == "taken")


async def _paused(ground, callers):
    words = ("--why", "their system moves house", "--by", "op-1")
    await ground.command("province", "pause", "51", *words)
    await callers.until(BOTH, lambda _, faults: "51 SUSPENDED" in faults)
    async with opened(ground.database_url) as pool:
        assert await ProvinceBook(pool, SystemClock()).resume("51", "op-2")
    await callers.until(BOTH, lambda _, faults: "51 SUSPENDED" not in faults)


async def _removed(ground, callers):
    (ground.provinces / "51.toml").unlink()
    await callers.until(BOTH, lambda _, faults: "51 NOT_CONNECTED" in faults)
    told = [
        (one.province, one.tag.value, one.change, one.by[:4]) for one in deeds(ground)
    ]
    versions = ground.rows(
        "SELECT province, version, change[1] FROM province_settings"
        " ORDER BY at, province"
    )
    assert [one[:2] for one in versions] == [
        ("44", 1), ("44", 2), ("51", 1), ("44", 3), ("51", 2),
    ], "one version each, however many processes"  # fmt: skip
    assert len(told) == 7
    assert ("51", "connecting:province:paused", (), "op-1") in told
    assert ("51", "connecting:province:resumed", (), "op-2") in told
    body = await ground.command("province", "history", "51", "--version", "1")
    assert 'file = "../token-51"' in body
    assert "token-of-51" not in body


@pytest.mark.rehearsal
async def test_a_mapping_a_command_and_a_lost_folder(ground, tmp_path):
    """A database: its mapping changes, its address comes from a command."""
    with sqlite3.connect(tmp_path / "63.sqlite") as made:
        made.execute("CREATE TABLE people (id TEXT, first TEXT, second TEXT)")
        made.execute("INSERT INTO people VALUES ('w2', 'one', 'two')")
    made.close()
    with sqlite3.connect(tmp_path / "other.sqlite") as made:
        made.execute("CREATE TABLE people (id TEXT, first TEXT, second TEXT)")
        made.execute("INSERT INTO people VALUES ('w2', 'three', 'four')")
    made.close()
    database, mapping = tmp_path / "database-63", tmp_path / "63.mapping.toml"
    database.write_text(f"sqlite:///{tmp_path}/63.sqlite")
    mapping.write_text(MAPPING.format(column="first"))
    (ground.provinces / "63.toml").write_text(
        DATABASE.replace('"database-63"', f'"{database}"')
    )
    await asyncio.to_thread(ground.begin, 1)
    await ground.link()
    async with calling(ground) as callers:
        await callers.until(BOTH, lambda name, _: name == "one")
        mapping.write_text(MAPPING.format(column="second"))
        await callers.until(BOTH, lambda name, _: name == "two")
        mapping.write_text("version = 1\n[kinds.WORKER]\nsauce = 'people'\n")
        await callers.all_ready(lambda told: told["state"] == "kept")
        assert (await callers.ask(ground.ports[0], BOTH))[0] == "two"
        mapping.write_text(MAPPING.format(column="second"))
        await callers.all_ready(lambda told: told["state"] == "taken")

        database.write_text(f"sqlite:///{tmp_path}/other.sqlite")
        await callers.until(BOTH, lambda name, _: name == "four")
        database.unlink()
        await callers.all_ready(lambda told: told["secrets"] == {"63": ["DB_63"]})
        assert (await callers.ask(ground.ports[0], BOTH))[0] == "four", "the last holds"

        ground.provinces.rename(tmp_path / "away")
        await callers.all_ready(lambda told: told["mistakes"] != [])
        ground.provinces.mkdir()
        await asyncio.sleep(1)
        assert (await callers.ask(ground.ports[0], BOTH))[0] == "four"
        ground.provinces.rmdir()
        (tmp_path / "away").rename(ground.provinces)
        await callers.all_ready(lambda told: told["state"] == "taken")
    assert all(child.process.poll() is None for child in ground.processes.values())
