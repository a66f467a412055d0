"""Files that are written, broken, mended and lost, as the watch sees them."""

from __future__ import annotations

import json
import os

import pytest

from connectors.small_files import MOST
from hub.config.load import load
from hub.connecting import watched_files
from hub.connecting.watched_files import WatchedFiles
from tests.cli.conftest import KEY, settings_file  # noqa: F401  # a fixture

ENVIRON = {
    "TEST_DATABASE_URL": "postgresql://hub@127.0.0.1:9/hub",
    "TEST_WORKER_KEY": KEY,
}


@pytest.fixture
def watched(settings_file):  # noqa: F811  # that fixture
    settings = load(settings_file, ENVIRON)
    made = WatchedFiles(
        settings_file, ENVIRON, settings.provinces_dir, settings.provinces
    )
    assert made.look() is None, "it has to read the same twice"
    assert codes(made.look()) == ["44", "51"]
    assert made.look() is None
    made.provinces = settings.provinces_dir
    return made


def codes(looked):
    assert looked is not None
    assert looked.mistakes == ()
    return [one.code for one in looked.provinces]


def keys(looked):
    assert looked is not None
    assert looked.provinces is None
    return [one.key for one in looked.mistakes]


def test_what_is_being_written_is_not_taken(watched):
    file = watched.provinces / "63.toml"
    text = 'name_zh = "青海"\nname_en = "Qinghai"\nurl = "http://127.0.0.1:9/"\n'
    for end in (10, 30, len(text)):
        file.write_text(text[:end])
        assert watched.look() is None
        assert watched.restless
    assert codes(watched.look()) == ["44", "51", "63"]
    assert not watched.restless
    assert watched.look() is None


def test_what_changes_while_it_is_understood_is_not_taken(watched, monkeypatch):
    file, understand = watched.provinces / "44.toml", watched._understand
    text = file.read_text()
    file.write_text(text + "paused = true\n")

    def meanwhile():
        looked = understand()
        file.write_text(text + "paused = false\n")
        return looked

    assert watched.look() is None
    monkeypatch.setattr(watched, "_understand", meanwhile)
    assert watched.look() is None
    assert watched.restless
    monkeypatch.undo()
    assert watched.look() is None
    (_, _) = watched.look().provinces


def test_a_mistake_is_told_once_and_when_it_is_mended(watched):
    file = watched.provinces / "44.toml"
    text = file.read_text()
    file.write_text(text.replace("name_en", "name_fr"))
    watched.look()
    assert "name_fr" in keys(watched.look())
    assert watched.look() is None
    file.write_text(text)
    watched.look()
    assert codes(watched.look()) == ["44", "51"]


def test_with_a_mistake_it_looks_again_for_what_may_have_come(watched, monkeypatch):
    monkeypatch.setattr(watched_files, "_AGAIN", 0.0)
    file, absent = watched.provinces / "44.toml", watched.provinces / "ca.pem"
    text = file.read_text().replace("http:", "https:")
    file.write_text(f"{text}ca_file = {json.dumps(str(absent))}\n")
    watched.look()
    assert keys(watched.look()) == ["ca_file"]
    absent.write_text("")
    assert codes(watched.look()) == ["44", "51"]


def test_files_that_are_named_are_looked_at_too(watched):
    file = watched.provinces / "44.toml"
    ca, token = watched.provinces / "ca.pem", watched.provinces / "token"
    ca.write_text("1")
    token.write_text("1")
    file.write_text(
        file.read_text().replace("http:", "https:")
        + 'ca_file = "ca.pem"\n[secrets]\nTOKEN = { file = "token" }\n'
    )
    watched.look()
    assert codes(watched.look()) == ["44", "51"]
    for named in (ca, token):
        before = watched.digests[named]
        named.write_text("2")
        assert watched.look() is None
        assert codes(watched.look()) == ["44", "51"]
        assert watched.digests[named] != before
    token.unlink()
    watched.look()
    assert codes(watched.look()) == ["44", "51"], "who needs it says so"


@pytest.mark.parametrize("lost", ["files", "folder"])
def test_a_folder_that_is_lost_takes_no_province_out(watched, lost):
    for file in watched.provinces.glob("*.toml"):
        file.unlink()
    if lost == "folder":
        watched.provinces.rmdir()
    watched.look()
    assert keys(watched.look()) == ["provinces_dir"]


@pytest.mark.parametrize("what", ["pipe", "endless", "huge"])
def test_what_is_no_file_of_settings_is_told_and_waited_for_by_nobody(watched, what):
    file = watched.provinces / "63.toml"
    if what == "pipe":
        os.mkfifo(file)
    elif what == "endless":
        file.symlink_to("/dev/zero")
    else:
        with file.open("wb") as opened:
            opened.truncate(MOST + 1)
    assert watched.look() is None
    looked = watched.look()
    assert looked.provinces is None
    assert [one.file for one in looked.mistakes] == [str(file)]
    file.unlink()
    assert watched.look() is None
    assert codes(watched.look()) == ["44", "51"]
