"""The command: what it prints and writes, and how it ends."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from connectors.conformance.report import catalogue
from tests.provinces.registers import TOKEN, membership, serving, worker, write

ROOT = Path(__file__).parents[2]
PROVINCE = """
name_zh = "广东"
name_en = "Guangdong"
url = "{url}"
bearer_env = "T44"
"""
KEYS = """
known = ["gd-0001", "gd-0002"]
[rows]
MEMBERSHIP = ["{member}"]
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    place = tmp_path_factory.mktemp("probe")
    people = [worker("gd-0001", membership("a", "c1")), worker("gd-0002")]
    database = write(place / "44.sqlite", people)
    with serving(database, place / "acts.sqlite") as url:
        (place / "44.toml").write_text(PROVINCE.format(url=url), "utf-8")
        (place / "good.toml").write_text(KEYS.format(member="gd-0001"), "utf-8")
        (place / "bad.toml").write_text(KEYS.format(member="gd-0002"), "utf-8")
        (place / "none.toml").write_text("known = 7", "utf-8")
        yield place


def probe(directory, *words, token=TOKEN, province="44", **environ):
    return subprocess.run(
        [sys.executable, "-m", "hub", "province", "probe", f"{province}.toml", *words],
        cwd=directory, capture_output=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "T44": token, **environ},
    )  # fmt: skip


def test_who_keeps_the_contract_is_told_so(directory):
    done = probe(
        directory, "--keys", "good.toml", "--html", "r.html", "--junit", "r.xml"
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "It keeps" in done.stdout or "What was checked keeps" in done.stdout
    assert "\x1b" not in done.stdout
    suite = ET.parse(directory / "r.xml").getroot()  # noqa: S314  # our own
    assert int(suite.get("tests")) == len(catalogue())
    assert (directory / "r.html").read_text("utf-8").startswith("<!doctype html>")


def test_who_breaks_it_is_told_where_and_how_to_mend_it(directory):
    done = probe(directory, "--keys", "bad.toml")

    assert done.returncode == 2
    (line,) = [one for one in done.stdout.splitlines() if one.startswith("FAILED")]
    assert line.startswith("FAILED read.rows ")
    assert "gd-0002" not in done.stdout
    for word in ("应为 expected", "实为 came", "怎样改 mend", "schema/README.md"):
        assert word in done.stdout


def test_a_wrong_token_is_one_breach(directory):
    done = probe(directory, token="mistyped")  # noqa: S106  # it opens nothing

    assert done.returncode == 2
    assert "FAILED declare.reached UNAUTHORISED" in done.stdout
    assert done.stdout.count("FAILED") == 1
    assert "mistyped" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--keys", "none.toml"), "sample keys none.toml cannot be used"),
        (("--keys", "absent.toml"), "does not exist"),
    ],
)
def test_what_cannot_begin_says_why(directory, words, said):
    done = probe(directory, *words)

    assert done.returncode == 1
    assert said in done.stderr
    assert done.stdout == ""


MAPPING = """
version = 1
[kinds.WORKER]
source = "people"
key = "no"
as_of = "at"
[kinds.WORKER.fields]
name = "xm"
phone = "dhh"
"""
OVER_SQL = """
name_zh = "浙江"
name_en = "Zhejiang"
kind = "sql"
mapping_file = "33.mapping.toml"
[sql]
url_env = "DB33"
"""


def test_where_a_mapping_is_wrong_it_is_told_once_with_its_line(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "own.sqlite")) as own:
        own.execute("CREATE TABLE people (no TEXT, xm TEXT, dh TEXT, at TEXT)")
    (tmp_path / "33.mapping.toml").write_text(MAPPING, "utf-8")
    (tmp_path / "33.toml").write_text(OVER_SQL, "utf-8")
    done = probe(
        tmp_path, "--html", "r.html", "--junit", "r.xml", province="33",
        DB33=f"sqlite:///{tmp_path}/own.sqlite",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    page = (tmp_path / "r.html").read_text("utf-8")
    kept = (tmp_path / "r.xml").read_text("utf-8")
    for told in (done.stdout, page, kept):
        assert told.count("33.mapping.toml:9:1: kinds.WORKER.fields.phone") == 1
    assert "WARNED declare.as-set" in done.stdout
    assert "dhh" not in done.stderr
