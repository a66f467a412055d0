"""Runs ``python -m hub …`` of the guide's shell in processes that have loaded the hub.

Each command is a process of its own with the shell's directory, environment and
streams, forked from this one: that saves the second that it takes to import the hub,
twenty times. What the shell finds as ``python`` is ``shim`` below.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path

from hub.cli.app import main as main_of_the_hub

#: Commands that are run here; all others by Python itself.
_HERE = ("province", "links")
_SLOW = (
    "connectors.conformance.running",
    "connectors.drafting.catalogue",
    "connectors.filedrop.opening",
    "connectors.graphql.connector",
    "connectors.rest.opening",
    "connectors.sql.opening",
    "hub.subgraph.serve",
)

SHIM = """\
#!{python} -IS
import json, os, socket, sys
if sys.argv[1:3] != ["-m", "hub"] or sys.argv[3] not in {here}:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
with socket.socket(socket.AF_UNIX) as line:
    line.connect({door!r})
    told = json.dumps([sys.argv[3:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [len(told).to_bytes(4, "big")], [0, 1, 2])
    line.sendall(told)
    sys.exit(int(line.recv(4) or b"70"))
"""


def shim(place: Path, door: Path) -> None:
    """Write the ``python`` of the shell."""
    text = SHIM.format(python=sys.executable, door=str(door), here=_HERE)
    place.write_text(text, "utf-8")
    place.chmod(0o755)


def main(door: str) -> None:
    """Load what commands need, and wait for them."""
    for slow in _SLOW:
        importlib.import_module(slow)

    # Nobody waits for what is forked here: the system clears it away.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(door)
        listening.listen(16)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            told, _, _ = select.select([listening, sys.stdin], [], [])
            if sys.stdin in told:  # the tests are gone, however they ended
                os.killpg(0, signal.SIGKILL)
            line, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _run(line)
            line.close()


def _run(line: socket.socket) -> None:
    code = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        size, streams, _, _ = socket.recv_fds(line, 4, 3)
        told = b""
        while len(told) < int.from_bytes(size, "big"):
            told += line.recv(1 << 16)
        words, directory, environ = json.loads(told)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(environ)
        sys.argv = ["hub", *words]
        main_of_the_hub()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  # as Python itself would end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        line.sendall(str(code).encode())
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
