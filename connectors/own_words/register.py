"""Itinerary: acts in a register of members, one request each, in their order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple, Protocol

from connectors.faults import ILL, ProvinceFault, fault
from connectors.meeting import meet
from connectors.port import MOST_COMMANDS, Acted
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.own_words.caller import Asked
    from schema.records.command import Act, Command, Receipt
    from schema.records.keys import ProvinceCode


class _Batch(NamedTuple):
    """Commands of one call, and what has become of them so far."""

    commands: Sequence[Command]
    receipts: list[Receipt | None]
    failed: list[ProvinceFault]


class Desk(Protocol):
    """Where one command is carried out, in the tongue of the province."""

    @property
    def acts(self) -> frozenset[Act]:
        """Which acts are taken."""
        ...

    async def carry_out(self, command: Command, asked: Asked) -> Receipt:
        """Carry one command out.

        Raises:
            ProvinceFault: Nobody knows whether it was done.
        """
        ...


class Register:
    """A province's register of members, as its interface has it."""

    def __init__(self, desk: Desk, *, parallel: int) -> None:
        """Carry nothing out yet.

        Args:
            desk: Carries out one command.
            parallel: How many requests may be under way at once.
        """
        self._desk = desk
        self._parallel = parallel

    @property
    def acts(self) -> frozenset[Act]:
        """Which acts it takes."""
        return self._desk.acts

    async def act(
        self, province: ProvinceCode, commands: Sequence[Command], asked: Asked
    ) -> Acted:
        """Have commands carried out.

        Those about different members go out side by side. After one of which nothing
        is known, those that come after it about the same members stay unknown too:
        their order is kept.

        Raises:
            ProvinceFault: Nothing is known of any of them.
        """
        first = commands[:MOST_COMMANDS]
        known = [place for place, one in enumerate(first) if one.act in self.acts]
        if not known and commands:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "acts are not declared")
        batch = _Batch(commands, [None] * len(commands), [])
        turns = asyncio.Semaphore(self._parallel)
        async with asyncio.TaskGroup() as group:
            for lane in lanes(commands, known):
                group.create_task(self._carry_out(lane, batch, turns, asked))
        if batch.failed and not any(batch.receipts):
            raise batch.failed[0]
        code = batch.failed[0].code if batch.failed else None
        if code is None and len(known) < len(first):
            code = FaultCode.NOT_SUPPORTED
        elif code is None and None in batch.receipts:
            code = FaultCode.PARTIAL
        return Acted(tuple(batch.receipts), fault(province, code) if code else None)

    async def _carry_out(
        self, lane: Iterable[int], batch: _Batch, turns: asyncio.Semaphore, asked: Asked
    ) -> None:
        for place in lane:
            async with turns:
                if any(one.code in ILL for one in batch.failed):
                    return
                try:
                    receipt = await self._desk.carry_out(batch.commands[place], asked)
                except ProvinceFault as unknown:
                    batch.failed.append(unknown)
                    return
                batch.receipts[place] = receipt


def lanes(commands: Sequence[Command], places: Sequence[int]) -> list[list[int]]:
    """Divide commands so that those which may touch one another keep their order.

    Commands meet in a card, a worker's file or a transfer; where any two do, all go
    one after the other.
    """
    if meet([commands[place] for place in places]):
        return [list(places)]
    return [[place] for place in places]
