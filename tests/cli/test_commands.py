"""Every command does its work, or ends in two sentences that say what to do."""

from __future__ import annotations

import csv
import errno
import io
import tomllib

import pytest

from hub.cli.failures import explain
from hub.store.migrate import is_current
from tests.web.serving import NUMBER

ROW = f"{NUMBER},44,k1,MEMBERSHIP,2024-01-01,"
COLUMNS = "resident_id,province,local_key,kinds,valid_from,valid_to"


def is_bilingual(text):
    return any("\u4e00" <= c <= "\u9fff" for c in text) and any(
        word.isascii() and word.isalpha() and len(word) > 2 for word in text.split()
    )


@pytest.mark.parametrize(
    "command",
    ["serve", "check", "sdl", "migrate", "links", "keys", "organisations", "transfers"],
)
def test_every_command_has_a_help_text_in_both_languages(hub, command):
    done = hub(command, "--help")

    assert done.exit_code == 0
    assert is_bilingual(done.stdout)


def test_check_shows_the_effective_settings_as_toml_with_secrets_masked(hub):
    done = hub("check")
    table = tomllib.loads(done.stdout)

    assert done.exit_code == 0
    assert table["provinces"]["44"]["name_en"] == "Guangdong"
    assert table["limits"]["execution"] == "15s"
    assert "00112233" not in done.stdout


def test_check_tells_every_mistake_and_exits_1(hub, settings_file, monkeypatch):
    text = settings_file.read_text().replace("port = 0", "prot = 0")
    settings_file.write_text(text)
    monkeypatch.delenv("TEST_WORKER_KEY")
    done = hub("check")

    assert done.exit_code == 1
    assert "server.prot" in done.stderr
    assert "Did you mean port?" in done.stderr
    assert "您是指 port？" in done.stderr
    assert "TEST_WORKER_KEY" in done.stderr
    assert "2 处错误" in done.stderr


def test_check_reads_the_policy_too(hub, settings_file, tmp_path):
    (tmp_path / "none").mkdir()
    text = settings_file.read_text()
    start = text.index("directory = ")
    line = text[start : text.index("\n", start)]
    settings_file.write_text(text.replace(line, 'directory = "none"'))
    done = hub("check")

    assert done.exit_code == 1
    assert is_bilingual(done.stderr)
    assert "Traceback" not in done.stderr


def test_a_missing_settings_file_is_said_so(hub):
    done = hub("check", "--config", "nowhere.toml")

    assert done.exit_code == 1
    assert "nowhere.toml" in done.stderr
    assert "HUB_CONFIG" in done.stderr


def test_sdl_prints_the_schema(hub):
    done = hub("sdl")

    assert done.exit_code == 0
    assert "type Worker" in done.stdout
    assert "@key" in done.stdout


def test_migrate_makes_the_tables_and_may_be_repeated(hub, empty_database_url):
    first = hub("migrate", database=empty_database_url)
    second = hub("migrate")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert is_current(empty_database_url)
    assert "up to date" in second.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["migrate"],
        ["keys", "status"],
        ["keys", "rotate"],
        ["links", "conflicts"],
        ["links", "import", "-"],
        ["audit", "verify"],
    ],
)
def test_without_the_database_a_command_says_so(hub, command):
    done = hub(*command, stdin="")

    assert done.exit_code == 1
    assert is_bilingual(done.stderr)
    assert "PostgreSQL" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "postgresql://" not in done.stderr


def test_debug_shows_the_traceback(hub):
    done = hub("keys", "status", "--debug")

    assert done.exit_code == 1
    assert "Traceback" in done.stderr


def test_links_are_imported_and_a_second_import_changes_nothing(
    hub, database_url, tmp_path
):
    file = tmp_path / "links.csv"
    file.write_text(f"{COLUMNS}\n{ROW}\n")
    first = hub("links", "import", file, database=database_url)
    second = hub("links", "import", file)

    assert first.exit_code == 0, first.stderr
    assert "CREATED" in first.stdout
    assert second.exit_code == 0
    assert NUMBER not in first.stdout + first.stderr


def test_rows_that_are_refused_or_conflict_make_2_and_are_reported(
    hub, database_url, tmp_path
):
    report = tmp_path / "report.csv"
    lines = [COLUMNS, ROW, ROW.replace("8515", "8516"), ROW.replace("k1", "k2"), "torn"]
    done = hub(
        "links", "import", "-", "--report", report,
        database=database_url, stdin="\n".join(lines) + "\n",
    )  # fmt: skip
    told = list(csv.DictReader(io.StringIO(report.read_text("utf-8-sig"))))

    assert done.exit_code == 2
    assert str(report) in done.stdout
    assert {row["outcome"] for row in told} == {"REFUSED", "CONFLICT"}
    assert all(row["zh"] and row["en"] for row in told)
    assert NUMBER not in report.read_text("utf-8-sig")

    conflicts = list(csv.DictReader(io.StringIO(hub("links", "conflicts").stdout)))
    assert [row["local_key"] for row in conflicts] == ["k2"]
    assert conflicts[0]["standing_local_key"] == "k1"


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_links_file_that_cannot_be_read_is_said_so(hub, database_url, tmp_path, name):
    done = hub("links", "import", tmp_path / name, database=database_url)

    assert done.exit_code == 1
    assert is_bilingual(done.stderr)
    assert "Traceback" not in done.stderr


def test_keys_are_counted_and_rotated(hub, database_url):
    lines = f"{COLUMNS}\n{ROW}\n"
    hub("links", "import", "-", database=database_url, stdin=lines)
    status = hub("keys", "status")
    rotated = hub("keys", "rotate")

    assert status.exit_code == 0
    assert "│ 1" in status.stdout
    assert rotated.exit_code == 0
    assert "0 pseudonyms moved" in rotated.stdout


def test_documents_that_are_not_there_are_told_in_both_languages(hub, tmp_path):
    (tmp_path / "file").write_text("{ __typename }")
    for path in (tmp_path / "nowhere", tmp_path / "file"):
        answer = hub("documents", "check", str(path))

        assert answer.exit_code == 1
        assert "不是目录" in answer.stderr
        assert "no directory" in answer.stderr
        assert "Usage" not in answer.stderr
    (tmp_path / "here").mkdir()
    assert hub("documents", "check", str(tmp_path / "here")).exit_code == 0


def test_who_looked_at_a_worker_is_told_whole_and_a_wrong_id_is_refused(
    hub, database_url
):
    nobody = hub(
        "audit", "looks", "00000000-0000-4000-8000-000000000000", database=database_url
    )
    wrong = hub("audit", "looks", "nope", database=database_url)

    assert (nobody.exit_code, nobody.stdout) == (0, "")
    assert wrong.exit_code == 1
    assert "Worker.id" in wrong.stderr
    assert "职工编号" in wrong.stderr


def test_the_audit_chain_is_verified_and_its_head_shown(hub, database_url):
    whole = hub("audit", "verify", database=database_url)
    wrong = hub("audit", "verify", "--noted", "nonsense")
    cut = hub("audit", "verify", "--noted", f"5:{'ab' * 32}")

    assert whole.exit_code == 0
    assert "0 entries" in whole.stdout
    assert wrong.exit_code == 1
    assert "NUMBER:HEX" in wrong.stderr
    assert cut.exit_code == 1
    assert "CUT_OFF" in cut.stderr


@pytest.mark.parametrize(
    ("error", "en"),
    [
        (OSError(errno.ENOSPC, "No space left", "x"), "The disk is full."),
        (FileNotFoundError(errno.ENOENT, "no", "a.csv"), "a.csv does not exist"),
        (PermissionError(errno.EACCES, "no", "a.csv"), "not permitted"),
        (OSError(errno.EIO, "I/O error"), "I/O error"),
        (ValueError("错了 / It is wrong."), "It is wrong."),
        (RuntimeError("secret"), "ended unexpectedly (RuntimeError)"),
        (ExceptionGroup("g", [OSError(errno.ENOSPC, "x")]), "The disk is full."),
    ],
    ids=["full", "absent", "forbidden", "io", "said", "bug", "group"],
)
def test_whatever_goes_wrong_has_words_in_both_languages(error, en):
    ((message, _),) = explain(error)

    assert en in message.en
    assert is_bilingual(message.zh + " the")
    assert "secret" not in message.en
