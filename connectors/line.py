"""Adapter: the line to one province: its breaker, turns on it, and one try."""

from __future__ import annotations

import asyncio
import logging
import traceback
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from connectors.breaker import (
    BreakerPolicy,
    BreakerState,
    Outcome,
    admit,
    note,
)
from connectors.call import Bug, verdict
from connectors.faults import ProvinceFault
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from typing import TypeVar

    from connectors.breaker import Phase
    from connectors.call import Call
    from connectors.observer import Observer
    from connectors.settings import ProvinceSettings
    from schema.records.keys import ProvinceCode

    T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class Line:
    """Whatever is sent to a province goes over this line, and counts for its breaker."""

    def __init__(
        self, province: ProvinceCode, settings: ProvinceSettings, observer: Observer
    ) -> None:
        """Begin with the breaker closed."""
        self._province = province
        self._settings = settings
        self._observer = observer
        self._policy = BreakerPolicy(
            settings.breaker.failures,
            settings.breaker.rate,
            settings.breaker.window.total_seconds(),
            settings.breaker.open_for.total_seconds(),
            settings.breaker.probes,
        )
        self._breaker = BreakerState()
        self._held_until = 0.0

    @property
    def phase(self) -> Phase:
        """Where the breaker stands."""
        return self._breaker.phase

    def refuse_at_once(self, now: float) -> None:
        """Refuse what would be refused later, before it waits in a queue.

        Raises:
            ProvinceFault: The province is not to be asked now.
        """
        if self._settings.paused:
            raise ProvinceFault(FaultCode.SUSPENDED, "paused in the settings")
        if now < self._held_until:
            raise ProvinceFault(FaultCode.THROTTLED, "holding back as it asked")
        if admit(self._policy, self._breaker, now)[1] is None:
            raise ProvinceFault(FaultCode.SUSPENDED)

    @asynccontextmanager
    async def turn(
        self, slots: asyncio.Semaphore, deadline: float
    ) -> AsyncIterator[None]:
        """Take one of these slots, and give it back.

        Raises:
            ProvinceFault: None came free in time.
        """
        if slots.locked():
            now = asyncio.get_running_loop().time()
            wait = self._settings.queue_wait.total_seconds()
            try:
                async with asyncio.timeout_at(min(deadline, now + wait)):
                    await slots.acquire()
            except TimeoutError as error:
                raise ProvinceFault(FaultCode.BUSY) from error
        else:
            await slots.acquire()
        try:
            yield
        finally:
            slots.release()

    async def attempt(self, put: Callable[[], Awaitable[T]], call: Call) -> T:
        """Try once, by the call's deadline.

        Raises:
            ProvinceFault: It failed; a ``Bug`` if the mistake is ours.
        """
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
            outcome = verdict(FaultCode.TIMED_OUT, given, call.fair)
            raise ProvinceFault(FaultCode.TIMED_OUT) from error
        except ProvinceFault as failed:
            outcome = verdict(failed.code, given, call.fair)
            self._hold_back(failed, loop.time())
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
            self._observer.breaker_moved(self._province, state.phase)
            _LOG.warning("breaker province=%s phase=%s", self._province, state.phase)

    def _hold_back(self, failed: ProvinceFault, now: float) -> None:
        """Do as the province asks, but not for ever: it may mean a year."""
        if failed.retry_after:
            longest = self._policy.open_for
            self._held_until = now + min(failed.retry_after, longest)

    def _log_bug(self, error: Exception, call: Call) -> None:
        # Without the exception's message: it may quote a person's data.
        _LOG.error(
            "bug in connector province=%s request=%s error=%s\n%s",
            self._province,
            call.request,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
