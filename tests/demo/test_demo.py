"""The demo, whole: started, used, disturbed and stopped as a person would."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time

import pytest

from deploy.demo.directory import Directory
from tests.demo.terminal import Terminal, gone, paste, post

pytestmark = pytest.mark.rehearsal


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


def _provinces(demo, token):
    url = shlex.split(demo.line("curl"))[2]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    query = "{ provinces { code contractVersion kinds } }"
    return post(url, headers, json.dumps({"query": query}))


def test_the_first_look_up_is_shown(demo):
    shown = demo.written
    for words in ("会籍 Memberships", "已询问 asked", "已答复 answered", "来源 Source"):
        assert words in shown


def test_the_curl_line_works_when_pasted(demo):
    worker = paste(demo.line("curl"))
    assert worker["__typename"] == "Worker"
    assert worker["completeness"]["faults"] == []
    assert worker["name"] in demo.written


@pytest.fixture(scope="module")
def shell():
    """What a shell prints when something is pasted into it."""
    if shutil.which("curl") is None:
        pytest.skip("the demo does not need curl")

    def pasted(text):
        words = ["/bin/sh", "-c", text]
        return subprocess.run(words, capture_output=True, check=True, text=True).stdout

    return pasted


def test_the_curl_line_works_in_a_real_shell(demo, shell):
    told = shell(demo.line("curl"))
    assert json.loads(told)["data"]["worker"]["__typename"] == "Worker"


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
    assert told["44"]["contractVersion"] == "1.2"


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


def _move(shell, lines):
    """Paste both lines into one shell, and give what was answered to the second."""
    answers = shell(lines).split("\n", 1)
    assert all("data" in json.loads(answer) for answer in answers), answers
    issued, requested = (json.loads(answer)["data"] for answer in answers)
    assert issued["issueCredential"].keys() == {"credential", "code"}
    return requested["requestTransfer"]


def test_a_member_moves_by_two_lines_and_comes_back_by_two_more(demo, shell):
    assert _move(shell, demo.pair(1))["id"]
    demo.wait_for("接转 Transfer  四川 → 广东")
    assert _move(shell, demo.pair(2))["id"]
    demo.wait_for("接转 Transfer  广东 → 四川")
    demo.pair(3)  # what comes before it was shown whole
    for step in ("发起 OPENED", "出登记完成 OUT_REGISTERED", "IN_REGISTERED"):
        assert demo.written.count(step) == 2


def _cases(text):
    """Read the answers to the lines of a case: its number, and what both sides have."""
    opened, taken, _, *lists = (json.loads(line) for line in text.splitlines())
    no = opened["data"]["openCase"]["no"]
    assert taken["data"]["acceptCase"]["lead"]["province"] == "44"
    for side in lists:
        found = side["data"]
        assert no in [one["node"]["no"] for one in found["cases"]["edges"]]
        assert no in [one["node"]["caseNo"] for one in found["tasks"]["edges"]]
    return no


def test_a_case_follows_the_worker_by_pasted_lines_each_time_another(demo, shell):
    once, again = (_cases(shell(demo.case_lines())) for _ in range(2))
    assert once != again
    events = shell(f"{demo.line('curl -sSN')} --max-time 1 || true")
    assert events.startswith(":")


def test_a_runner_that_is_killed_is_told_and_what_was_begun_ends(demo, shell):
    killed = demo.program("hub", "runner")
    os.kill(killed, signal.SIGKILL)
    assert _move(shell, demo.pair(3))["id"]
    demo.wait_for("The runner ended; another is started")
    demo.wait_for("接转 Transfer  四川 → 广东", times=2)
    assert demo.program("hub", "runner") != killed


def test_a_province_that_is_killed_is_named_in_the_answer(demo):
    before = paste(demo.line("curl"))["completeness"]
    killed = int(demo.line("kill").split()[1])
    os.kill(killed, signal.SIGTERM)
    demo.wait_for("A province stopped")
    after = paste(demo.line("curl"))["completeness"]
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
    assert gone(started)
    assert demo.marked() == []
    assert not (directory / "postgres" / "sockets").exists()
    runner, hub = (
        re.findall(r"^ts=(\S+) .* event=stopped$", file.read_text(), re.MULTILINE)
        for file in (directory / "logs" / f"{name}.log" for name in ("runner", "hub"))
    )
    assert (len(runner), len(hub)) == (1, 1)  # they were asked, and not killed
    assert runner < hub
    with Directory(directory).held():
        pass


def test_a_second_start_keeps_the_data_and_ten_look_ups_agree(directory):
    again = Terminal(directory, "--once")
    assert again.wait() == 0, again.written
    assert "10 of 10 answers agree" in again.written
    assert "A transfer and its return agree" in again.written
    for kind in ("rest", "sql", "files"):  # a member and a case pass through each
        assert re.search(rf"✓ 接转 transfer .* → {kind}$", again.written, re.MULTILINE)
        assert re.search(rf"✓ 接转 transfer .*  {kind} → ", again.written, re.MULTILINE)
        assert re.search(rf"✓ 案件 case .*  {kind}$", again.written, re.MULTILINE)
    assert "venue-arrears 欠薪由欠薪发生地处理" in again.written
    assert "The case agrees with the province's own file" in again.written
    assert "登记关联" not in again.written  # they are there from the first start
    assert gone(again.marked())


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
    assert gone(started)
    assert killed.marked() == []


def test_a_database_of_ones_own_takes_the_embedded_ones_place(
    small, empty_database_url
):
    other = Terminal(
        small,
        *("--once", "--provinces", "44", "--size", "60"),
        HUB_DATABASE_URL=empty_database_url,
    )
    assert other.wait() == 0, other.written
    assert "登记关联" in other.written
    assert not (small / "postgres").exists()
