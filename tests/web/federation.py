"""The demo's own federation as processes: a hub, provinces, an issuer, PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from deploy.demo.directory import Directory

ROOT = Path(__file__).parents[2]
LIMIT = 120


class Federation:
    """What a running demo has printed.

    Attributes:
        directory: Its data and logs.
        link: The explorer's address with token and number filled in.
        url: The hub.
        token: Of an officer of the inflow area.
        number: Resident ID number of the worker that is shown first.
        name: Of the same worker.
        tokens: All that were printed.
        left: What stands in each log; once it is stopped.
    """

    def __init__(self, directory, written):
        self.directory = directory
        self.link = next(x for x in written.splitlines() if "/explorer#" in x)
        parts = urlsplit(self.link)
        filled = parse_qs(parts.fragment)
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.token = filled["token"][0]
        self.number = filled["resident-id"][0]
        self.tokens = re.findall(r"^ey[\w.-]+$", written, re.MULTILINE)
        self.left = {}
        self.name = re.search(r"^(\S+)  出生 born", written, re.MULTILINE)[1]


@contextlib.contextmanager
def federation(directory, *, size=80, provinces="44,51", **env):
    """Start the demo; stop it as Ctrl-C does, and delete its data."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "deploy.demo", "--dir", directory, "--port", "0"),
            *("--size", str(size), "--provinces", provinces),
        ],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines, running = [], None
    reader = threading.Thread(target=lambda: lines.extend(process.stdout))
    reader.start()
    try:
        end = time.monotonic() + LIMIT
        while "Ctrl-C stops everything." not in "".join(lines):
            assert process.poll() is None, "".join(lines)
            assert time.monotonic() < end, "".join(lines)
            time.sleep(0.05)
        running = Federation(directory, "".join(lines))
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        finally:
            process.kill()
            reader.join()
            process.stdout.close()
        if running is not None:
            running.left = {
                log.name: log.read_text("utf-8", "replace")
                for log in (Path(directory) / "logs").iterdir()
            }
        Directory(directory).forget()
