"""Itinerary: commands go to a province, in order, until it has them all.

Nothing here is remembered beyond the process: what was asked and not answered still
stands in the outbox, and is asked again under the same key. So a runner may die at any
moment; the next one goes on.
"""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hub.clock import day_in_china, new_request_id
from hub.runner.answering import answers
from hub.runner.backoff import wait_after
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hub.clock import Clock
    from hub.config.moving import RunnerSettings
    from hub.runner.ports import Notes, Registers
    from hub.transfer.ports import Outbox, Receipts
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode

_log = logging.getLogger("hub.runner")

#: Longer than any province may be given for acts; its own limit in the settings holds.
_PATIENCE_S: Final = 120.0


class Delivery:
    """Delivers commands; no province holds up another."""

    def __init__(
        self,
        outbox: Outbox,
        receipts: Receipts,
        registers: Registers,
        *,
        settings: RunnerSettings,
        clock: Clock,
        notes: Notes,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Hold what is needed.

        Args:
            outbox: What waits.
            receipts: Who is told what registers answered.
            registers: The provinces.
            settings: How many at once, and how long to wait after a failure.
            clock: Tells when something may be asked again.
            notes: Is told of every call.
            chance: Gives a random number from 0 up to 1, for the jitter.
        """
        self._outbox = outbox
        self._receipts = receipts
        self._registers = registers
        self._settings = settings
        self._clock = clock
        self._notes = notes
        self._chance = chance
        #: How often a command, or everything of a province, has failed in a row.
        self._failures: dict[str, int] = {}
        #: A province is left in peace until then.
        self._rests_until: dict[ProvinceCode, datetime] = {}
        #: Until then commands for a province are gathered, by the loop's clock.
        self._gathers_until: dict[ProvinceCode, float] = {}
        #: Who was woken since the outbox was looked at.
        self._woken: set[ProvinceCode] = set()
        #: Set when the runner stops: what is under way ends, nothing new begins.
        self.stopping = asyncio.Event()

    async def deliver(self, province: ProvinceCode) -> None:
        """Deliver what waits for a province, unless somebody else is at it.

        It ends when nothing waits that could be delivered now. Whatever fails is
        tried again later; nothing is raised for it.

        Raises:
            Refused: The store cannot be used now.
        """
        if not self._may_begin(province):
            return
        # Whoever is at it here looks once more before it ends: a wake-up that finds
        # somebody at it would be lost, and its commands wait for the sweep.
        self._woken.add(province)
        async with self._outbox.draining(province) as alone:
            while alone and self._may_begin(province):
                await self._gather(province)
                if self.stopping.is_set():
                    return
                self._woken.discard(province)
                commands = await self._outbox.next(province, self._settings.commands)
                if not commands:
                    if province in self._woken:
                        continue
                    return
                if len(commands) < self._settings.commands:
                    self._gathers_until[province] = self._beat()
                await self._ask(province, commands)

    def try_again(self, province: ProvinceCode) -> None:
        """Let a province rest no longer: it is asked otherwise now."""
        self._rests_until.pop(province, None)
        self._failures.pop(province, None)

    async def _gather(self, province: ProvinceCode) -> None:
        """Let commands come together after a call that was not full."""
        until = self._gathers_until.get(province, 0.0)
        wait = until - asyncio.get_running_loop().time()
        if wait > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), wait)

    def _beat(self) -> float:
        """Tell the next beat: one for all provinces, so that receipts come together."""
        every = self._settings.gather.total_seconds()
        return (asyncio.get_running_loop().time() // every + 1) * every

    def _may_begin(self, province: ProvinceCode) -> bool:
        rests = self._rests_until.get(province)
        resting = rests is not None and self._clock.now() < rests
        return not (resting or self.stopping.is_set())

    async def _ask(self, province: ProvinceCode, commands: Sequence[Command]) -> None:
        register = self._registers.get(province)
        request = new_request_id()
        if register is None:
            _log.warning("no-such-register province=%s", province)
            await self._again(province, commands, whole=True)
            return
        deadline = asyncio.get_running_loop().time() + _PATIENCE_S
        acted = await register.act(commands, request, deadline)
        found = answers(commands, acted, day_in_china(self._clock.now()))
        for flaw in sorted(found.flaws):
            _log.warning(
                "receipt-unusable province=%s request=%s flaw=%s",
                province,
                request,
                flaw,
            )
        if found.known:
            clashing = await self._receipts.received(found.known)
            self._notes.delivered(province, "home-clash", len(clashing))
            for transfer in clashing:
                _log.warning("home-clash province=%s transfer=%s", province, transfer)
        for command, receipt in found.known:
            self._failures.pop(command.key, None)
            self._notes.delivered(province, receipt.answered.lower(), 1)
        if found.known:
            self._failures.pop(province, None)
        self._notes.delivered(province, "fault", found.faults)
        self._notes.delivered(province, "unknown", len(found.unknown) - found.faults)
        _log.info(
            "delivered province=%s request=%s commands=%d unknown=%d faults=%d",
            province,
            request,
            len(commands),
            len(found.unknown),
            found.faults,
        )
        if found.unknown:
            # A province that does not know an act yet answers all the others.
            unknown_act = acted.fault and acted.fault.code is FaultCode.NOT_SUPPORTED
            whole = not (found.known or unknown_act)
            await self._again(province, found.unknown, whole=whole)

    async def _again(
        self, province: ProvinceCode, commands: Sequence[Command], *, whole: bool
    ) -> None:
        """See that commands are asked again, later each time.

        Args:
            province: Which.
            commands: Those without a receipt.
            whole: Nothing at all was answered: the province itself rests.
        """
        name = province if whole else commands[0].key
        failures = self._failures[name] = self._failures.get(name, 0) + 1
        wait = wait_after(
            failures,
            self._settings.first_wait.total_seconds(),
            self._settings.longest_wait.total_seconds(),
            self._chance(),
        )
        not_before = self._clock.now() + timedelta(seconds=wait)
        if whole:
            self._rests_until[province] = not_before
        else:
            for command in commands:
                self._failures[command.key] = failures
        await self._outbox.failed([command.key for command in commands], not_before)
