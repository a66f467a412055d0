from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner

from hub.cli.app import app

POLICIES = Path(__file__).parents[2] / "deploy" / "policies"
KEY = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"


@pytest.fixture
def settings_file(tmp_path):
    """Settings of a hub with two provinces that nobody serves."""
    key = ECKey.generate_key("P-256").as_dict(private=False) | {"kid": "1"}
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [key]}))
    (tmp_path / "provinces").mkdir()
    for code, name in (("44", "Guangdong"), ("51", "Sichuan")):
        (tmp_path / "provinces" / f"{code}.toml").write_text(
            f'name_zh = "省{code}"\nname_en = "{name}"\nurl = "http://127.0.0.1:9/"\n'
        )
    file = tmp_path / "hub.toml"
    file.write_text(
        f"""
[server]
port = 0
[database]
url_env = "TEST_DATABASE_URL"
wait = "1s"
[worker_keys]
versions = [{{ version = 1, secret_env = "TEST_WORKER_KEY" }}]
[policy]
directory = {json.dumps(str(POLICIES))}
[[issuers]]
issuer = "https://id.example"
audience = "hub"
jwks_file = "jwks.json"
provinces = ["*"]
scopes = ["worker:read"]
"""
    )
    return file


@pytest.fixture
def hub(settings_file, monkeypatch):
    """Run a command of the hub; without a database unless told which."""
    nowhere = "postgresql://hub@127.0.0.1:9/hub"
    monkeypatch.setenv("TEST_DATABASE_URL", nowhere)
    monkeypatch.setenv("TEST_WORKER_KEY", KEY)
    monkeypatch.setenv("HUB_CONFIG", str(settings_file))
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(*arguments, database=None, stdin=None):
        if database is not None:
            monkeypatch.setenv("TEST_DATABASE_URL", database)
        return runner.invoke(app, [str(one) for one in arguments], input=stdin)

    yield run
    # A command sends all logs to its own standard error, which is closed by now.
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)
