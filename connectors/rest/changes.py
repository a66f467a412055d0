"""Adapter: what happens in case files, as a province's interface tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.own_words.log import page
from connectors.own_words.reading import document
from connectors.rest.addresses import with_query
from connectors.transport import Exchange

if TYPE_CHECKING:
    from connectors.mapping.rows import RowMapping
    from connectors.own_words.caller import Asked, Caller
    from connectors.port import ChangesWanted
    from connectors.rest.settings import ChangesSettings
    from schema.records.change import Changes
    from schema.records.keys import ProvinceCode


class Log:
    """A province's log of case files, as its interface has it."""

    def __init__(
        self,
        settings: ChangesSettings,
        words: RowMapping,
        caller: Caller,
        address: str,
    ) -> None:
        """Take what settings and mapping say.

        Args:
            settings: Where it is, and what it takes and tells.
            words: What a line of it is called.
            caller: Sends requests.
            address: Of the interface.
        """
        self._settings = settings
        self._words = words
        self._caller = caller
        self._address = address + settings.path

    async def ask(
        self, province: ProvinceCode, wanted: ChangesWanted, asked: Asked
    ) -> Changes:
        """Ask for one page.

        Raises:
            ProvinceFault: Nothing was told, or what cannot be used.
        """
        settings = self._settings
        query: list[tuple[str, str | int]] = [(settings.first_parameter, wanted.first)]
        if wanted.case_no:
            query.append((settings.case_parameter, wanted.case_no))
            query.append((settings.seq_parameter, wanted.seq))
        elif wanted.after:
            query.append((settings.after_parameter, wanted.after))
        sent = Exchange("GET", with_query(self._address, query), {})
        told = document(await self._caller.send(sent, asked))
        return page(province, self._words, settings, told, wanted.first)
