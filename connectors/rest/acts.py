"""Adapter: one command is one request to a REST interface, and its answer a receipt."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

from connectors.faults import ProvinceFault
from connectors.own_words.reading import at, document
from connectors.rest.addresses import with_key
from connectors.transport import Exchange

if TYPE_CHECKING:
    from connectors.own_words.caller import Asked, Caller
    from connectors.own_words.words import Words
    from connectors.rest.settings import RestActSettings
    from connectors.transport import Reply
    from schema.records.command import Command, Receipt

_ENCODER = msgspec.json.Encoder()


class RestDesk:
    """Where acts are posted."""

    def __init__(
        self, settings: RestActSettings, words: Words, caller: Caller, address: str
    ) -> None:
        """Take what settings and mapping say.

        Args:
            settings: Which acts, and where they are posted.
            words: What commands and receipts are called.
            caller: Sends requests.
            address: Of the interface.
        """
        self.acts = frozenset(settings.paths)
        self._settings = settings
        self._words = words
        self._caller = caller
        self._address = address

    async def carry_out(self, command: Command, asked: Asked) -> Receipt:
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
            _ENCODER.encode(self._words.entry(command)),
        )
        return self._receipt(await self._caller.send(sent, asked))

    def _receipt(self, reply: Reply) -> Receipt:
        """Read a receipt; a refusal may come with a 4xx."""
        told = at(document(reply, even_of_4xx=True), self._settings.receipt_at)
        try:
            return self._words.receipt(told)
        except ProvinceFault:
            document(reply)
            raise
