"""What keeps a process from starting is said in both languages; what need not, does not."""

from __future__ import annotations

import socket
from contextlib import contextmanager

import pytest

from tests.cli.test_commands import is_bilingual

HOOK = """
[[webhooks.endpoints]]
name = "sichuan"
office = "U51"
url = "https://union.example/hook"
secret_env = "TEST_HOOK"
"""


@contextmanager
def taken():
    """Hold a port; tell it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


@pytest.mark.parametrize("secret", [None, "", "whsec_c2hvcnQ=", "no secret at all"])
@pytest.mark.parametrize("command", ["check", "runner"])
def test_a_webhook_s_secret_that_is_no_good_is_told(
    hub, settings_file, monkeypatch, command, secret
):
    settings_file.write_text(settings_file.read_text() + HOOK)
    if secret is not None:
        monkeypatch.setenv("TEST_HOOK", secret)

    done = hub(command)

    assert done.exit_code == 1
    assert "TEST_HOOK" in done.stderr
    assert is_bilingual(done.stderr)
    assert "Traceback" not in done.stderr
    assert not secret or secret not in done.stderr


@pytest.mark.parametrize("secret", [None, "no secret at all"])
def test_the_hub_serves_without_the_secrets_of_webhooks(
    hub, settings_file, monkeypatch, secret
):
    settings_file.write_text(settings_file.read_text() + HOOK)
    if secret is not None:
        monkeypatch.setenv("TEST_HOOK", secret)

    with taken() as port:  # it comes as far as this, and starts no process
        done = hub("serve", "--port", port)

    assert "in use" in done.stderr
    assert "TEST_HOOK" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "runner"])
def test_a_port_that_is_taken_is_told_with_the_setting_to_change(hub, command):
    with taken() as port:
        done = hub(command, "--port", port)

    assert done.exit_code == 1
    assert f"127.0.0.1:{port} 已被占用" in done.stderr
    assert "in use" in done.stderr
    section = {"serve": "SERVER", "runner": "RUNNER"}[command]
    assert f"HUB__{section}__PORT" in done.stderr
    assert "Traceback" not in done.stderr
