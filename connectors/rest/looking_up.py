"""Adapter: the rows of one kind, page by page, dealt out to their workers."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.mapping.mistakes import RowMistake
from connectors.rest.addresses import look_up
from connectors.rest.paging import Pages
from connectors.rest.reading import document, rows_at
from connectors.transport import Exchange
from schema.records.kinds import RecordKind
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.mapping.kind import KindMapping
    from connectors.rest.caller import Asked, Caller
    from connectors.rest.joining import Found
    from connectors.rest.reading import Row
    from connectors.rest.settings import EndpointSettings, PagingSettings
    from schema.records.selection import Selection

#: More rows of one kind than any worker has in one province.
ROWS_CAP = 1_000


class Endpoint:
    """Where the rows of one kind are asked for."""

    def __init__(
        self,
        mapping: KindMapping,
        settings: EndpointSettings,
        paging: PagingSettings,
        address: str,
    ) -> None:
        """Ask nothing yet.

        Args:
            mapping: Of the kind.
            settings: How it is asked for.
            paging: How long answers go on.
            address: Of the interface, without a slash at its end.
        """
        self.settings = settings
        self.mapping = mapping
        self._paging = paging
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
        pages = Pages(self._paging)
        columns = self.mapping.columns_for(selection)
        while True:
            exchange = look_up(
                self._address,
                self.settings,
                parameter=self._parameter,
                keys=keys,
                columns=columns,
                paging=pages.parameters,
            )
            if pages.address:
                exchange = Exchange("GET", pages.address, {})
            reply = await caller.send(exchange, asked)
            absent = reply.status == HTTPStatus.NOT_FOUND
            if absent and self._single and pages.first:
                return  # no such worker
            told = document(reply)
            rows = rows_at(told, self.settings.rows_at)
            for row in rows:
                self._take(row, keys, found)
            if not pages.turn(told, rows, reply.links, exchange.address):
                return

    def _take(self, row: Row, keys: Sequence[str], found: Found) -> None:
        """Put a row with its worker; what is none of theirs is dropped, and named."""
        key = self.mapping.local_key(row)
        if self._single and isinstance(key, RowMistake) and key.code == "NO_COLUMN":
            # Who is asked for in the address need not be told again.
            key = keys[0]
            row = {**row, self.mapping.key: key}
        if isinstance(key, RowMistake):
            found.flaws.add(f"local_id:{key.code}")
        elif key not in keys:
            found.flaws.add("ANOTHER_WORKER")
        elif row not in (own := found.rows.setdefault(key, [])):
            # A page may begin anew while rows are added: the same row is one row.
            own.append(row)
            if len(own) > ROWS_CAP:
                raise ProvinceFault(FaultCode.TOO_LARGE, f"over {ROWS_CAP} rows")
