"""``hub province pack`` for an office, ``hub province take`` for an operator."""

from __future__ import annotations

import json
import resource

import pytest
from typer.testing import CliRunner

from connectors.filedrop import child
from connectors.filedrop.child import _talk
from connectors.filedrop.manifest import checksum
from hub.cli.app import app
from tests.filedrop.conftest import CARD, LI, MAPPING, WANG
from tests.provinces.dropping import as_csv, as_workbook, day


def run(*words):
    return CliRunner().invoke(app, ["province", *map(str, words)])


@pytest.fixture
def province(drop, monkeypatch):
    """The settings file of a province whose drop folder is ``drop``."""
    monkeypatch.setenv("COLUMNS", "200")
    (drop.directory / "44.mapping.toml").write_text(MAPPING)
    file = drop.directory / "44.toml"
    file.write_text(
        'name_zh = "广东"\nname_en = "Guangdong"\nkind = "files"\n'
        'mapping_file = "44.mapping.toml"\n[files]\ndirectory = "."\n'
    )
    return file


def test_what_an_office_packs_a_hub_takes(drop, province):
    folder = drop.directory / "in/2026-11-21"
    folder.mkdir(parents=True)
    (folder / "zg.csv").write_bytes(as_csv([LI, WANG], "gb18030"))
    (folder / "hy.csv").write_bytes(as_csv([CARD]))
    (folder / "more.xlsx").write_bytes(as_workbook(a=[LI], b=[LI, WANG]))
    (folder / "~$more.xlsx").write_bytes(b"Excel has it open")
    packed = run("pack", folder, "--as-of", "2026-11-21T02:00:00+08:00")
    assert packed.exit_code == 0, packed.output
    told = json.loads((folder / "manifest.json").read_text())
    assert told["as_of"] == "2026-11-21T02:00:00+08:00"
    assert [(one["name"], one["rows"]) for one in told["files"]] == [
        ("hy.csv", 1), ("more.xlsx", 3), ("zg.csv", 2),
    ]  # fmt: skip
    assert told["files"][2]["sha256"] == checksum(folder / "zg.csv")
    taken = run("take", province)
    assert taken.exit_code == 0, taken.output
    assert "2026-11-21" in taken.output
    assert "WORKER" in taken.output
    again = run("take", province)
    assert (again.exit_code, "no newer batch" in again.output) == (0, True)


def test_without_a_moment_it_is_now_in_china(drop):
    folder = drop.directory / "a"
    folder.mkdir()
    (folder / "zg.csv").write_bytes(as_csv([LI]))
    assert run("pack", folder).exit_code == 0
    assert json.loads((folder / "manifest.json").read_text())["as_of"].endswith(
        "+08:00"
    )


@pytest.mark.parametrize(
    ("files", "options", "said"),
    [
        ({}, [], "no file to deliver"),
        ({"=a.csv": b"a\n1\n"}, [], "'=a.csv' cannot be delivered"),
        ({"zg.csv": b"a\n1\n", "old.xls": b"x"}, [], "'old.xls' cannot be delivered"),
        ({"zg.csv": b"a\n1\n"}, ["--as-of", "2026-11-21"], "no moment with a zone"),
        ({"zg.csv": b'a\n"1\n'}, [], "zg.csv:2"),
        ({"zg.xlsx": b"x"}, [], "zg.xlsx"),
    ],
)
def test_what_cannot_be_delivered_is_not_packed(drop, files, options, said):
    folder = drop.directory / "a"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    told = run("pack", folder, *options)
    assert told.exit_code == 1
    assert not (folder / "manifest.json").exists()
    assert said in told.output


def test_what_was_turned_down_is_shown_with_its_cure_and_can_be_taken(drop, province):
    drop.deliver("a", 1, workers=[{**LI, "工号": f"gd-{n}"} for n in range(9)])
    drop.deliver("b", 2, workers=[LI])
    assert run("take", province).exit_code == 0
    drop.deliver("c", 3, workers=[{**LI, "工号": ""}])
    torn = run("take", province)
    assert torn.exit_code == 2
    assert "Mend them by this report" in torn.output
    assert "--anew" in torn.output
    still = run("take", province)
    assert still.exit_code == 2, "it is there, and not taken: a cron job sees it"
    assert "Mend them by this report" in still.output
    assert "no newer batch" not in still.output
    assert run("take", province, "--anew").exit_code == 0


@pytest.mark.parametrize(
    ("end", "said"),
    [("full", "The disk is full"), ("killed", "The system ended the process")],
)
def test_what_ended_the_reader_is_told_with_the_batch(
    drop, province, monkeypatch, end, said
):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    drop.deliver("a", 1, workers=[{**LI, "工号": f"gd-{n}"} for n in range(30_000)])

    async def talk(child, job, tell):
        def told(*done):
            tell(*done)
            if end == "killed":
                child.kill()

        return await _talk(child, job, told)

    monkeypatch.setattr(child, "_talk", talk)
    if end == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, before[1]))
    try:
        ended = run("take", province)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert ended.exit_code == 1
    assert said in ended.output
    assert ": a." in ended.output
    assert not drop.places.refusals.exists()


def test_another_kind_of_province_has_nothing_to_take(drop):
    file = drop.directory / "44.toml"
    file.write_text(
        'name_zh = "广东"\nname_en = "Guangdong"\nurl = "http://127.0.0.1:9/"\n'
    )
    told = run("take", file)
    assert told.exit_code == 1
    assert 'kind = "files"' in told.output


def test_the_default_moment_is_later_than_all_before(drop, province):
    drop.deliver("a", 1)
    assert run("take", province).exit_code == 0
    folder = drop.directory / "in/b"
    folder.mkdir()
    for name, rows in (("zg.csv", [LI]), ("hy.csv", [CARD])):
        (folder / name).write_bytes(as_csv(rows))
    assert run("pack", folder).exit_code == 0
    told = run("take", province)
    assert told.exit_code == 0, told.output
    assert " b" in told.output
    assert str(day(1)) not in told.output
