"""Walks the way of the guide: a shell, its files, and the processes it starts."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.guide.loaded import shim
from tests.house.documents import ROOT

_PORT = re.compile(r"\b(?:84\d\d|8080)\b")
_LISTENS = re.compile(r"(?:port=|port: |--port )(\d+)")
_PROGRAM = re.compile(r"^(?:python|node) (\S+\.\w+)", re.MULTILINE)
_LIMIT = 20


class Checkout:
    """A checkout as a reader has it: the rooms, ``.venv`` and ``.demo``."""

    def __init__(self, place: Path) -> None:
        self.place = place / "hub"
        self.demo = self.place / ".demo"
        self._bin = self.place / ".venv" / "bin"
        self._bin.mkdir(parents=True)
        for room in ("hub", "connectors", "schema", "deploy"):
            (self.place / room).symlink_to(ROOT / room)
        (self._bin / "activate").write_text(f"export PATH={self._bin}:$PATH\n")
        door = place / "door"
        shim(self._bin / "python", door)
        self.loaded = subprocess.Popen(
            [sys.executable, "-m", "tests.guide.loaded", door],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def wait(self) -> None:
        assert self.loaded.stdout.readline() == b"ready\n"

    def close(self) -> None:
        _end(self.loaded)
        self.loaded.stdin.close()
        self.loaded.stdout.close()


class Shell:
    """The shell that a reader pastes into; it stops at the first command that fails."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._ports: dict[str, str] = {}
        self._mark = secrets.token_hex(8)
        self._steps = 0
        self._shell = subprocess.Popen(
            ["sh", "-eu"],
            cwd=directory,
            env={**os.environ, "COLUMNS": "200", "PYTHONWARNINGS": "default"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        # What it starts ends with it, also when these tests are killed.
        self._shell.stdin.write("trap 'kill 0' EXIT\n")

    def paste(self, text: str) -> str:
        """Run it to its end, and tell what was printed."""
        text = self.own_ports(text)
        self._steps += 1
        step = self.directory / f".step-{self._steps}"
        step.write_text(text, "utf-8")
        self._shell.stdin.write(
            f". {step} </dev/null\nprintf '\\n%s\\n' {self._mark}\n"
        )
        self._shell.stdin.write("pwd\n")
        self._shell.stdin.flush()
        printed = []
        for line in self._shell.stdout:
            if line.strip() == self._mark:
                break
            printed.append(line)
        else:
            raise AssertionError(f"{text}\nfailed:\n{''.join(printed)}")
        self.at = Path(self._shell.stdout.readline().strip())
        if re.search(r" &$", text, re.MULTILINE):
            self._wait_for(text)
        return "".join(printed)

    def write(self, name: str, text: str) -> None:
        place = self.at / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.own_ports(text), "utf-8")

    def own_ports(self, text: str) -> str:
        """Put free ports in the place of those of the guide: tests run side by side."""
        return _PORT.sub(lambda found: self.port(found[0]), text)

    def port(self, shown: str) -> str:
        if shown not in self._ports:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self._ports[shown] = str(free.getsockname()[1])
        return self._ports[shown]

    def uses(self, shown: str, port: str) -> None:
        self._ports[shown] = port

    def _wait_for(self, text: str) -> None:
        """A reader looks up what comes next; what was started listens meanwhile."""
        programs = [(self.at / name).read_text() for name in _PROGRAM.findall(text)]
        (port,) = _LISTENS.findall("\n".join([text, *programs]))
        end = time.monotonic() + _LIMIT
        while True:
            try:
                socket.create_connection(("127.0.0.1", int(port))).close()
                break
            except ConnectionRefusedError:
                assert time.monotonic() < end, f"{text} does not listen"
                time.sleep(0.05)

    def close(self) -> None:
        _end(self._shell)
        self._shell.stdin.close()
        self._shell.stdout.close()


def _end(process: subprocess.Popen) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
