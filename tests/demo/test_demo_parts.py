"""The demo's small parts: its directory, secrets, ports, tokens and settings."""

from __future__ import annotations

import io
import json
import shlex
import socket
import stat
import tomllib
from datetime import UTC, datetime
from http.client import HTTPConnection
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from connectors.settings import ProvinceSettings
from deploy.demo import __main__ as command
from deploy.demo import ports, presenting, starting
from deploy.demo.directory import Directory
from deploy.demo.failure import DemoFailed
from deploy.demo.federation import start_issuer, url_of
from deploy.demo.following import case_files
from deploy.demo.issuer import PEOPLE, Issuer, Role
from deploy.demo.keyring import Keyring
from deploy.demo.looking_up import Door, curl
from deploy.demo.processes import Children
from deploy.demo.settings_files import Standing, environment, write_settings
from deploy.demo.steps import Steps
from hub.access.settings import IssuerSettings
from hub.access.tokens import Verifier
from hub.config.moving import RunnerSettings
from hub.config.webhook_secret import read_secret
from hub.identity.settings import WorkerKeySettings
from hub.store.settings import DatabaseSettings

#: Seconds since the epoch, in 2027.
NOW = 1_800_000_000.0


def _get(url):
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.request("GET", parts.path)
    response = connection.getresponse()
    try:
        return response.status, response.read()
    finally:
        connection.close()


def test_a_secret_is_the_same_at_every_start_and_its_owners_only(tmp_path):
    first = Keyring(tmp_path / "keys").secret("worker-key-1")
    assert Keyring(tmp_path / "keys").secret("worker-key-1") == first
    assert len(bytes.fromhex(first)) == 32
    assert stat.S_IMODE((tmp_path / "keys" / "worker-key-1").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_each_secret_is_another(tmp_path):
    keyring = Keyring(tmp_path)
    assert keyring.secret("bearer-44") != keyring.secret("bearer-51")


def test_a_second_demo_on_the_same_directory_is_refused(tmp_path):
    with (
        Directory(tmp_path).held(),
        pytest.raises(DemoFailed) as failed,
        Directory(tmp_path).held(),
    ):
        pass
    assert "Another demo" in failed.value.message.en
    assert "另一个演示" in failed.value.message.zh


def test_a_directory_is_free_again_afterwards(tmp_path):
    for _ in range(2):
        with Directory(tmp_path).held():
            pass


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DemoFailed) as failed, Directory(tmp_path / "file" / "x").held():
        pass
    assert str(tmp_path / "file" / "x") in failed.value.message.zh


def test_forgetting_leaves_what_is_not_the_demos(tmp_path):
    directory = Directory(tmp_path / "demo")
    with directory.held():
        directory.remember("issuer.note", "http://127.0.0.1:1")
        directory.logs.mkdir()
    (directory.root / "thesis.txt").touch()
    directory.forget()
    assert [each.name for each in directory.root.iterdir()] == ["thesis.txt"]


def test_forgetting_a_directory_without_a_demo_changes_nothing(tmp_path):
    (tmp_path / "logs").mkdir()
    Directory(tmp_path).forget()
    assert (tmp_path / "logs").is_dir()


def test_a_port_in_use_is_told_with_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DemoFailed) as failed:
            ports.choose(port)
    assert failed.value.message.en == f"Port {port} is in use."
    assert failed.value.message.zh == f"端口 {port} 已被占用。"
    assert f"--port {port + 1}" in failed.value.remedy.zh


def test_any_port_is_one_that_is_free():
    assert ports.is_free(ports.choose(0))


@pytest.mark.parametrize("role", list(Role))
async def test_the_hub_believes_the_tokens_of_every_role(tmp_path, role):
    issuer = Issuer(tmp_path / "keys")
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(issuer.public_keys))
    url = "http://127.0.0.1:9"
    written = write_settings(tmp_path, port=8080, issuer=url, provinces=[])
    settings = tomllib.loads(written.read_text())["issuers"][0]
    del settings["jwks_url"]
    token = issuer.token(role, url=url, now=NOW)
    believed = IssuerSettings(**settings, jwks_file=jwks)
    async with Verifier([believed], _At(NOW)) as verifier:
        caller = await verifier.verify(token)
    assert caller.subject == PEOPLE[role].subject
    assert caller.province == PEOPLE[role].province
    assert caller.scopes == frozenset(PEOPLE[role].scopes)


def test_the_private_key_is_not_published(tmp_path):
    (key,) = Issuer(tmp_path).public_keys["keys"]
    assert "d" not in key


def test_the_issuer_publishes_its_configuration_and_keys(tmp_path):
    with Children(tmp_path / "logs") as children:
        child = start_issuer(children, tmp_path / "keys", "")
        url = url_of(child)
        configuration = json.loads(_get(f"{url}/.well-known/openid-configuration")[1])
        keys = json.loads(_get(configuration["jwks_uri"])[1])
        assert configuration["issuer"] == url
        assert keys == Issuer(tmp_path / "keys").public_keys
        assert _get(f"{url}/etc/passwd") == (404, b"")


def test_the_issuer_comes_back_where_it_was(tmp_path):
    with Children(tmp_path / "logs") as children:
        url = url_of(start_issuer(children, tmp_path / "keys", ""))
    with Children(tmp_path / "logs") as children:
        again = url_of(start_issuer(children, tmp_path / "keys", url))
    assert again == url


def test_the_settings_are_what_the_hub_takes(tmp_path):
    provinces = [Standing("44", "广东", "Guangdong", "http://127.0.0.1:9/graphql")]
    (tmp_path / "provinces").mkdir()
    (tmp_path / "provinces" / "99.toml").touch()
    written = write_settings(
        tmp_path,
        port=8080,
        issuer="http://127.0.0.1:8",
        provinces=provinces,
        callbacks=["44"],
    )
    told = tomllib.loads(written.read_text())
    (files,) = case_files(Keyring(tmp_path), {"44": tmp_path, "63": tmp_path}).values()
    signs = {files.code: files.secret}
    env = environment(
        "postgresql://h/hub", "00" * 32, {"44": "secret"}, callbacks=signs
    )
    assert RunnerSettings(**told["runner"]).poll_every.total_seconds() == 1
    assert DatabaseSettings(**told["database"]).address(env) == "postgresql://h/hub"
    keys = WorkerKeySettings(**told["worker_keys"])
    assert env[keys.versions[0].secret_env] == "00" * 32
    (file,) = (tmp_path / "provinces").iterdir()
    province = ProvinceSettings(**tomllib.loads(file.read_text()))
    assert (province.code, province.name_zh) == ("44", "广东")
    assert env[province.bearer_env] == "secret"
    assert len(read_secret(env[province.callback_secret_env], "")) == 32


def test_no_secret_stands_in_the_settings(tmp_path):
    keyring = Keyring(tmp_path / "keys")
    secret = keyring.secret("worker-key-1")
    write_settings(tmp_path, port=1, issuer="http://127.0.0.1:8", provinces=[])
    files = list(tmp_path.rglob("*.toml"))
    assert files
    assert all(secret not in each.read_text() for each in files)


def test_the_curl_line_is_one_line_that_a_shell_takes():
    line = curl(Door(8080, "token"), "11010519491231002X")
    assert "\n" not in line
    words = shlex.split(line)
    body = json.loads(words[words.index("-d") + 1])
    assert body["variables"] == {"by": {"residentId": "11010519491231002X"}}
    assert "Authorization: Bearer token" in words


def test_steps_are_plain_lines_where_there_is_no_terminal():
    written = io.StringIO()
    steps = Steps(Console(file=written, width=100))
    with steps.step("迁移数据库", "the database is migrated") as tell:
        tell("3/7")
    lines = written.getvalue().splitlines()
    assert lines[0] == "… 迁移数据库  the database is migrated"
    assert lines[1].startswith("✓ 迁移数据库  the database is migrated  3/7")
    assert "\x1b" not in written.getvalue()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "70000"], "65535"),
        (["--port", "http"], "端口"),
        (["--size", "0"], "10000000"),
        (["--provinces", "44,99"], "63,51,42,37,44,33"),
    ],
)
def test_a_wrong_argument_is_told_in_both_languages(words, said, capsys):
    with pytest.raises(SystemExit):
        command.main(words)
    assert said in capsys.readouterr().err


def test_a_token_without_a_demo_says_what_to_do(tmp_path, capsys):
    assert command.main(["--dir", str(tmp_path / "none"), "token", "inflow"]) == 1
    told = capsys.readouterr().err
    assert "make demo" in told
    assert "还没有启动过演示" in told
    assert not (tmp_path / "none").exists()


def test_a_token_is_printed_and_nothing_else(tmp_path, capsys):
    directory = Directory(tmp_path)
    directory.remember("issuer.note", "http://127.0.0.1:8")
    assert command.main(["--dir", str(tmp_path), "token", "inspector"]) == 0
    told = capsys.readouterr().out
    assert told.count(".") == 2
    assert told.count("\n") == 1


@pytest.mark.parametrize("before", [True, False])
def test_the_directory_may_stand_before_the_command_or_after_it(
    tmp_path, capsys, before
):
    directory = Directory(tmp_path)
    directory.remember("issuer.note", "http://127.0.0.1:8")
    where, what = ["--dir", str(tmp_path)], ["token", "inspector"]
    assert command.main([*where, *what] if before else [*what, *where]) == 0
    assert capsys.readouterr().out.count(".") == 2
    assert command.main([*where, "forget"] if before else ["forget", *where]) == 0


@pytest.mark.parametrize("there", [True, False])
def test_the_explorers_link_is_shown_only_where_there_is_a_page(
    tmp_path, monkeypatch, there
):
    monkeypatch.setattr(presenting, "bundled", lambda: there)
    told = io.StringIO()
    running = presenting.Running(
        port=8,
        issuer=Issuer(tmp_path),
        issuer_url="http://127.0.0.1:9",
        provinces={},
        truth=SimpleNamespace(choose=lambda _: []),
        unions=None,
        acts={},
        cases={},
        children=SimpleNamespace(running=[]),
        runner=None,
        begin_runner=None,
        server=None,
    )
    presenter = presenting.Presenter(running, Console(file=told))
    presenter._invite(SimpleNamespace(resident_id="1", local_keys={}))

    assert ("http://127.0.0.1:8/explorer#" in told.getvalue()) is there
    assert ("\nmake explorer\n" in told.getvalue()) is not there


def test_a_port_in_use_stops_the_demo_before_anything_is_started(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert command.main(["--dir", str(tmp_path / "demo"), "--port", port]) == 1
    assert "已被占用" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()


def test_a_database_that_is_not_there_is_told():
    with pytest.raises(DemoFailed) as failed:
        starting.migrate("postgresql://nobody@127.0.0.1:1/hub")
    assert "无法使用数据库" in failed.value.message.zh
    assert "HUB_DATABASE_URL" in failed.value.remedy.en


class _At:
    """A clock that stands."""

    def __init__(self, seconds):
        self._seconds = seconds

    def now(self):
        return datetime.fromtimestamp(self._seconds, UTC)


def test_credentials_name_their_issuer_whatever_the_port(tmp_path):
    named = [
        tomllib.loads(
            write_settings(
                tmp_path, port=port, issuer="http://127.0.0.1:8", provinces=[],
                credentials="http://127.0.0.1:8000",
            ).read_text()
        )["credentials"]["issuer"]
        for port in (8000, 54321)
    ]  # fmt: skip
    assert named == ["http://127.0.0.1:8000"] * 2
