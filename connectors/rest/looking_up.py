"""Adapter: the rows of one kind, page by page, dealt out to their workers."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from connectors.own_words.ending import goes_on
from connectors.own_words.joining import deal
from connectors.own_words.paging import Pages
from connectors.own_words.reading import document, rows_at
from connectors.rest.addresses import followed, look_up
from connectors.rest.links import next_link
from connectors.transport import Exchange
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.mapping.kind import KindMapping
    from connectors.own_words.caller import Asked, Caller
    from connectors.own_words.joining import Found
    from connectors.rest.settings import EndpointSettings
    from schema.records.selection import Selection


class Endpoint:
    """Where the rows of one kind are asked for."""

    def __init__(
        self,
        mapping: KindMapping,
        settings: EndpointSettings,
        address: str,
    ) -> None:
        """Ask nothing yet.

        Args:
            mapping: Of the kind.
            settings: How it is asked for, and how long its answers go on.
            address: Of the interface, without a slash at its end.
        """
        self.settings = settings
        self.mapping = mapping
        self._address = address + mapping.source
        self._parameter = self.settings.keys_parameter or mapping.key
        self._single = self.settings.keys_in == "path"
        self._batch = 1 if self._single else self.settings.batch

    @property
    def of_workers(self) -> bool:
        """Whether its rows are the workers themselves."""
        return self.mapping.kind is RecordKind.WORKER

    def batches(self, keys: Sequence[str]) -> Iterator[Sequence[str]]:
        """Divide keys into as many as one request takes."""
        return (keys[at : at + self._batch] for at in range(0, len(keys), self._batch))

    async def find(
        self,
        caller: Caller,
        keys: Sequence[str],
        selection: Selection,
        asked: Asked,
        found: Found,
    ) -> None:
        """Ask for the rows of some workers, to the last page.

        Args:
            caller: Sends requests.
            keys: Whose; one of ``batches``.
            selection: Which fields.
            asked: By when, and why.
            found: Where they are added; it has a place for each worker.

        Raises:
            ProvinceFault: They were not told, or not to the end.
        """
        pages = Pages(self.settings.paging)
        columns = self.mapping.columns_for(selection)
        linked = self.settings.paging.style == "link"
        while True:
            exchange = look_up(
                self._address,
                self.settings,
                parameter=self._parameter,
                keys=keys,
                columns=columns,
                paging=pages.parameters,
            )
            if linked and pages.next:
                exchange = Exchange("GET", pages.next, {})
            reply = await caller.send(exchange, asked)
            absent = reply.status == HTTPStatus.NOT_FOUND
            if absent and self._single and pages.first:
                return  # no such worker
            told = document(reply)
            rows = rows_at(told, self.settings.rows_at)
            for row in rows:
                deal(self.mapping, row, keys, found, single=self._single)
            link = next_link(reply.links)
            if self.settings.paging.style == "none":
                if goes_on(told, self.settings.rows_at, link):
                    found.leave_off(needed=self.of_workers)
                return
            following = followed(link, exchange.address) if linked and link else ""
            if not pages.turn(told, rows, following):
                return
