"""Adapter: batches are taken in a process of their own, which may be killed.

Its memory is bounded, it inherits no secrets, and its end is no end of the hub: what an
office put into a workbook happens there.
"""

from __future__ import annotations

import asyncio
import os
import resource
import select
import signal
import sys
import threading
import traceback
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.filedrop.ending import cause_of
from connectors.filedrop.places import Places
from connectors.filedrop.rules import Rules
from connectors.filedrop.settings import FilesSettings
from connectors.filedrop.taking import Look, Taking

if TYPE_CHECKING:
    from connectors.filedrop.ports import Tell
    from connectors.port import Clock

#: The longest line that a child writes.
_LINE: Final = 1024 * 1024
#: What a child ends with whose parent is dead; nobody reads it.
_ALONE: Final = 3


class Job(msgspec.Struct, frozen=True):
    """What a child is told.

    Attributes:
        settings: ``FilesSettings``, as JSON.
        name: What the mapping is called.
        mapping: The mapping file.
        now: The present moment.
        anew: As ``taking.Taking`` has it.
    """

    settings: str
    name: str
    mapping: bytes
    now: datetime
    anew: bool


class Word(msgspec.Struct, frozen=True):
    """What a child says: how far it is, or what came of it.

    Attributes:
        batch: Which batch.
        done: So many rows are done …
        total: … of so many.
        look: What came of it; the last word.
        failed: Or what went wrong, and where: never what stood in a file.
        cause: What an operator can mend of it, as ``ending`` has it.
    """

    batch: str = ""
    done: int = 0
    total: int = 0
    look: Look | None = None
    failed: str = ""
    cause: str = ""


class ChildFailed(Exception):
    """The process that takes batches ended without a word.

    Attributes:
        cause: What an operator can mend, as ``ending`` has it; empty if nothing.
        batch: Which batch it was at; empty if none.
    """

    def __init__(self, what: str, cause: str = "", batch: str = "") -> None:
        super().__init__(what)
        self.cause = cause
        self.batch = batch


class InChild:
    """Takes batches in a process of their own."""

    def __init__(
        self, settings: FilesSettings, name: str, mapping: bytes, clock: Clock
    ) -> None:
        """Start nothing yet."""
        self._settings = settings
        self._places = Places.of(settings)
        self._name = name
        self._mapping = mapping
        self._clock = clock

    async def look(self, tell: Tell, *, anew: bool = False) -> Look:
        """Take the freshest whole batch, if it is fresher than the last.

        Raises:
            ChildFailed: The process died, or took too long; what was taken last stays.
        """
        job = Job(
            self._settings.model_dump_json(),
            self._name,
            self._mapping,
            self._clock.now(),
            anew,
        )
        at = ""

        def told(batch: str, done: int, total: int) -> None:
            nonlocal at
            at = batch
            tell(batch, done, total)

        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "connectors.filedrop",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # What Python says of an error may repeat a value.
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            limit=_LINE,
        )
        try:
            async with asyncio.timeout(self._settings.take_within.total_seconds()):
                look = await _talk(child, msgspec.json.encode(job), told)
        except TimeoutError:
            raise ChildFailed("it took too long", "TOO_SLOW", at) from None
        except ChildFailed as failed:
            raise ChildFailed(str(failed), failed.cause, at) from None
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
        if look is None:
            killed = child.returncode == -signal.SIGKILL
            what = f"it ended with {child.returncode}"
            raise ChildFailed(what, "KILLED" if killed else "", at)
        return look


async def _talk(
    child: asyncio.subprocess.Process, job: bytes, tell: Tell
) -> Look | None:
    if child.stdin is None or child.stdout is None:
        raise ValueError("a child without pipes")
    with suppress(BrokenPipeError, ConnectionResetError):
        # It stays open as long as we live: by its end the child knows of ours.
        child.stdin.write(job + b"\n")
        await child.stdin.drain()
    decoder = msgspec.json.Decoder(Word)
    while line := await child.stdout.readline():
        word = decoder.decode(line)
        if word.failed:
            raise ChildFailed(word.failed, word.cause)
        if word.look is not None:
            return word.look
        tell(word.batch, word.done, word.total)
    return None


def run() -> None:
    """Be the child: read the job, take a batch, say what came of it.

    Whoever is left alone ends there and then, and writes nothing more: what it would say
    of a batch nobody could judge, and the next look takes the batch.
    """
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    settings = FilesSettings.model_validate_json(job.settings)
    resource.setrlimit(resource.RLIMIT_AS, (settings.memory, settings.memory))

    def say(word: Word) -> None:
        try:
            sys.stdout.buffer.write(msgspec.json.encode(word) + b"\n")
            sys.stdout.buffer.flush()
        except OSError:
            os._exit(_ALONE)

    taking = Taking(
        Places.of(settings),
        Rules.of(job.mapping, job.name, settings),
        job.now,
        lambda batch, done, total: say(Word(batch, done, total)),
        anew=job.anew,
        stand=_end_if_alone,
    )
    try:
        say(Word(look=taking.take()))
    except Exception as error:  # noqa: BLE001  # the edge of the process
        say(Word(failed=_where(error), cause=cause_of(error)))


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(_ALONE)


def _end_if_alone() -> None:
    """End if the parent is dead: nothing comes from it but the end."""
    waiting = select.poll()
    waiting.register(sys.stdin.fileno(), select.POLLIN)
    if waiting.poll(0):
        os._exit(_ALONE)


def _where(error: BaseException) -> str:
    """Tell what went wrong, and in which line of ours; not in whose row."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"
