"""The registry follows what is wanted: real provinces, a store that comes and goes."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading

import pytest

from connectors.health import ProvinceState
from connectors.observer import Unobserved
from connectors.opening import open_connector
from connectors.registry import Registry
from connectors.unusable import UnusableConnector
from hub.clock import SystemClock
from hub.config.load import load
from hub.connecting import live_provinces
from hub.connecting.live_provinces import LiveProvinces
from hub.connecting.watched_files import WatchedFiles
from hub.store.province_settings import Pause
from hub.store.unavailable import StoreUnavailable
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal
from tests.cli.conftest import KEY, settings_file  # noqa: F401  # a fixture
from tests.provinces.launch import running

GD, SC = ProvinceCode("44"), ProvinceCode("51")
ENVIRON = {
    "TEST_DATABASE_URL": "postgresql://hub@127.0.0.1:9/hub",
    "TEST_WORKER_KEY": KEY,
}
SAID = Bilingual("试", "test")
PAUSE = Pause(SystemClock().now(), "op-1", "test")


class Book:
    """The store, as it is seen from here; it can be away."""

    def __init__(self):
        self.away = False
        self.paused = {}
        self.kept = []

    async def keep(self, stated, by):  # noqa: ARG002  # the port's
        if self.away:
            raise StoreUnavailable("test")
        self.kept.append((stated.province, *stated.change))
        return len(self.kept)

    async def pauses(self):
        if self.away:
            raise StoreUnavailable("test")
        return dict(self.paused)


class Notes:
    def __init__(self):
        self.mistakes = 0
        self.changed = []
        self.failing = {}

    def settings_read(self, mistakes):
        self.mistakes = mistakes

    def province_changed(self, province, kind):
        self.changed.append((province, str(kind)))

    def secrets_failing(self, province, count):
        self.failing[province] = count


@pytest.fixture(scope="module")
def plain():
    with running("tests.provinces.plain") as told:
        yield told["url"]


class World:
    def __init__(self, file, plain):
        self.directory = file.parent / "provinces"
        self.book, self.notes, self.registry = Book(), Notes(), Registry(())
        (self.directory / "44.toml").write_text(self.text(plain))
        self.settings = load(file, ENVIRON)
        self.live = LiveProvinces(
            self.registry,
            self.settings.provinces,
            ENVIRON,
            files=WatchedFiles(
                file, ENVIRON, self.settings.provinces_dir, self.settings.provinces
            ),
            base=self.settings.provinces_dir,
            book=self.book,
            clock=SystemClock(),
            observer=Unobserved(),
            notes=self.notes,
            name="test",
        )

    def text(self, url, more=""):
        return f'name_zh = "省"\nname_en = "P"\nurl = "{url}"\n{more}\n'

    async def looks(self, times=3):
        for _ in range(times):
            await self.live.look()

    async def patiently(self):
        """Look until secrets that are read meanwhile have come, too."""
        for _ in range(20):
            await self.looks(1)
            await asyncio.sleep(0.02)

    def state(self, code=GD):
        return self.registry.get(code).health().state


@pytest.fixture
async def world(settings_file, plain):  # noqa: F811  # that fixture
    made = World(settings_file, plain)
    await made.live.begin()
    yield made
    await made.live.close()
    await made.registry.close()


async def test_what_is_new_is_asked_before_it_stands(world, plain):
    file = world.directory / "44.toml"
    file.unlink()
    await world.looks()
    assert world.registry.get(GD) is None
    file.write_text(world.text(plain))
    await world.looks()
    assert world.registry.get(GD).health().declared
    assert world.state() is ProvinceState.ANSWERING
    assert world.notes.changed == [(GD, "removed"), (GD, "added")]


async def test_who_cannot_be_reached_stands_as_the_operator_said(world):
    (world.directory / "44.toml").write_text(world.text("http://127.0.0.1:9/x"))
    await world.looks()
    assert world.registry.get(GD).settings.url.endswith("/x")
    assert world.state() is ProvinceState.FAILING


async def test_only_the_manner_of_asking_changes_and_what_is_known_stays(world, plain):
    before = world.registry.get(GD).health()
    (world.directory / "44.toml").write_text(world.text(plain, 'deadline = "3s"'))
    world.book.paused = {GD: PAUSE}
    await world.looks()
    now = world.registry.get(GD).health()
    assert now.state is ProvinceState.PAUSED
    assert (now.declared, now.last_ok_at) == (True, before.last_ok_at)


async def test_without_its_store_pauses_hold_and_versions_wait(world, plain):
    await world.looks()
    world.book.paused = {SC: PAUSE}
    await world.looks(1)
    world.book.away = True
    (world.directory / "44.toml").write_text(world.text(plain, 'deadline = "3s"'))
    await world.looks()
    assert world.registry.get(GD).settings.deadline.total_seconds() == 3
    assert world.state(SC) is ProvinceState.PAUSED
    assert world.book.kept == [(GD, "start"), (SC, "start")]
    world.book.away = False
    world.book.paused = {}
    await world.looks(1)
    assert world.state(SC) is not ProvinceState.PAUSED
    assert world.book.kept[2:] == [(GD, "deadline")], "a pause makes no version"


async def test_a_pause_is_taken_while_files_are_broken(world):
    await world.looks()
    (world.directory / "51.toml").write_text("no toml")
    await world.looks()
    assert world.notes.mistakes == 1
    world.book.paused = {GD: PAUSE}
    await world.looks(1)
    assert world.state() is ProvinceState.PAUSED


async def test_a_secret_that_comes_connects_who_was_without(world, plain):
    token = world.directory / "token"
    more = 'bearer_env = "T"\n[secrets]\nT = { file = "token" }\n'
    (world.directory / "44.toml").write_text(world.text(plain, more))
    await world.patiently()
    assert world.registry.get(GD).settings.bearer_env is None, "the old one holds"
    assert world.live.standing.told()["state"] == "kept"
    assert world.notes.failing == {GD: 1}
    token.write_text("t0ken")
    await world.patiently()
    assert world.registry.get(GD).settings.bearer_env == "T"
    assert world.live.standing.told() == {
        "state": "taken", "looked": 0, "mistakes": [], "secrets": {},
    }  # fmt: skip
    assert world.notes.failing == {GD: 0}


async def test_callback_secrets_follow(world, plain):
    def secret(letter):
        return f"whsec_{letter * 43}="

    file = world.directory / "callback"
    file.write_text(secret("A"))
    more = 'callback_secret_env = "C"\n[secrets]\nC = { file = "callback" }\n'
    (world.directory / "44.toml").write_text(world.text(plain, more))
    held = world.live.callback_secrets
    assert held == {}
    for letter in "AB":
        file.write_text(secret(letter))
        await world.patiently()
        assert [len(one) for one in held[GD]] == [32]
    assert held[GD][0] != b"\0" * 32
    (world.directory / "44.toml").unlink()
    await world.looks()
    assert held == {}


async def test_the_watch_outlives_whatever_comes(world, plain, monkeypatch):
    look, times = world.live.look, 0

    async def failing():
        nonlocal times
        times += 1
        if times < 3:
            raise OSError("a disk that hangs")
        await look()

    monkeypatch.setattr(world.live, "look", failing)
    (world.directory / "63.toml").write_text(world.text(plain))
    task = asyncio.create_task(world.live.run(0.02))
    while "63" not in world.registry.codes:
        await asyncio.sleep(0.01)
        assert not task.done()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_what_goes_wrong_with_one_keeps_nothing_from_the_others(
    world, plain, monkeypatch, caplog
):
    def opened(settings, *more):
        if settings.code == SC:
            raise ZeroDivisionError("nobody thought of this")
        return open_connector(settings, *more)

    monkeypatch.setattr("hub.connecting.live_provinces.open_connector", opened)
    (world.directory / "44.toml").write_text(world.text(plain, "concurrency = 3"))
    (world.directory / "51.toml").write_text(world.text(plain))
    await world.looks()
    assert world.registry.get(GD).settings.concurrency == 3
    assert world.registry.get(SC).settings.url != plain
    assert "change province=51 error=ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    await world.looks(1)
    assert world.registry.get(SC).settings.url == plain


async def test_what_is_asked_first_is_closed_when_the_hub_stops_meanwhile(
    world, monkeypatch
):
    closed, asked = [], asyncio.Event()

    class Silent(UnusableConnector):
        async def probe(self, deadline):  # noqa: ARG002  # the port's
            asked.set()
            await asyncio.sleep(60)

        async def close(self):
            closed.append(self.province)

    silent = Silent(SC, Refusal("SILENT", "test", SAID, SAID))
    monkeypatch.setattr(
        "hub.connecting.live_provinces.open_connector", lambda *_: silent
    )
    (world.directory / "51.toml").write_text(world.text("http://127.0.0.1:9/x"))
    await world.looks(1)
    looking = asyncio.create_task(world.live.look())
    await asyncio.wait_for(asked.wait(), 5)
    looking.cancel()
    await asyncio.wait([looking])
    assert closed == [SC]


async def test_pauses_are_taken_while_files_do_not_answer_and_readiness_tells(
    world, monkeypatch
):
    free, files = threading.Event(), world.live._files
    monkeypatch.setattr(live_provinces, "_PATIENCE", 0.05)
    monkeypatch.setattr(files, "look", lambda: free.wait() and None)
    world.book.paused = {GD: PAUSE}
    async with asyncio.timeout(5):
        await world.live.look()
    assert world.state() is ProvinceState.PAUSED
    assert world.live.standing.told()["state"] == "standing still"
    free.set()
    await asyncio.sleep(0.1)
    await world.live.look()
    assert world.live.standing.told()["state"] == "taken"


async def test_files_are_taken_while_the_store_does_not_answer(
    world, plain, monkeypatch
):
    async def hang():
        await asyncio.Event().wait()

    monkeypatch.setattr(live_provinces, "_PATIENCE", 0.05)
    monkeypatch.setattr(world.book, "pauses", hang)
    file = world.directory / "44.toml"
    file.write_text(world.text(plain, 'deadline = "9 s"'))
    async with asyncio.timeout(10):
        await world.looks()
    assert world.registry.get(GD).settings.deadline.total_seconds() == 9


async def test_a_thread_that_hangs_keeps_no_process_from_ending():
    program = (
        "import asyncio, time\nfrom hub.connecting.asides import in_thread\n"
        "async def main():\n"
        "    await asyncio.wait({asyncio.ensure_future(in_thread(time.sleep, 60))},"
        " timeout=0.1)\n"
        "asyncio.run(main())"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    try:
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
