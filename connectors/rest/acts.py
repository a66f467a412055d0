"""Adapter: acts in a register of members, one request each, in their order."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from connectors.faults import ILL, ProvinceFault, fault
from connectors.mapping.mistakes import RowMistake
from connectors.port import MOST_COMMANDS, Acted
from connectors.rest.addresses import with_key
from connectors.rest.reading import at, document
from connectors.transport import Exchange
from schema.records.command import Receipt
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.rest.caller import Asked, Caller
    from connectors.rest.settings import RestActSettings
    from connectors.rest.words import Words
    from connectors.transport import Reply
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode


class _Batch(NamedTuple):
    """Commands of one call, and what has become of them so far."""

    commands: Sequence[Command]
    receipts: list[Receipt | None]
    failed: list[ProvinceFault]


class Register:
    """A province's register of members, as its interface has it."""

    def __init__(
        self,
        settings: RestActSettings,
        words: Words,
        caller: Caller,
        address: str,
        *,
        parallel: int,
    ) -> None:
        """Take what settings and mapping say.

        Args:
            settings: Which acts, and where they are posted.
            words: What commands and receipts are called.
            caller: Sends requests.
            address: Of the interface.
            parallel: How many requests may be under way at once.
        """
        self.acts = frozenset(settings.paths)
        self._settings = settings
        self._words = words
        self._caller = caller
        self._parallel = parallel
        self._address = address

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
                    receipt = await self._one(batch.commands[place], asked)
                except ProvinceFault as unknown:
                    batch.failed.append(unknown)
                    return
                batch.receipts[place] = receipt

    async def _one(self, command: Command, asked: Asked) -> Receipt:
        """Carry one command out.

        Raises:
            ProvinceFault: Nobody knows whether it was done.
        """
        header, read_back = self._settings.key_header, self._settings.read_back
        if read_back and not header:
            # Who knows no keys is asked first what it has under this one.
            address = with_key(self._address + read_back, command.key)
            back = Exchange("GET", address, {})
            reply = await self._caller.send(back, asked)
            if reply.status != HTTPStatus.NOT_FOUND:
                document(reply)
                return self._receipt(reply)
        sent = Exchange(
            "POST",
            self._address + self._settings.paths[command.act],
            {header: command.key} if header else {},
            self._words.entry(command),
        )
        return self._receipt(await self._caller.send(sent, asked))

    def _receipt(self, reply: Reply) -> Receipt:
        """Read a receipt; a refusal may come with a 4xx."""
        told = at(document(reply, even_of_4xx=True), self._settings.receipt_at)
        receipt = self._words.receipt(told) if isinstance(told, dict) else None
        if isinstance(receipt, Receipt):
            return receipt
        document(reply)
        flaw = "no receipt at its place"
        if isinstance(receipt, RowMistake):
            flaw = f"{receipt.field}:{receipt.code}"
        raise ProvinceFault(FaultCode.MALFORMED, flaw)


def lanes(commands: Sequence[Command], places: Sequence[int]) -> list[list[int]]:
    """Divide commands so that those which may touch one another keep their order.

    Commands meet in a card, a worker's file or a transfer; where any two do, all go
    one after the other.
    """
    about = [
        name
        for place in places
        for name in {
            ("member", commands[place].membership_no),
            ("worker", commands[place].local_id or f"new {place}"),
            ("transfer", commands[place].transfer),
        }
    ]
    if len(set(about)) == len(about):
        return [[place] for place in places]
    return [list(places)]
