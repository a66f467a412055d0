"""Programs of the demo do not outlive it, however it ends."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.demo import processes
from deploy.demo.failure import DemoFailed
from deploy.demo.processes import Children, spawn

ROOT = Path(__file__).parents[2]
READY = re.compile(r"^ready (\w+)", re.MULTILINE)
SERVER = "print('ready now', flush=True); import time; time.sleep(60)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready now', flush=True); time.sleep(60)"
)
MAKER = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch(); import time; time.sleep(60)"
#: Starts two programs, tells that they run, and waits to be killed.
PARENT = """
import sys, time
from pathlib import Path
from deploy.demo import processes
processes._KERNEL_WATCHES = sys.argv[2] == "kernel"
spawn = processes.spawn
def watched(*words, **options):
    return spawn(*words, kernel_watches=sys.argv[2] == "kernel", **options)
processes.spawn = watched
with processes.Children(Path(sys.argv[1])) as children:
    for name in ("one", "two"):
        child = children.start(name, [sys.executable, "-c", sys.argv[3]])
        child.wait_until(lambda: "ready" in child.log.read_text(), 20)
    print("started", flush=True)
    time.sleep(60)
"""


def _marked(mark):
    """Every process whose environment bears a mark (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _none_marked(mark, within=10.0):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not _marked(mark):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def children(tmp_path):
    with Children(tmp_path / "logs") as children:
        yield children


@pytest.mark.parametrize("watcher", ["kernel", "pipe"])
@pytest.mark.parametrize("deadly", [signal.SIGKILL, signal.SIGTERM])
def test_a_parent_that_dies_leaves_no_process(tmp_path, watcher, deadly):
    mark = f"HUB_TEST_MARK={secrets.token_hex(8)}"
    name, _, value = mark.partition("=")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path, watcher, SERVER],
        cwd=ROOT,
        env={**os.environ, name: value},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout.readline() == "started\n"
    assert len(_marked(mark)) >= 3
    parent.send_signal(deadly)
    parent.wait()
    parent.stdout.close()
    assert _none_marked(mark)


def test_a_program_that_does_not_hear_dies_with_its_parent_too(tmp_path):
    mark = f"HUB_TEST_MARK={secrets.token_hex(8)}"
    name, _, value = mark.partition("=")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path, "pipe", DEAF],
        cwd=ROOT,
        env={**os.environ, name: value},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout.readline() == "started\n"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _none_marked(mark)


def test_stopping_stops_all(children):
    started = [
        children.start(name, [sys.executable, "-c", SERVER]) for name in ("one", "two")
    ]
    for child in started:
        assert child.wait_for(READY, 20)[1] == "now"
    children.stop()
    assert [child.process.returncode for child in started] == [-signal.SIGTERM] * 2
    assert children.running == ()


def test_a_program_that_does_not_hear_is_killed(children, monkeypatch):
    monkeypatch.setattr(processes, "_GRACE", 0.2)
    child = children.start("deaf", [sys.executable, "-c", DEAF])
    child.wait_for(READY, 20)
    children.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_who_depends_on_others_is_stopped_first(children):
    late = (
        "import signal, sys, time\n"
        "def stop(*_): print('stopped', time.monotonic(), flush=True); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "print('ready now', flush=True); time.sleep(60)\n"
    )
    below = children.start("below", [sys.executable, "-c", late], rank=1)
    above = children.start("above", [sys.executable, "-c", late], rank=2)
    for child in (below, above):
        child.wait_for(READY, 20)
    children.stop()
    below_at, above_at = (
        float(re.search(r"stopped ([\d.]+)", child.log.read_text())[1])
        for child in (below, above)
    )
    assert above_at < below_at


def test_a_program_that_ends_is_told_with_the_end_of_its_log(children):
    child = children.start(
        "broken", [sys.executable, "-c", "import sys; sys.exit('no such table')"]
    )
    with pytest.raises(DemoFailed) as failed:
        child.wait_for(READY, 20)
    assert "no such table" in failed.value.tail
    assert "broken" in failed.value.message.en
    assert "意外退出" in failed.value.message.zh
    assert children.ended() == [child]


def test_a_program_that_is_not_there_is_told(children):
    child = children.start("absent", ["/nowhere/program"])
    with pytest.raises(DemoFailed) as failed:
        child.wait_for(READY, 20)
    assert "/nowhere/program: No such file" in failed.value.tail


def test_a_program_that_stays_silent_is_told(children):
    child = children.start(
        "silent", [sys.executable, "-c", "import time; time.sleep(60)"]
    )
    with pytest.raises(DemoFailed) as failed:
        child.wait_for(READY, 0.2)
    assert "not ready within 0.2 seconds" in failed.value.message.en


def test_a_program_is_waited_for_until_it_works(children, tmp_path):
    made = tmp_path / "made"
    child = children.start(
        "maker",
        [
            sys.executable,
            "-c",
            MAKER,
            made,
        ],
    )
    child.wait_until(made.exists, 20)
    assert made.exists()


@pytest.mark.parametrize("kernel", [True, False])
def test_the_exit_code_comes_through_the_leash(kernel):
    asked = spawn(
        [sys.executable, "-c", "raise SystemExit(7)"],
        log=subprocess.DEVNULL,
        kernel_watches=kernel,
    )
    assert asked.process.wait(20) == 7
    asked.let_go()


def test_signals_reach_a_program_behind_a_pipe(tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as output:
        asked = spawn([sys.executable, "-c", SERVER], log=output, kernel_watches=False)
    end = time.monotonic() + 20
    while "ready" not in log.read_text() and time.monotonic() < end:
        time.sleep(0.02)
    asked.process.terminate()
    assert asked.process.wait(20) == 128 + signal.SIGTERM
    asked.let_go()


def test_ctrl_c_in_the_terminal_reaches_only_the_parent(children):
    child = children.start(
        "apart",
        [sys.executable, "-c", "import os; print('ready', os.getsid(0), flush=True)"],
    )
    session = int(child.wait_for(READY, 20)[1])
    assert session != os.getsid(0)
