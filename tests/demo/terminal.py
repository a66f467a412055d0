"""A demo in a terminal of its own, and what a person does with what it prints."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
SIZE = "300"
LIMIT = 180


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

    def wait_for(self, words, times=1):
        end = time.monotonic() + LIMIT
        while self.written.count(words) < times:
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

    def pair(self, number):
        """The two lines that move a member, when the demo has printed them so often."""
        self.wait_for("ISSUED=$(curl", number)
        while True:
            lines = self.written.splitlines(keepends=True)
            at = [n for n, x in enumerate(lines) if x.startswith("ISSUED=$(curl")]
            pair = lines[at[number - 1] : at[number - 1] + 2]
            if len(pair) == 2 and pair[1].endswith("\n"):
                return "".join(pair)
            time.sleep(0.05)

    def case_lines(self):
        """The lines that open a case and work on it, for one shell."""
        _, _, told = self.written.partition("The following go into one shell")
        told = told.partition("\n\n")[0]
        lines = [x for x in told.splitlines() if re.match("OUT=|OPENED=|curl|echo", x)]
        return "\n".join(lines).replace(".venv/bin/python", sys.executable)

    def program(self, *words):
        """The process of the demo with these words in its command line."""
        wanted = "\0".join(words).encode()
        return next(
            pid
            for pid in self.descendants()
            if wanted in Path(f"/proc/{pid}/cmdline").read_bytes()
        )

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


def gone(pids, within=15.0):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


def post(url, headers, body):
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request("POST", parts.path, body, headers)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def paste(line):
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
    return post(words[2], headers, body)["data"]["worker"]
