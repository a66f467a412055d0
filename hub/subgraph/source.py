"""Adapter: the connector behind the kit, in its guard, and the watch over it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from connectors.breaker import Phase
from connectors.guard import Guard
from connectors.port import Acted
from hub.subgraph.served import serve_contract
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from connectors.health import Health
    from connectors.port import (
        Answer,
        Changed,
        ChangesWanted,
        Clock,
        Connector,
        Question,
    )
    from connectors.settings import ProvinceSettings
    from hub.config.server import LimitSettings
    from hub.subgraph.served import Served
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode

_LOG = logging.getLogger("hub.subgraph")

#: However often the source refuses what it declared, it is not asked anew sooner.
_LEAST_PAUSE_S = 1.0
#: How often a source is looked at that does not answer.
_UNREADY_PAUSE_S = 2.0

#: Waiting does not mend these: whoever starts the kit must.
_FOR_PEOPLE = frozenset(
    {
        FaultCode.UNAUTHORISED,
        FaultCode.UNTRUSTED,
        FaultCode.MALFORMED,
        FaultCode.NOT_SUPPORTED,
        FaultCode.REDIRECTED,
        FaultCode.TOO_LARGE,
    }
)


def _as_told(
    _province: ProvinceCode, _commands: Sequence[Command], acted: Acted
) -> tuple[Acted, str]:
    """Pass receipts on as the register gave them: which are answers, the hub judges."""
    return acted, ""


class Source:
    """Answers by its deadline, whatever the province's own system does."""

    def __init__(
        self,
        connector: Connector,
        settings: ProvinceSettings,
        limits: LimitSettings,
        clock: Clock,
        share: float,
    ) -> None:
        """Put a connector into its guard; nothing is asked yet.

        Args:
            connector: What is served; it is closed with the source.
            settings: The province, with its deadlines and its concurrency.
            limits: How much a document may ask for.
            clock: For the moments that are shown.
            share: The part of the deadlines that the connector has.
        """
        self.guard = Guard(connector, settings, clock, judge=_as_told)
        self._limits = limits
        self._clock = clock
        self._share = share
        self._watch: asyncio.Task[None] | None = None
        self._answers = False
        self.served: Served = serve_contract(connector.capabilities, limits)

    @property
    def province(self) -> ProvinceCode:
        """Whose rows are served."""
        return self.guard.province

    @property
    def as_of(self) -> datetime:
        """Of which moment its batch is, or when the source last answered.

        Rows have their own moments besides.
        """
        return self.guard.as_of or self.health.last_ok_at or self._clock.now()

    @property
    def health(self) -> Health:
        """How the source has been answering."""
        return self.guard.health()

    @property
    def ready(self) -> bool:
        """Whether it answers: it did when asked what it serves, and was not suspended."""
        return self._answers and self.health.breaker is Phase.CLOSED

    async def start(self) -> FaultCode | None:
        """Ask what the source serves, and go on asking from time to time.

        Returns:
            None, or why it cannot be used in a way that only people can mend. A source
            that does not answer yet may do so later.
        """
        code = await self.probe()
        if code in _FOR_PEOPLE:
            return code
        self._watch = asyncio.create_task(self._keep_watch(), name="subgraph-probe")
        return None

    async def probe(self) -> FaultCode | None:
        """Ask what the source serves, and serve that; tell why it did not say."""
        before = self.health.last_fault_at
        capabilities = await self.guard.probe(self._until(self.guard.settings.deadline))
        health = self.health
        failed = health.last_fault_at != before
        self._answers = not failed
        if capabilities != self.served.capabilities:
            self.served = await asyncio.to_thread(
                serve_contract, capabilities, self._limits
            )
            _LOG.info("contract cut anew province=%s", self.province)
        return health.last_fault if failed else None

    def look(self) -> None:
        """Have the source asked anew what it serves, within a second."""
        self.guard.outdated.set()

    async def ask(self, question: Question) -> Answer:
        """Ask one question; the faults are in the answer."""
        return await self.guard.ask(question, self._until(self.guard.settings.deadline))

    async def act(self, commands: Sequence[Command], request: str) -> Acted:
        """Have commands carried out; what is unknown has no receipt."""
        if not commands:
            return Acted(())
        until = self._until(self.guard.settings.act_deadline)
        return await self.guard.act(commands, request, until)

    async def changes(self, wanted: ChangesWanted) -> Changed:
        """Ask for changes of case files."""
        return await self.guard.changes(
            wanted, self._until(self.guard.settings.deadline)
        )

    async def close(self) -> None:
        """End the watch, and close the connector."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            await asyncio.wait([watch])
        await self.guard.close()

    def _until(self, whole: timedelta) -> float:
        return asyncio.get_running_loop().time() + whole.total_seconds() * self._share

    async def _keep_watch(self) -> None:
        every = self.guard.settings.probe_every.total_seconds()
        while True:
            # A source that does not answer is looked at more often.
            pause = every if self.ready else min(every, _UNREADY_PAUSE_S)
            await asyncio.sleep(min(_LEAST_PAUSE_S, pause))
            try:
                async with asyncio.timeout(pause):
                    await self.guard.outdated.wait()
            except TimeoutError:
                pass
            self.guard.outdated.clear()
            await self.probe()
