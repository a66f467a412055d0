"""Adapter: limits round any connector. A province's failure ends here as data."""

from __future__ import annotations

import asyncio
import logging
import random
from time import perf_counter
from typing import TYPE_CHECKING

from connectors.breaker import Phase
from connectors.call import Bug, Call
from connectors.call_notes import CallNotes
from connectors.faults import ProvinceFault, fault
from connectors.health import Chart
from connectors.line import Line
from connectors.observer import Unobserved
from connectors.port import Acted, Answer, Changed, Dated
from connectors.receipts import checked
from connectors.retry import wait_before_retry
from connectors.told_changes import flaw_of
from connectors.tracing import part
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime, timedelta
    from typing import TypeVar

    from connectors.health import Health
    from connectors.observer import Observer
    from connectors.port import (
        Capabilities,
        ChangesWanted,
        Clock,
        Connector,
        Question,
    )
    from connectors.settings import ProvinceSettings
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode

    T = TypeVar("T")
    #: What of an answer to commands counts, and its first flaw; see ``receipts``.
    Judge = Callable[[ProvinceCode, Sequence[Command], Acted], tuple[Acted, str]]

_LOG = logging.getLogger(__name__)


class Guard:
    """A connector that never raises and never keeps anyone waiting.

    Whatever the province does, ``ask`` returns by the deadline. Only
    cancellation passes through.
    """

    def __init__(
        self,
        connector: Connector,
        settings: ProvinceSettings,
        clock: Clock,
        observer: Observer | None = None,
        chance: Callable[[], float] = random.random,
        *,
        judge: Judge = checked,
    ) -> None:
        """Wrap a connector.

        Args:
            connector: What is wrapped; it is closed with the guard.
            settings: The limits.
            clock: For the moments that are shown.
            observer: Who is told of every call.
            chance: Gives a random number from 0 up to 1, for the jitter.
            judge: Keeps of the receipts those that are answers. Who only passes them on
                leaves that to the hub.
        """
        self.settings = settings
        #: Set when the province refused a question as outside its contract:
        #: what we believe it serves is out of date.
        self.outdated = asyncio.Event()
        self._connector = connector
        self._clock = clock
        self._observer = observer or Unobserved()
        self._chance = chance
        self._judge = judge
        self._slots = asyncio.Semaphore(settings.concurrency)
        # Commands to one register are carried out in order: one call after another.
        self._act_slots = asyncio.Semaphore(1)
        self._line = Line(connector.province, settings, self._observer)
        self._chart = Chart(settings)
        self._notes = CallNotes(
            connector.province, self._observer, self._chart, self.outdated
        )
        #: What it declared to the guard before this one, until it has been asked.
        self._believed: Capabilities | None = None

    def follow(self, old: Guard, *, same: bool) -> None:
        """Take over from the guard before: commands stay in order.

        Args:
            old: The guard before; it may still be asked meanwhile.
            same: It is the same system that tells the same: what is known of it holds.
        """
        self._act_slots = old._act_slots  # of its own kind
        if same:
            self._chart.follow(old._chart)
            self._believed = old.capabilities
        self._observer.breaker_moved(self.province, self._line.phase)

    @property
    def province(self) -> ProvinceCode:
        """Which province this speaks to."""
        return self._connector.province

    @property
    def capabilities(self) -> Capabilities:
        """What the province declared last; what the settings say until then."""
        return self._believed or self._connector.capabilities

    @property
    def as_of(self) -> datetime | None:
        """Of which moment all its rows are; none where each has its own."""
        return self._connector.as_of if isinstance(self._connector, Dated) else None

    async def ask(self, question: Question, deadline: float) -> Answer:
        """Ask one question; the faults are in the answer.

        Args:
            question: All that is wanted. It must lie within ``capabilities``.
            deadline: The caller's last moment, by the loop's clock. The
                province's own deadline from the settings holds besides.
        """
        with part("ask province", client=True) as span:
            if span is not None:
                span.tell(province=self.province, **question.size)
            call = self._begin(question.request, deadline, self.settings.deadline)
            try:
                self._line.refuse_at_once(call.began)
                async with self._line.turn(self._slots, call.deadline):
                    answer = await self._until(
                        lambda: self._connector.ask(question, call.deadline), call
                    )
            except ProvinceFault as failed:
                call.detail = failed.detail
                told = fault(self.province, failed.code)
                answer = Answer((), (told,), self._clock.now())
            self._notes.asked(call, answer)
            return answer

    async def act(
        self, commands: Sequence[Command], request: str, deadline: float
    ) -> Acted:
        """Have commands carried out; what is unknown has no receipt.

        It is tried once: whoever sent the commands keeps them, and asks again with
        the same keys and in the same order.

        Args:
            commands: Within ``capabilities.acts``, all for this province.
            request: Id of the request.
            deadline: The caller's last moment, by the loop's clock. The province's
                own ``act_deadline`` holds besides.
        """
        if not commands:
            return Acted(())
        with part("command province", client=True) as span:
            if span is not None:
                span.tell(province=self.province, commands=len(commands))
            call = self._begin(request, deadline, self.settings.act_deadline)
            try:
                self._line.refuse_at_once(call.began)
                async with self._line.turn(self._act_slots, call.deadline):
                    call.attempts += 1
                    acted = await self._line.attempt(
                        lambda: self._connector.act(commands, request, call.deadline),
                        call,
                    )
            except ProvinceFault as failed:
                call.detail = failed.detail
                told = fault(self.province, failed.code)
                acted = Acted((None,) * len(commands), told)
            else:
                acted, flaw = self._judge(self.province, commands, acted)
                call.detail = flaw or call.detail
            self._notes.commanded(call, acted, self._clock.now())
            return acted

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Ask for changes of case files; it is tried again like any reading.

        Args:
            wanted: What is asked for.
            deadline: The caller's last moment, by the loop's clock. The province's
                own deadline from the settings holds besides.
        """
        call = self._begin(wanted.request, deadline, self.settings.deadline)
        code: FaultCode | None = None
        try:
            self._line.refuse_at_once(call.began)
            async with self._line.turn(self._slots, call.deadline):
                changed = await self._until(
                    lambda: self._sound_changes(wanted, call.deadline), call
                )
        except ProvinceFault as failed:
            code, call.detail = failed.code, failed.detail
            self._chart.fault(code, self._clock.now())
            changed = Changed(None, fault(self.province, code))
        self._notes.tell("changes", call, code, perf_counter() - call.started)
        return changed

    async def probe(self, deadline: float) -> Capabilities:
        """Ask the province what it serves.

        A failure is shown in ``health``; what was known before still holds.
        """
        call = self._begin("probe", deadline, self.settings.deadline)
        try:
            self._line.refuse_at_once(call.began)
            async with self._line.turn(self._slots, call.deadline):
                await self._line.attempt(
                    lambda: self._connector.probe(call.deadline), call
                )
        except ProvinceFault as failed:
            self._chart.fault(failed.code, self._clock.now())
            _LOG.warning(
                "probe province=%s outcome=%s detail=%s",
                self.province,
                failed.code,
                failed.detail or "-",
            )
        else:
            self._believed = None
            self._chart.declared(self._clock.now())
            if self.as_of is not None:
                self._observer.dated(self.province, self.as_of)
        return self.capabilities

    def health(self) -> Health:
        """Tell how the province has been answering."""
        return self._chart.show(self.capabilities, self._line.phase)

    async def close(self) -> None:
        """Close the connector."""
        await self._connector.close()

    def _begin(self, request: str, deadline: float, own: timedelta) -> Call:
        now, seconds = asyncio.get_running_loop().time(), own.total_seconds()
        return Call(
            request, now, min(deadline, now + seconds), perf_counter(), seconds / 2
        )

    async def _sound_changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        changed = await self._connector.changes(wanted, deadline)
        flaw = changed.changes and flaw_of(self.province, wanted, changed.changes)
        if flaw:
            raise ProvinceFault(FaultCode.MALFORMED, flaw)
        return changed

    async def _until(self, put: Callable[[], Awaitable[T]], call: Call) -> T:
        """Try to read, and try again.

        The slot is kept meanwhile: an ill province is not asked more questions
        at once than a healthy one.
        """
        loop = asyncio.get_running_loop()
        while True:
            call.attempts += 1
            try:
                return await self._line.attempt(put, call)
            except Bug:
                raise
            except ProvinceFault as failed:
                wait = wait_before_retry(
                    self.settings.retry,
                    call.attempts,
                    failed,
                    call.deadline - loop.time(),
                    self._chance(),
                )
                if wait is None or self._line.phase is not Phase.CLOSED:
                    raise
            await asyncio.sleep(wait)
