"""Adapter: limits round any connector. A province's failure ends here as data."""

from __future__ import annotations

import asyncio
import logging
import random
import traceback
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from connectors.breaker import (
    BreakerPolicy,
    BreakerState,
    Outcome,
    Phase,
    admit,
    note,
)
from connectors.call import Bug, Call, verdict
from connectors.faults import ProvinceFault, fault
from connectors.health import Chart
from connectors.observer import Unobserved
from connectors.port import Answer
from connectors.retry import wait_before_retry
from connectors.tracing import CURRENT, part
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from typing import TypeVar

    from connectors.health import Health
    from connectors.observer import Observer
    from connectors.port import Capabilities, Clock, Connector, Question
    from connectors.settings import ProvinceSettings
    from schema.records.keys import ProvinceCode

    T = TypeVar("T")

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
    ) -> None:
        """Wrap a connector.

        Args:
            connector: What is wrapped; it is closed with the guard.
            settings: The limits.
            clock: For the moments that are shown.
            observer: Who is told of every call.
            chance: Gives a random number from 0 up to 1, for the jitter.
        """
        self.settings = settings
        #: Set when the province refused a question as outside its contract:
        #: what we believe it serves is out of date.
        self.outdated = asyncio.Event()
        self._connector = connector
        self._clock = clock
        self._observer = observer or Unobserved()
        self._chance = chance
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._policy = BreakerPolicy(
            settings.breaker.failures,
            settings.breaker.rate,
            settings.breaker.window.total_seconds(),
            settings.breaker.open_for.total_seconds(),
            settings.breaker.probes,
        )
        self._fair = settings.deadline.total_seconds() / 2
        self._breaker = BreakerState()
        self._held_until = 0.0
        self._chart = Chart(settings)

    @property
    def province(self) -> ProvinceCode:
        """Which province this speaks to."""
        return self._connector.province

    @property
    def capabilities(self) -> Capabilities:
        """What the province declared last; what the settings say until then."""
        return self._connector.capabilities

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
            call = self._begin(question.request, deadline)
            try:
                self._refuse_at_once(call.began)
                async with self._slot(call.deadline):
                    answer = await self._ask_until(question, call)
            except ProvinceFault as failed:
                call.detail = failed.detail
                told = fault(self.province, failed.code)
                answer = Answer((), (told,), self._clock.now())
            self._take_note(call, answer)
            return answer

    async def probe(self, deadline: float) -> Capabilities:
        """Ask the province what it serves.

        A failure is shown in ``health``; what was known before still holds.
        """
        call = self._begin("probe", deadline)
        try:
            self._refuse_at_once(call.began)
            async with self._slot(call.deadline):
                await self._attempt(lambda: self._connector.probe(call.deadline), call)
        except ProvinceFault as failed:
            self._chart.fault(failed.code, self._clock.now())
            _LOG.warning(
                "probe province=%s outcome=%s detail=%s",
                self.province,
                failed.code,
                failed.detail or "-",
            )
        else:
            self._chart.declared(self._clock.now())
        return self.capabilities

    def health(self) -> Health:
        """Tell how the province has been answering."""
        return self._chart.show(self.capabilities, self._breaker.phase)

    async def close(self) -> None:
        """Close the connector."""
        await self._connector.close()

    def _begin(self, request: str, deadline: float) -> Call:
        now = asyncio.get_running_loop().time()
        own = now + self.settings.deadline.total_seconds()
        return Call(request, now, min(deadline, own), perf_counter())

    def _refuse_at_once(self, now: float) -> None:
        """Refuse what would be refused later, before it waits in a queue."""
        if self.settings.paused:
            raise ProvinceFault(FaultCode.SUSPENDED, "paused in the settings")
        if now < self._held_until:
            raise ProvinceFault(FaultCode.THROTTLED, "holding back as it asked")
        if admit(self._policy, self._breaker, now)[1] is None:
            raise ProvinceFault(FaultCode.SUSPENDED)

    @asynccontextmanager
    async def _slot(self, deadline: float) -> AsyncIterator[None]:
        if self._slots.locked():
            now = asyncio.get_running_loop().time()
            wait = self.settings.queue_wait.total_seconds()
            try:
                async with asyncio.timeout_at(min(deadline, now + wait)):
                    await self._slots.acquire()
            except TimeoutError as error:
                raise ProvinceFault(FaultCode.BUSY) from error
        else:
            await self._slots.acquire()
        try:
            yield
        finally:
            self._slots.release()

    async def _ask_until(self, question: Question, call: Call) -> Answer:
        """Try, and try again.

        The slot is kept meanwhile: an ill province is not asked more questions
        at once than a healthy one.
        """
        loop = asyncio.get_running_loop()
        while True:
            call.attempts += 1
            try:
                return await self._attempt(
                    lambda: self._connector.ask(question, call.deadline), call
                )
            except Bug:
                raise
            except ProvinceFault as failed:
                self._hold_back(failed, loop.time())
                wait = wait_before_retry(
                    self.settings.retry,
                    call.attempts,
                    failed,
                    call.deadline - loop.time(),
                    self._chance(),
                )
                if wait is None or self._breaker.phase is not Phase.CLOSED:
                    raise
            await asyncio.sleep(wait)

    async def _attempt(self, put: Callable[[], Awaitable[T]], call: Call) -> T:
        loop = asyncio.get_running_loop()
        if loop.time() >= call.deadline:
            raise ProvinceFault(FaultCode.TIMED_OUT, "no time left to ask")
        state, ticket = admit(self._policy, self._breaker, loop.time())
        self._move(state)
        if ticket is None:
            raise ProvinceFault(FaultCode.SUSPENDED)
        outcome = Outcome.UNKNOWN
        given = call.deadline - loop.time()
        try:
            async with asyncio.timeout_at(call.deadline):
                told = await put()
        except TimeoutError as error:
            outcome = verdict(FaultCode.TIMED_OUT, given, self._fair)
            raise ProvinceFault(FaultCode.TIMED_OUT) from error
        except ProvinceFault as failed:
            outcome = verdict(failed.code, given, self._fair)
            raise
        except Exception as error:
            outcome = Outcome.BAD
            self._log_bug(error, call)
            raise Bug(FaultCode.PROVINCE_ERROR, "bug in the connector") from error
        else:
            outcome = Outcome.GOOD
            return told
        finally:
            now = loop.time()
            self._move(note(self._policy, self._breaker, ticket, outcome, now))

    def _move(self, state: BreakerState) -> None:
        before, self._breaker = self._breaker, state
        if state.phase is not before.phase:
            self._observer.breaker_moved(self.province, state.phase)
            _LOG.warning("breaker province=%s phase=%s", self.province, state.phase)

    def _hold_back(self, failed: ProvinceFault, now: float) -> None:
        """Do as the province asks, but not for ever: it may mean a year."""
        if failed.retry_after:
            longest = self._policy.open_for
            self._held_until = now + min(failed.retry_after, longest)

    def _log_bug(self, error: Exception, call: Call) -> None:
        # Without the exception's message: it may quote a person's data.
        _LOG.error(
            "bug in connector province=%s request=%s error=%s\n%s",
            self.province,
            call.request,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )

    def _take_note(self, call: Call, answer: Answer) -> None:
        seconds = perf_counter() - call.started
        if answer.workers:
            self._chart.answered(answer.fetched_at, seconds)
        code = answer.faults[0].code if answer.faults else None
        if code is not None:
            in_part = bool(answer.workers)
            self._chart.fault(code, answer.fetched_at, in_part=in_part)
        if code is FaultCode.NOT_SUPPORTED:
            self.outdated.set()
        self._observer.answered(self.province, code, seconds, call.attempts)
        if (span := CURRENT.get()) is not None:
            span.tell(attempts=call.attempts, fault=code.value if code else "")
        _LOG.info(
            "asked province=%s request=%s outcome=%s attempts=%d ms=%.1f detail=%s",
            self.province,
            call.request,
            code or "OK",
            call.attempts,
            seconds * 1000,
            call.detail or "-",
        )
