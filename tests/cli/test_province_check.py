"""``hub check`` and ``hub province check``: a province's files, before anything is connected to."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from hub.cli.app import app
from tests.mapping.samples import HERE

WRONG = '[kinds.WORKER]\nsource = "p"\nkey = "id"\n'
SQL = """
name_zh = "浙江"
name_en = "Zhejiang"
kind = "sql"
mapping_file = "33.mapping.toml"
[sql]
url_env = "SQL_33"
inbox = "hub_inbox"
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("SQL_33", "postgresql://reader:geheim@127.0.0.1:9/zj")
    (tmp_path / "33.toml").write_text(SQL, "utf-8")
    mapping = (HERE / "reference.mapping.toml").read_text("utf-8")
    (tmp_path / "33.mapping.toml").write_text(mapping, "utf-8")
    return tmp_path


def check(file):
    told = CliRunner().invoke(app, ["province", "check", str(file)])
    assert "geheim" not in told.output
    return told


def test_what_will_be_served_is_shown_and_nothing_is_connected_to(place):
    told = check(place / "33.toml")
    assert told.exit_code == 0, told.output
    shown = {line.split()[0]: line for line in told.stdout.splitlines() if line.strip()}
    assert "浙江" in told.stdout
    assert "worker" in shown["WORKER"]
    assert "HARDSHIP_FILE" in shown
    assert "province probe" in told.stdout


def test_a_kind_that_is_not_mapped_and_fields_that_are_not_are_shown(place):
    lean = 'version = 1\n[kinds.WORKER]\nsource = "ry"\nkey = "ID"\n[kinds.WORKER.fields]\nname = "XM"\n'
    (place / "33.mapping.toml").write_text(lean, "utf-8")
    told = check(place / "33.toml")
    shown = {line.split()[0]: line for line in told.stdout.splitlines() if line.strip()}
    assert "1/" in shown["WORKER"]
    assert "birth_date" in shown["WORKER"]
    assert shown["SKILL"].split() == ["SKILL", "—"]


def test_mistakes_of_settings_mapping_and_secrets_are_told(place, monkeypatch):
    (place / "33.mapping.toml").write_text(WRONG, "utf-8")
    told = check(place / "33.toml")
    assert told.exit_code == 1
    assert "33.mapping.toml" in told.stderr
    assert "Province 33 (Zhejiang)" in told.stderr
    (place / "33.mapping.toml").write_text("version = 1\n" + WRONG, "utf-8")
    assert check(place / "33.toml").exit_code == 0
    monkeypatch.setenv("SQL_33", "mongodb://reader:geheim@127.0.0.1/zj")
    assert check(place / "33.toml").exit_code == 1
    monkeypatch.delenv("SQL_33")
    told = check(place / "33.toml")
    assert told.exit_code == 1
    assert "SQL_33" in told.stderr


def test_the_hub_s_check_tells_mistakes_of_mappings(hub, settings_file, place):
    provinces = settings_file.parent / "provinces"
    (provinces / "33.toml").write_text(SQL, "utf-8")
    (provinces / "33.mapping.toml").write_text("version = 1\n" + WRONG, "utf-8")
    assert hub("check").exit_code == 0
    (provinces / "33.mapping.toml").write_text(WRONG, "utf-8")
    told = hub("check")
    assert told.exit_code == 1
    assert "Province 33 (Zhejiang)" in told.stderr
    assert place.exists()
