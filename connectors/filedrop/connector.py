"""Adapter: a province that can only export files."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault, fault
from connectors.filedrop.child import ChildFailed
from connectors.filedrop.looking_up import LookingUp
from connectors.filedrop.shelf import Shelf
from connectors.filedrop.taking import anything_new
from connectors.port import (
    MOST_COMMANDS,
    WHOLE_CONTRACT,
    Acted,
    Answer,
    Capabilities,
)
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connectors.filedrop.looking_up import OpenBatch
    from connectors.filedrop.places import Places
    from connectors.filedrop.ports import CaseLog, Desk, Mirror, Taker, Tell
    from connectors.filedrop.rules import Rules
    from connectors.filedrop.taking import Look
    from connectors.port import (
        Changed,
        ChangesWanted,
        Clock,
        Question,
    )
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode

_LOG = logging.getLogger(__name__)

#: So many look-ups are under way at once: they are short, and read a local file.
_READERS = 4
#: What is kept of the deadline of a probe to look at what came of it, in seconds.
_LAST_LOOK = 0.2
#: How long to rest after a builder died: twice as long each time, in seconds.
_FIRST_REST, _LONGEST_REST = 15, 3600


class FilesConnector:
    """Answers from the last batch that was whole, and looks for the next."""

    def __init__(
        self,
        province: ProvinceCode,
        rules: Rules,
        places: Places,
        taker: Taker,
        clock: Clock,
        *,
        version: str = WHOLE_CONTRACT.contract_version,
        desk: Desk | None = None,
        case_log: CaseLog | None = None,
        mirror: Mirror | None = None,
    ) -> None:
        """Take the mapping's word for what is served until there is a batch.

        Args:
            province: Who.
            rules: How its batches are read.
            places: The drop folder.
            taker: Takes batches.
            clock: Tells when an answer was complete.
            version: Which contract is declared.
            desk: Takes commands; without it the province takes none.
            case_log: Tells of case files; without it the province does not tell.
            mirror: Brings the files, if they are elsewhere.
        """
        self._province = province
        self._rules = rules
        self._places = places
        self._taker = taker
        self._clock = clock
        self._version = version
        self._desk = desk
        self._case_log = case_log
        self._mirror = mirror
        self._shelf = Shelf(places)
        self._threads = ThreadPoolExecutor(_READERS, "files")
        self._looking: asyncio.Task[Look | None] | None = None
        self._seen: OpenBatch | None = None
        self._failures = 0
        self._rest_until = 0.0

    @property
    def province(self) -> ProvinceCode:
        """Which province this speaks to."""
        return self._province

    @property
    def capabilities(self) -> Capabilities:
        """What the batch has that is asked; the mapping's word until there is one."""
        there = self._seen
        fields = self._rules.mapping.fields
        if there is not None:
            fields = {k: one.fields for k, one in there.pointer.kinds.items()}
        return Capabilities(
            self._version,
            fields,
            self._desk.acts if self._desk else frozenset(),
            changes=self._case_log is not None,
        )

    @property
    def _mapped(self) -> Capabilities:
        return Capabilities(self._version, self._rules.mapping.fields)

    @property
    def as_of(self) -> datetime | None:
        """Of which moment the batch is that is asked; none if there is none."""
        return self._seen.pointer.as_of if self._seen else None

    async def ask(self, question: Question, deadline: float) -> Answer:
        """Ask the batch that was taken last.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if not question.asks:
            return Answer((), (), self._clock.now())
        loop = asyncio.get_running_loop()
        until = monotonic() + deadline - loop.time()
        return await loop.run_in_executor(self._threads, self._answer, question, until)

    async def act(
        self, commands: Sequence[Command], request: str, deadline: float
    ) -> Acted:
        """Lay commands down, and tell what is answered by now.

        Raises:
            ProvinceFault: Nothing is known of any of them, for any reason.
        """
        if not {one.act for one in commands} <= self.capabilities.acts:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "acts are not declared")
        if self._desk is None or not commands:
            return Acted(())
        told = await self._desk.act(commands[:MOST_COMMANDS], request, deadline)
        unsent = len(commands) - len(told.receipts)
        why = told.fault
        if unsent and why is None:
            why = fault(self._province, FaultCode.PARTIAL)
        return Acted((*told.receipts, *(None,) * unsent), why)

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Tell a page of changes.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if self._case_log is None:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "changes are not declared")
        return await self._case_log.changes(wanted, deadline)

    async def probe(self, deadline: float) -> Capabilities:
        """Look for a new batch; taking it may go on after this has answered.

        Raises:
            ProvinceFault: There is no batch yet.
        """
        loop = asyncio.get_running_loop()
        idle = self._looking is None or self._looking.done()
        if idle and loop.time() >= self._rest_until:
            self._looking = loop.create_task(self._look())
            self._looking.add_done_callback(self._log)
        left = deadline - loop.time() - _LAST_LOOK
        with suppress(Exception):  # it is logged when it is done
            async with asyncio.timeout(max(0, left)):
                if self._looking is not None:
                    await asyncio.shield(self._looking)
        self._seen = await loop.run_in_executor(self._threads, self._shelf.current)
        if self._seen is None:
            raise ProvinceFault(FaultCode.NOT_CONNECTED, "no batch was taken yet")
        return self.capabilities

    async def take(self, tell: Tell, *, anew: bool = False) -> Look:
        """Look for a batch now, and take it.

        Args:
            tell: Is told of a batch how many rows are done, of how many.
            anew: Look again at what was turned down, and take what is improbable.

        Raises:
            ChildFailed: It could not be done; what was taken last stays.
        """
        if self._mirror is not None:
            await self._mirror.bring()
        look = await self._taker.look(tell, anew=anew)
        loop = asyncio.get_running_loop()
        self._seen = await loop.run_in_executor(self._threads, self._shelf.current)
        return look

    async def close(self) -> None:
        """End what is under way; a batch that is being taken is left for next time."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        for one in (self._desk, self._case_log, self._mirror):
            if one is not None:
                await one.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._shelf.close()

    async def _look(self) -> Look | None:
        for one in (self._desk, self._case_log):
            if one is not None:
                await one.look()
        if self._mirror is not None:
            await self._mirror.bring()
        loop = asyncio.get_running_loop()
        new = await loop.run_in_executor(
            None, anything_new, self._places, self._rules, self._clock.now()
        )
        return await self._taker.look(lambda *_: None) if new else None

    def _log(self, done: asyncio.Task[Look | None]) -> None:
        if done.cancelled():
            return
        failed = done.exception()
        if isinstance(failed, ChildFailed):
            self._failures += 1
            pause = min(_FIRST_REST * 2**self._failures, _LONGEST_REST)
            self._rest_until = asyncio.get_running_loop().time() + pause
        if failed is not None:
            _LOG.error(
                "batch not taken province=%s error=%s",
                self._province, failed if isinstance(failed, ChildFailed) else type(failed).__name__,
            )  # fmt: skip
            return
        self._failures = 0
        look = done.result()
        for one in look.refused if look else ():
            _LOG.error(
                "batch refused province=%s batch=%s code=%s file=%s row=%s",
                self._province, one.batch, one.code, one.file, one.row,
            )  # fmt: skip
        if look and look.taken:
            _LOG.info(
                "batch taken province=%s batch=%s as-of=%s",
                self._province, look.taken.batch, look.taken.as_of.isoformat(),
            )  # fmt: skip

    def _answer(self, question: Question, until: float) -> Answer:
        """Answer in a thread; if the index went away meanwhile, from the next."""
        if monotonic() >= until:
            raise ProvinceFault(FaultCode.TIMED_OUT, "no thread came free")
        index = self._shelf.current()
        for last in (False, True):
            if index is None:
                raise ProvinceFault(FaultCode.NOT_CONNECTED, "no batch was taken yet")
            self._seen = index
            # Who asks may have seen the batch before: what this one lacks is missing,
            # and costs nothing else.
            if not all(self._mapped.covers(one.selection) for one in question.asks):
                raise ProvinceFault(FaultCode.NOT_SUPPORTED, "not declared")
            try:
                with index.session(until) as connection:
                    looking = LookingUp(
                        self._province,
                        connection,
                        self._clock.now,
                        index.pointer.kinds,
                    )
                    return looking.answer(question)
            except ProvinceFault as fault:
                following = self._shelf.current()
                if (
                    last
                    or fault.code is not FaultCode.UNREACHABLE
                    or following is index
                ):
                    raise
                index = following
        raise AssertionError
