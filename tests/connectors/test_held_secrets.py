"""Secrets by reference: from files and commands, and what holds when they fail."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.credentials import secret
from connectors.held_secrets import SecretUnreadable, held, read_secret
from connectors.secret_settings import SecretSettings
from schema.records.refusal import Refused
from tests.connectors.conftest import settings_for

SECRET = "s3cret-" + "x" * 20


def python(text, **more):
    return SecretSettings(command=(sys.executable, "-c", text), **more)


def province(**secrets):
    told = {name: one.model_dump() for name, one in secrets.items()}
    return settings_for("http://127.0.0.1:1/", secrets=told, bearer_env="TOKEN")


def test_a_name_is_looked_for_in_secrets_before_the_environment(tmp_path):
    file = tmp_path / "token"
    file.write_text(SECRET + "\n")
    settings = province(TOKEN=SecretSettings(file=str(file)))
    found = held(settings, {"TOKEN": "of the environment", "OTHER": "other"})

    assert secret(settings, "TOKEN", found) == SECRET
    assert found["OTHER"] == "other"
    assert sorted(found) == ["OTHER", "TOKEN"]
    assert len(found) == 2
    assert SECRET not in repr(found)
    assert "TOKEN" in repr(found)


def test_a_command_gets_the_environment_and_no_shell():
    place = python("import os; print(os.environ['WHERE'])")
    assert read_secret(place, {"WHERE": SECRET}) == SECRET
    plain = SecretSettings(command=("/bin/echo", "$HOME;x"))
    assert read_secret(plain, {"HOME": "/somewhere"}) == "$HOME;x"


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (SecretSettings(file="/not/there"), "No such file"),
        (SecretSettings(file="/"), "directory"),
        (SecretSettings(file=os.devnull), "regular"),
        (SecretSettings(command=("/not/there",)), "No such file"),
        (python("import sys; print('x'); sys.exit(3)"), "exit code 3"),
        (python("pass"), "empty"),
        (python("print('x' * 100_000)"), "longer than"),
        (python("while True: print('x' * 10_000)"), "longer than"),
        (python("import sys; sys.stdout.buffer.write(b'\\xff')"), "UTF-8"),
    ],
)
def test_what_cannot_be_had_says_why_and_nothing_of_it(place, why):
    with pytest.raises(SecretUnreadable, match=why):
        read_secret(place, {})


def test_a_command_that_hangs_is_ended_with_all_that_it_started(tmp_path):
    note = tmp_path / "pid"
    text = (
        "import subprocess, pathlib, sys, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(60)"
    )
    began = time.perf_counter()
    with pytest.raises(SecretUnreadable, match="took too long"):
        read_secret(python(text, time_out="800ms"), {})
    assert time.perf_counter() - began < 3
    time.sleep(0.05)
    state = Path(f"/proc/{note.read_text()}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_the_last_secret_holds_while_it_cannot_be_read_and_it_is_said(tmp_path, caplog):
    file = tmp_path / "token"
    file.write_text(SECRET)
    settings = province(TOKEN=SecretSettings(file=str(file)))
    first = held(settings, {})
    file.unlink()
    second = held(settings, {}, first)
    third = held(settings, {}, second)

    assert second["TOKEN"] == third["TOKEN"] == SECRET
    assert "No such file" in third.failed["TOKEN"]
    assert caplog.text.count("kept the last") == 1, "once, not at every look"
    assert SECRET not in caplog.text
    file.write_text("another")
    fourth = held(settings, {}, third)
    assert (fourth["TOKEN"], fourth.failed) == ("another", {})


def test_what_was_never_had_is_not_taken_from_the_environment():
    settings = province(TOKEN=SecretSettings(file="/not/there"))
    found = held(settings, {"TOKEN": "of the environment"})
    assert "TOKEN" not in found
    assert found.get("TOKEN") is None
    with pytest.raises(Refused, match="TOKEN"):
        secret(settings, "TOKEN", found)


def test_only_those_that_are_due_are_read_again(tmp_path):
    count = tmp_path / "count"
    text = f"open({str(count)!r}, 'a').write('x'); print('token')"
    settings = province(TOKEN=python(text), OTHER=python("print('other')"))
    first = held(settings, {})
    second = held(settings, {}, first, names=())
    assert count.read_text() == "x"
    assert dict(second.own) == dict(first.own)
    held(settings, {}, second, names=("TOKEN",))
    assert count.read_text() == "xx"


@pytest.mark.parametrize("wrong", [{}, {"file": "x", "command": ["y"]}, {"file": ""}])
def test_a_secret_has_one_place(wrong):
    with pytest.raises(ValidationError):
        SecretSettings(**wrong)


def test_a_pipe_in_place_of_a_secret_is_told_and_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SecretUnreadable, match="Not a regular file"):
        read_secret(SecretSettings(file=str(tmp_path / "pipe")), {})
