"""Kills whoever takes a batch, at any instruction, and tells what a hub reads afterwards.

    python -m tests.provinces.killing --kills 50 --seed 1

A process of its own, since it forks: each child takes the same batch over the one before
and is killed (SIGKILL) at one of the bytecode instructions of ``connectors/filedrop``,
drawn evenly over all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from time import monotonic

from connectors.filedrop.looking_up import LookingUp
from connectors.filedrop.places import Places
from connectors.filedrop.rules import Rules
from connectors.filedrop.settings import FilesSettings
from connectors.filedrop.shelf import Shelf
from connectors.filedrop.taking import Taking
from connectors.port import Ask, Question
from hub.clock import SystemClock
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from tests.provinces.dropping import as_csv, day, deliver

_MAPPING = b"""
version = 1
[kinds.WORKER]
source = "zg.csv"
key = "ID"
[kinds.WORKER.fields]
name = "NAME"
"""
_WORKERS = 40
_ROOM = str(Path("connectors") / "filedrop")


class Folder:
    """Two batches: the first is taken already."""

    def __init__(self, place):
        self.directory = Path(place)
        self.settings = FilesSettings(directory=place)
        self.places = Places.of(self.settings)
        self.rules = Rules.of(_MAPPING, "44.mapping.toml", self.settings)
        self._deliver("before", 1)
        assert self.take().taken
        self._deliver("after", 2)
        shutil.copytree(self.places.state, self.directory / "kept")

    def _deliver(self, name, number):
        rows = [{"ID": f"gd-{n}", "NAME": name} for n in range(_WORKERS)]
        files = {"zg.csv": as_csv(rows)}
        deliver(self.directory, name, day(number), files, {"zg.csv": _WORKERS})

    def take(self):
        now = SystemClock().now()
        return Taking(self.places, self.rules, now, lambda *_: None).take()

    def again(self):
        """Put everything as it was before the second batch was looked at."""
        shutil.rmtree(self.places.state)
        shutil.copytree(self.directory / "kept", self.places.state)

    def told(self):
        """The names that a hub reads that was started just now: one, or it is torn."""
        shelf = Shelf(self.places)
        question = Question(
            (Ask(tuple(f"gd-{n}" for n in range(_WORKERS)),
                 Selection.of({RecordKind.WORKER: {"name"}})),), "r", "TEST",
        )  # fmt: skip
        index = shelf.current()
        with index.session(monotonic() + 5) as connection:
            looking = LookingUp(
                "44", connection, SystemClock().now, index.pointer.kinds
            )
            answer = looking.answer(question)
        shelf.close()
        assert not answer.faults
        return {one.name for one in answer.workers[0]}


def instructions(folder, until):
    """Take the batch; be killed at an instruction. Tells how many there were."""
    count = 0

    def step(_frame, event, _arg):
        nonlocal count
        if event == "opcode":
            count += 1
            if count == until:
                os.kill(os.getpid(), signal.SIGKILL)
        return step

    def entered(frame, _event, _arg):
        if _ROOM not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        return step

    sys.settrace(entered)
    try:
        folder.take()
    finally:
        sys.settrace(None)
    return count


def killed(folder, at):
    """Be killed there; tell what is read then, and after the next one took it."""
    folder.again()
    child = os.fork()
    if not child:
        instructions(folder, at)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"not killed at {at}"
    first = folder.told()
    folder.take()
    left = len(list(folder.places.indexes.iterdir()))
    return {
        "at": at,
        "told": sorted(first),
        "then": sorted(folder.told()),
        "left": left,
    }


def main():
    """Kill so many, and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(place)
        total = instructions(folder, 0)
        chance = random.Random(told.seed)  # noqa: S311  # draws, and no secret
        # The last are those after the batch was put in place: as many as before it.
        points = {1 + chance.randrange(total) for _ in range(told.kills)}
        found = [killed(folder, at) for at in sorted(points)]
    print(json.dumps({"instructions": total, "kills": found}))  # noqa: T201


if __name__ == "__main__":
    main()
