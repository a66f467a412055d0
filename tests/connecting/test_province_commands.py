"""``hub province pause``, ``resume`` and ``history``, as an operator types them."""

from __future__ import annotations

import pytest

from tests.cli.conftest import hub, settings_file  # noqa: F401  # fixtures

WHY = ("--why", "their system moves house", "--by", "op-1")


def test_a_pause_is_said_ended_and_written_down(hub, database_url, settings_file):  # noqa: F811
    done = hub("province", "pause", "44", *WHY, database=database_url)
    assert (done.exit_code, "已暂停" in done.stdout) == (0, True)
    again = hub("province", "pause", "44", *WHY)
    assert "paused already" in again.stdout
    file = settings_file.parent / "provinces" / "44.toml"
    file.write_text(file.read_text() + "paused = true\n")
    ended = hub("province", "resume", "44", "--by", "op-2")
    assert "resumed" in ended.stdout
    assert "stays paused" in ended.stdout
    file.unlink()
    assert "not paused" in hub("province", "resume", "51", "--by", "op-2").stdout
    for words in (("pause", "44", *WHY), ("resume", "44", "--by", "x")):
        gone = hub("province", *words)
        assert gone.exit_code == 1
        assert "51" in gone.stderr
    assert hub("audit", "verify").exit_code == 0


def test_a_broken_file_keeps_nobody_from_pausing(hub, database_url, settings_file):  # noqa: F811
    (settings_file.parent / "provinces" / "51.toml").write_text("no toml")
    for code in ("44", "51"):
        done = hub("province", "pause", code, *WHY, database=database_url)
        assert done.exit_code == 0, done.stderr
        assert hub("province", "resume", code, "--by", "op-1").exit_code == 0


@pytest.mark.parametrize("why", ["", " ", "x" * 501, "of 44010619900101123X"])
def test_a_reason_is_one(hub, database_url, why):  # noqa: F811
    words = ("pause", "44", "--why", why, "--by", "op-1")
    done = hub("province", *words, database=database_url)
    assert done.exit_code == 1
    assert "--why" in done.stderr
    assert "44010619900101123X" not in done.stderr


def test_a_history_that_there_is_not(hub, database_url):  # noqa: F811
    done = hub("province", "history", "44", database=database_url)
    assert done.exit_code == 1
    assert "province history 44" in done.stderr


def test_check_reads_secrets_by_reference_and_shows_none(hub, settings_file):  # noqa: F811
    file = settings_file.parent / "provinces" / "44.toml"
    file.write_text(
        file.read_text()
        + 'bearer_env = "T"\n[secrets]\nT = { command = ["echo", "s3cret", "-x"] }\n'
        + 'U = { file = "token" }\n'
    )
    done = hub("check")
    assert done.exit_code == 1
    assert "secrets.U" in done.stderr
    assert "No such file" in done.stderr
    (file.parent / "token").write_text("s3cr3t")
    done = hub("check")
    assert done.exit_code == 0, done.stderr
    assert 'bearer_env = "T"  # [secrets]' in done.stdout
    assert 'command = ["echo", "s3cret", "-x"]' in done.stdout, "in its order"
    assert "s3cr3t" not in done.stdout
