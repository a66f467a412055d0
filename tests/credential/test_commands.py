"""``hub credential``: what a window without a line is told, and how keys are made."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli.app import app
from hub.credential.ports import Kept
from tests.credential.forging import reclaimed
from tests.credential.holding import NOW, hold

POLICIES = Path(__file__).parents[2] / "deploy" / "policies"
RUNNER = CliRunner()


def run(*words, **more):
    return RUNNER.invoke(app, ["credential", *map(str, words)], **more)


@pytest.fixture
async def files(tmp_path):
    held = hold()
    issued = await held.issue()
    (tmp_path / "c.jws").write_text(issued.compact + "\n")
    (tmp_path / "jwks.json").write_bytes(held.publisher.keys().body)

    async def write_list():
        again = hold(held.store, held.clock)
        document = await again.publisher.status_list(0)
        (tmp_path / "list.jwt").write_bytes(document.body)

    await write_list()
    held.write_list, held.issued, held.at = write_list, issued, tmp_path
    return held


def verify(files, *more, at=NOW, status=True):
    listed = ["--status", files.at / "list.jwt"] if status else []
    return run(
        "verify", files.at / "c.jws", "--keys", files.at / "jwks.json",
        *listed, "--at", at.isoformat(), *more,
    )  # fmt: skip


def is_bilingual(text):
    chinese = any("一" <= c <= "鿿" for c in text)
    return chinese and re.search(r"[a-z]{3,} [a-z]{2,} ", text) is not None


async def test_a_valid_one(files):
    done = verify(files)

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("✓ VALID")
    assert files.issued.claims.union in done.stdout
    assert is_bilingual(done.stdout)
    assert files.issued.claims.worker not in done.stdout
    from_stdin = run(
        "verify", "-", "--keys", files.at / "jwks.json", "--at", NOW.isoformat(),
        input=files.issued.compact,
    )  # fmt: skip
    assert from_stdin.exit_code == 8


@pytest.mark.parametrize(("kept", "code"), [(Kept.REVOKED, 4), (Kept.REDEEMED, 5)])
async def test_a_spent_one(files, kept, code):
    files.store.turn(files.issued.claims.id, kept=kept)
    await files.write_list()

    done = verify(files)

    assert done.exit_code == code
    assert done.stdout.startswith(f"✗ {kept}")


async def test_a_stale_list_is_said_and_acquits_nobody(files):
    stale = verify(files, at=NOW + timedelta(hours=25))
    absent = verify(files, status=False)
    (files.at / "list.jwt").write_text("x")
    unusable = verify(files)

    for done, said in (
        (stale, "The status list is stale"),
        (absent, "No status list was used"),
        (unusable, "cannot be used"),
    ):
        assert done.exit_code == 8
        assert done.stdout.startswith("? VALID")
        assert said in done.stdout


async def test_a_presentation_is_genuine_and_what_the_hub_alone_knows_is_said(files):
    shown = await files.credentials.present(
        files.issued.compact, files.issued.code, "U-NEW"
    )
    (files.at / "c.jws").write_text(shown)

    now, later = verify(files), verify(files, at=NOW + timedelta(hours=1))

    assert (now.exit_code, later.exit_code) == (8, 3), now.output
    assert now.stdout.startswith("? VALID")
    assert "verifyCredential" in now.stdout
    assert "U-NEW" in now.stdout
    assert later.stdout.startswith("✗ EXPIRED")
    assert "The presentation is genuine" in later.stdout


@pytest.mark.parametrize(
    ("forge", "code", "begin"),
    [
        pytest.param(lambda c: c[:-1], 6, "✗ FORGED", id="cut"),
        pytest.param(lambda c: reclaimed(c, exp=1), 3, "✗ EXPIRED", id="expired"),
        pytest.param(lambda c: reclaimed(c, iss="https://o.example"), 7, "✗ FOREIGN", id="foreign"),
        pytest.param(lambda c: reclaimed(c, iat=4_000_000_000), 6, "✗ FORGED", id="future"),
        pytest.param(lambda _: "\x1b[31m", 6, "✗ FORGED", id="control"),
        pytest.param(lambda c: reclaimed(c, mno="\x1b[2J\u202e"), 0, "✓ VALID", id="terminal"),
    ],
)  # fmt: skip
async def test_what_cannot_be_believed(files, forge, code, begin):
    (files.at / "c.jws").write_text(forge(files.issued.compact))

    done = verify(files, "--issuer", "https://hub.union.example")

    assert done.exit_code == code, done.output
    assert done.stdout.startswith(begin)
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert is_bilingual(done.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--at", "yesterday"], "--at must be a moment"),
        (["--at", "2026-11-22T09:00:00"], "--at must be a moment"),
        (["--keys", "empty.json"], "has none that can be used"),
        (["--keys", "none.json"], "does not exist"),
    ],
)
async def test_what_the_command_was_given_wrongly(files, monkeypatch, words, said):
    monkeypatch.chdir(files.at)
    (files.at / "empty.json").write_text("[]")

    done = run("verify", "c.jws", *({"--keys": "jwks.json"} | {words[0]: words[1]}).popitem(), *(["--keys", "jwks.json"] if words[0] != "--keys" else []))  # fmt: skip

    assert done.exit_code == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def settings_file(tmp_path, monkeypatch):
    (tmp_path / "provinces").mkdir()
    monkeypatch.setenv("HUB_CONFIG", str(tmp_path / "hub.toml"))
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://hub@127.0.0.1:9/hub")
    monkeypatch.setenv("HUB_WORKER_KEY_1", bytes(range(32)).hex())
    monkeypatch.setenv("HUB_CODE_SECRET_1", bytes(range(1, 33)).hex())
    monkeypatch.setenv("WEAK", "00" * 32)
    monkeypatch.setenv("COLUMNS", "200")

    def write(credentials=""):
        (tmp_path / "hub.toml").write_text(
            f"""
[database]
url_env = "HUB_DATABASE_URL"
[worker_keys]
versions = [{{ version = 1, secret_env = "HUB_WORKER_KEY_1" }}]
[policy]
directory = {json.dumps(str(POLICIES))}
[[issuers]]
issuer = "https://id.example"
audience = "hub"
jwks_url = "https://id.example/jwks.json"
provinces = ["*"]
scopes = ["worker:read"]
{credentials}
"""
        )

    write()
    return write


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_what_a_new_key_is_told_to_be_set_to_is_a_setting(
    settings_file, tmp_path, algorithm
):
    file = tmp_path / "first.pem"

    done = run("keys", "new", file, "--algorithm", algorithm, "--kid", "one")
    settings_file(done.stdout[done.stdout.index("[credentials]") :])
    shown = json.loads(run("keys", "show").stdout)
    rotated = run("keys", "rotate", tmp_path / "second.pem", "--kid", "one")

    assert done.exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert [(key["kid"], key["alg"]) for key in shown["keys"]] == [("one", algorithm)]
    assert "d" not in shown["keys"][0]
    assert rotated.exit_code == 0
    assert 'kid = "one-' in rotated.stdout, "a name that is taken is not given again"
    assert "PRIVATE" not in done.stdout + rotated.stdout


@pytest.mark.usefixtures("settings_file")
def test_no_key_is_written_over_and_without_settings_there_is_none(tmp_path):
    file = tmp_path / "first.pem"
    file.write_text("precious")

    over = run("keys", "new", file)
    none = run("keys", "show")

    assert over.exit_code == none.exit_code == 1
    assert file.read_text() == "precious"
    assert "no keys for membership credentials" in none.stderr
    assert "Traceback" not in over.stderr


CREDENTIALS = """
[credentials]
issuer = "https://hub.example"
active = "one"
keys = [{ kid = "one", key_file = "one.pem" }]
code_secrets = [{ version = 1, secret_env = "HUB_CODE_SECRET_1" }]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("one.pem", "gone.pem", "gone.pem does not exist"),
        ("one.pem", "bad.pem", "no Ed25519 or P-256 key"),
        ('active = "one"', 'active = "two"', "active must name one of the keys"),
        ("https://hub.example", "http://hub.example", "must begin with https://"),
        ("https://hub.example", "https://hub.example/", "no slash at the end"),
        (', key_file = "one.pem"', "", "exactly one of key_file and key_env"),
        ("HUB_CODE_SECRET_1", "HUB_CODE_SECRET_9", "HUB_CODE_SECRET_9 is not set"),
        ("HUB_CODE_SECRET_1", "WEAK", "is not random"),
        ("code_secrets", 'lifetime = "1m"\ncode_secrets', "The value is below"),
        ("code_secrets", 'status_max_age = "2h"\nstatus_expires = "1h"\ncode_secrets', "must not be longer"),
        ("code_secrets", 'batch_signers = [{ province = "44", jwks_file = "bad.pem" }]\ncode_secrets', "for batches cannot be used"),
    ],
)  # fmt: skip
def test_check_tells_what_is_wrong_with_credentials(
    settings_file, tmp_path, old, new, said
):
    run("keys", "new", tmp_path / "one.pem")
    (tmp_path / "bad.pem").write_text("no key")
    settings_file(CREDENTIALS.replace(old, new))

    done = RUNNER.invoke(app, ["check"])

    assert done.exit_code == 1
    assert said in done.stderr, done.stderr


def test_check_shows_credentials_without_their_secrets(settings_file, tmp_path):
    run("keys", "new", tmp_path / "one.pem")
    settings_file(CREDENTIALS)

    done = RUNNER.invoke(app, ["check"])

    assert "HUB_CODE_SECRET_1" in done.stdout + done.stderr
    assert "PRIVATE" not in done.stdout + done.stderr
    assert bytes(range(1, 33)).hex() not in done.stdout
