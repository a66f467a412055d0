"""Adapter: one command is one mutation of a province's own schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.foreign.arguments import argument
from connectors.foreign.document import Part, alias, body
from connectors.foreign.gathering import answered
from connectors.graphql.errors import refusal
from connectors.own_words.reading import at
from connectors.transport import Exchange
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.foreign.settings import ForeignActSettings
    from connectors.own_words.caller import Asked, Caller
    from connectors.own_words.words import Words
    from schema.records.command import Command, Receipt


class ForeignDesk:
    """The mutations that take acts."""

    def __init__(
        self,
        settings: ForeignActSettings,
        words: Words,
        caller: Caller,
        address: str,
    ) -> None:
        """Take what settings and mapping say.

        Args:
            settings: Which acts, and by which mutations.
            words: What commands and receipts are called.
            caller: Sends requests.
            address: Where to.
        """
        self.acts = frozenset(settings.mutations)
        self._settings = settings
        self._words = words
        self._caller = caller
        self._address = address
        self._argument = argument(settings.argument)
        self._key = argument(settings.read_back_key)
        below = tuple(filter(None, settings.receipt_at.split(".")))
        self._leaves = tuple((*below, *one.split(".")) for one in words.told)

    async def carry_out(self, command: Command, asked: Asked) -> Receipt:
        """Carry one command out.

        Raises:
            ProvinceFault: Nobody knows whether it was done.
        """
        settings = self._settings
        if settings.read_back and not (settings.keeps_keys or settings.key_header):
            # Who knows no keys is asked first what it has under this one.
            path = tuple(settings.read_back.split("."))
            back = Part(path, ((self._key, command.key),), self._leaves)
            told = await self._ask("query", back, {}, asked)
            if told is not None:
                return self._words.receipt(told)
        header = settings.key_header
        path = tuple(settings.mutations[command.act].split("."))
        entry = self._words.entry(command)
        part = Part(path, ((self._argument, entry),), self._leaves)
        headers = {header: command.key} if header else {}
        return self._words.receipt(await self._ask("mutation", part, headers, asked))

    async def _ask(
        self, operation: str, part: Part, headers: dict[str, str], asked: Asked
    ) -> object:
        sent = Exchange("POST", self._address, headers, body(operation, (part,)))
        data, (errors,) = answered(await self._caller.send(sent, asked), 1)
        if errors:
            raise refusal(errors)
        told: object = data.get(alias(0))
        for step in part.path[1:]:
            told = at(told, step)
        if alias(0) not in data:
            raise ProvinceFault(FaultCode.MALFORMED, "no data")
        return told if told is None else at(told, self._settings.receipt_at)
