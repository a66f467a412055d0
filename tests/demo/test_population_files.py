"""The population's files: whole or not there, the same bytes, and really served."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from datetime import date

import aiohttp
import msgspec
import pytest
from stdnum.cn import ric

from deploy.demo.failure import DemoFailed
from deploy.demo.population.building import build, read_manifest
from deploy.demo.population.links import REFERENCE, links
from deploy.demo.population.showcase import showcase
from deploy.demo.population.telling import tell
from deploy.demo.population.world import World
from schema.records.kinds import KINDS, ROW_KINDS, RecordKind
from schema.records.worker import WorkerRecord

SIZE = 400


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    directory = tmp_path_factory.mktemp("population") / "data"
    return directory, build(directory, SIZE, 7)


def contents(directory) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(directory.iterdir())}


def test_the_same_seed_and_size_make_the_same_bytes(built, tmp_path):
    directory, manifest = built
    again = build(tmp_path / "again", SIZE, 7)
    assert again == manifest
    assert contents(tmp_path / "again") == contents(directory)


def test_what_is_there_already_is_kept_and_another_population_replaces_it(tmp_path):
    place = tmp_path / "data"
    build(place, 20, 1)
    before = (place / "44.sqlite").stat().st_ino
    build(place, 20, 1)
    assert (place / "44.sqlite").stat().st_ino == before
    build(place, 20, 2)
    assert (place / "44.sqlite").stat().st_ino != before
    assert read_manifest(place).seed == 2
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


def test_the_links_of_the_file_are_those_made_without_databases(built):
    directory, manifest = built
    lines = (directory / "links.csv").read_text(encoding="utf-8").splitlines()
    alone = [",".join(link.cells) for link in links(SIZE, 7)]
    assert lines == [
        "resident_id,province,local_key,kinds,valid_from,valid_to",
        *alone,
    ]
    assert manifest.links == len(alone)


def test_only_wanted_provinces_are_written_and_linked(tmp_path):
    manifest = build(tmp_path / "two", 60, 7, ("51", "44"))
    assert set(manifest.rows) == {"51", "44"}
    names = {file.name for file in (tmp_path / "two").iterdir()}
    assert names == {
        "51.sqlite", "44.sqlite", "links.csv", "organisations.csv", "manifest.json",
    }  # fmt: skip
    lines = (tmp_path / "two" / "links.csv").read_text(encoding="utf-8").splitlines()
    assert {line.split(",")[1] for line in lines[1:]} == {"51", "44"}


def test_progress_is_told_up_to_the_end(tmp_path):
    told = []
    build(
        tmp_path / "data", 450, 7, progress=lambda done, size: told.append((done, size))
    )
    assert told == sorted(told)
    assert told[-1] == (450, 450)
    assert len(told) > 2


def test_a_builder_that_is_interrupted_leaves_nothing(tmp_path):
    def interrupt(done: int, size: int) -> None:
        if done > size / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "data", 450, 7, progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_builder_that_is_killed_leaves_nothing_that_is_taken_for_whole(tmp_path):
    place = tmp_path / "data"
    command = [sys.executable, "-m", "deploy.demo.population", "--out", str(place)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        process.stderr.read(8)  # the first progress
        process.kill()
    assert read_manifest(place) is None
    assert not place.exists()
    assert len(list(tmp_path.iterdir())) == 1
    build(place, 20, 7)
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("limit", [20_000, 90_000])
def test_a_place_that_takes_no_more_is_told_in_both_languages(tmp_path, limit):
    # A limit on the size of files stands for the full disk: the same calls fail.
    script = (
        "import resource, sys; from deploy.demo.population.__main__ import main;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        f"main(['--size', '400', '--out', {str(tmp_path / 'data')!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "无法写入" in done.stderr
    assert "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_directory_of_somebody_else_is_not_touched(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DemoFailed) as failed:
        build(tmp_path, 20, 7)
    assert "empty" in failed.value.remedy.en
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_place_that_cannot_be_a_directory_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoFailed):
        build(tmp_path / "file" / "data", 20, 7)


def test_the_command_writes_links_alone(tmp_path):
    file = tmp_path / "links.csv"
    command = [sys.executable, "-m", "deploy.demo.population", "--links-only",
               "--size", "100000", "--limit", "500", "--out", str(file)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("500 links in ")
    assert len(file.read_text(encoding="utf-8").splitlines()) == 501
    assert [each.name for each in tmp_path.iterdir()] == ["links.csv"]


def test_links_are_made_in_constant_memory():
    def peak(number: int) -> int:
        tracemalloc.start()
        for _ in links(10**6, 7, limit=number):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(2000) < peak(200) + 500_000


def test_the_showcase_has_ten_stories_that_are_true():
    world = World(7, REFERENCE)
    stories = showcase(world, 20_000)
    assert len(stories) == 10
    wanted = {story.resident_id for story in stories}
    lives = {}
    for index in range(20_000):
        life = world.life(index)
        if life.identity.resident_id in wanted:
            lives[life.identity.resident_id] = life
        if lives.keys() == wanted:
            break
    for story in stories:
        assert ric.is_valid(story.resident_id)
        assert story.resident_id not in repr(story)
        assert lives[story.resident_id].provinces == story.provinces
    first = stories[0]
    told = tell(world, lives[first.resident_id])
    assert len(first.provinces) >= 4
    assert len({worker.name for worker in told.values()}) > 1
    assert first.open_cases >= 1


def test_another_day_is_another_population():
    later = [link.valid_from for link in links(50, 7, date(2027, 11, 1))]
    assert later != [link.valid_from for link in links(50, 7)]


def query() -> str:
    def fields(kind: RecordKind) -> str:
        names = KINDS[kind].record.__struct_fields__
        rows = {line.rows for line in ROW_KINDS}
        told = [camel(name) for name in names if name not in rows]
        ledger = "aids { programme period amount givenOn givenBy }"
        return " ".join(ledger if name == "aids" else name for name in told)

    lists = " ".join(
        f"{camel(line.rows)} {{ {fields(line.kind)} }}" for line in ROW_KINDS
    )
    return (
        "query ($k: [_Any!]!) { _entities(representations: $k) { ... on Worker {"
        f" {fields(RecordKind.WORKER)} {lists} }} }} }}"
    )


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


@pytest.fixture
def url(built):
    directory, _ = built
    command = [sys.executable, "-m", "deploy.demo.province", "--code", "44",
               "--database", str(directory / "44.sqlite")]  # fmt: skip
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PROVINCE_TOKEN": "t"},
    ) as process:
        yield process.stdout.readline().removeprefix("ready ").strip()
        process.terminate()


async def test_what_the_province_serves_is_what_was_told(url):
    world = World(7, REFERENCE)
    expected = [
        workers["44"]
        for workers in (tell(world, world.life(index)) for index in range(SIZE))
        if "44" in workers
    ]
    keys = [{"__typename": "Worker", "localId": each.local_id} for each in expected]
    body = {"query": query(), "variables": {"k": keys}}
    headers = {"Authorization": "Bearer t"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json=body) as response,
    ):
        told = await response.json()
    assert "errors" not in told
    served = msgspec.convert(told["data"]["_entities"], list[WorkerRecord])
    assert len(served) > 100

    def in_one_order(worker: WorkerRecord) -> WorkerRecord:
        ordered = {
            line.rows: tuple(sorted(getattr(worker, line.rows), key=lambda row: row.id))
            for line in ROW_KINDS
        }
        return msgspec.structs.replace(worker, **ordered)

    assert list(map(in_one_order, served)) == list(map(in_one_order, expected))
