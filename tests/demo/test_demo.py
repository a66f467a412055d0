"""The demo, whole: started, used, disturbed and stopped as a person would."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.demo.directory import Directory

ROOT = Path(__file__).parents[2]
SIZE = "300"
LIMIT = 180

pytestmark = pytest.mark.slow


class Terminal:
    """A demo in a terminal of its own, with what it has written so far."""

    def __init__(self, directory, *words, **env):
        mark = secrets.token_hex(8)
        self.mark = f"HUB_TEST_MARK={mark}".encode()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "deploy.demo", "--dir", directory),
                *("--size", SIZE, "--port", "0", *words),
            ],
            cwd=ROOT,
            env={**os.environ, "HUB_TEST_MARK": mark, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.written = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.written += line

    def wait_for(self, words):
        end = time.monotonic() + LIMIT
        while words not in self.written:
            assert self.process.poll() is None, self.written
            assert time.monotonic() < end, self.written
            time.sleep(0.05)

    def wait(self):
        code = self.process.wait(LIMIT)
        self._reader.join()
        self.process.stdout.close()
        return code

    def line(self, start):
        return next(x for x in self.written.splitlines() if x.startswith(start))

    def descendants(self):
        """Every process that the demo started, PostgreSQL's own included."""
        parents = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
        found = {self.process.pid}
        while more := {pid for pid, up in parents.items() if up in found} - found:
            found |= more
        return found - {self.process.pid}

    def marked(self):
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found


def _gone(pids, within=15.0):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("demo") / "demo"
    yield directory
    Directory(directory).forget()


@pytest.fixture(scope="module")
def demo(directory):
    demo = Terminal(directory)
    demo.wait_for("Ctrl-C stops everything.")
    yield demo
    demo.process.kill()
    demo.wait()


def _post(url, headers, body):
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request("POST", parts.path, body, headers)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def _paste(line):
    """Do what curl would do with the line that the demo printed."""
    words = shlex.split(line)
    assert words[:2] == ["curl", "-sS"]
    options = words[3:]
    headers = dict(
        value.split(": ", 1)
        for name, value in zip(options[::2], options[1::2], strict=True)
        if name == "-H"
    )
    body = options[options.index("-d") + 1]
    return _post(words[2], headers, body)["data"]["worker"]


def _provinces(demo, token):
    url = shlex.split(demo.line("curl"))[2]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    query = "{ provinces { code contractVersion kinds } }"
    return _post(url, headers, json.dumps({"query": query}))


def test_the_first_look_up_is_shown(demo):
    shown = demo.written
    for words in ("会籍 Memberships", "已询问 asked", "已答复 answered", "来源 Source"):
        assert words in shown


def test_the_curl_line_works_when_pasted(demo):
    worker = _paste(demo.line("curl"))
    assert worker["__typename"] == "Worker"
    assert worker["completeness"]["faults"] == []
    assert worker["name"] in demo.written


@pytest.mark.skipif(shutil.which("curl") is None, reason="the demo does not need curl")
def test_the_curl_line_works_in_a_real_shell(demo):
    told = subprocess.run(
        ["/bin/sh", "-c", demo.line("curl")], capture_output=True, check=True
    )
    assert json.loads(told.stdout)["data"]["worker"]["__typename"] == "Worker"


def test_a_token_is_printed_for_each_of_three_roles(demo):
    tokens = [x for x in demo.written.splitlines() if re.fullmatch(r"ey[\w.-]+", x)]
    assert len(set(tokens)) == 3
    for token in tokens:
        assert "errors" not in _provinces(demo, token)


def test_the_older_province_declares_less(demo):
    (token, *_) = [x for x in demo.written.splitlines() if x.startswith("ey")]
    told = {one["code"]: one for one in _provinces(demo, token)["data"]["provinces"]}
    assert set(told) == {"63", "51", "42", "37", "44", "33"}
    assert told["63"]["contractVersion"] == "0.9"
    assert "HARDSHIP_FILE" not in told["63"]["kinds"]
    assert told["44"]["contractVersion"] == "1.1"


def test_a_second_demo_on_the_same_directory_is_refused(demo, directory):
    second = Terminal(directory)
    assert second.wait() == 1
    assert "另一个演示正在使用" in second.written
    assert "--dir" in second.written
    assert demo.process.poll() is None


def test_no_resident_id_and_no_secret_is_in_the_logs(demo, directory):
    body = shlex.split(demo.line("curl"))[-1]
    number = json.loads(body)["variables"]["by"]["residentId"]
    keys = [each.read_text() for each in (directory / "keys").iterdir()]
    logs = [*(directory / "logs").iterdir(), directory / "postgres" / "postgres.log"]
    assert len(logs) >= 9
    for log in logs:
        text = log.read_text()
        assert number not in text
        assert not any(key in text for key in keys)


def test_what_is_secret_is_its_owners_only(demo, directory):  # noqa: ARG001
    kept = [*(directory / "keys").iterdir(), directory / "postgres" / "password"]
    assert len(kept) >= 9  # six provinces, the worker key, the issuer, the database
    assert {oct(each.stat().st_mode & 0o777) for each in kept} == {"0o600"}


def test_a_province_that_is_killed_is_named_in_the_answer(demo):
    before = _paste(demo.line("curl"))["completeness"]
    killed = int(demo.line("kill").split()[1])
    os.kill(killed, signal.SIGTERM)
    demo.wait_for("A province stopped")
    after = _paste(demo.line("curl"))["completeness"]
    assert before["faults"] == []
    (fault,) = after["faults"]
    assert after["asked"] == before["asked"]
    assert set(after["answered"]) == set(before["answered"]) - {fault["province"]}
    assert fault["code"] == "UNREACHABLE"
    assert demo.process.poll() is None


def test_ctrl_c_stops_everything_and_leaves_nothing(demo, directory):
    started = demo.descendants()
    assert len(started) >= 8
    demo.process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert demo.wait() == 0
    assert time.monotonic() - began < 20
    assert "Stopped; no process is left" in demo.written
    assert _gone(started)
    assert demo.marked() == []
    assert not (directory / "postgres" / "sockets").exists()
    with Directory(directory).held():
        pass


def test_a_second_start_keeps_the_data_and_ten_look_ups_agree(directory):
    again = Terminal(directory, "--once")
    assert again.wait() == 0, again.written
    assert "10 of 10 answers agree" in again.written
    assert "登记关联" not in again.written  # they are there from the first start
    assert _gone(again.marked())


@pytest.fixture
def small(tmp_path):
    """The directory of a demo of two provinces."""
    yield tmp_path / "demo"
    Directory(tmp_path / "demo").forget()


def test_a_demo_that_is_killed_leaves_no_process(small):
    killed = Terminal(small, "--provinces", "44,51")
    killed.wait_for("✓ 启动各省系统")
    started = killed.descendants()
    assert len(started) >= 4
    killed.process.kill()
    killed.wait()
    assert _gone(started)
    assert killed.marked() == []


def test_a_database_of_ones_own_takes_the_embedded_ones_place(
    small, empty_database_url
):
    other = Terminal(
        small, "--once", "--provinces", "44,51", HUB_DATABASE_URL=empty_database_url
    )
    assert other.wait() == 0, other.written
    assert "登记关联" in other.written
    assert not (small / "postgres").exists()
