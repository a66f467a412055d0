"""Adapter: a province that has a database and nothing in front of it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.port import (
    MOST_COMMANDS,
    WHOLE_CONTRACT,
    Acted,
    Answer,
    Capabilities,
    Changed,
)
from connectors.sql import catalogue
from connectors.sql.case_log import CaseLog
from connectors.sql.inbox import Inbox, acted, unanswered
from connectors.sql.reading import Reading
from schema.records.kinds import RecordKind
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from connectors.mapping.mapping import Mapping as MappingFile
    from connectors.mapping.mistakes import Mistake
    from connectors.port import ChangesWanted, Clock, Question
    from connectors.sql.catalogue import Catalogue
    from connectors.sql.database import Database
    from connectors.sql.settings import SqlSettings
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode

_LOG = logging.getLogger(__name__)

#: How long to wait before looking for receipts again: it grows, in seconds.
_FIRST_LOOK, _LONGEST_LOOK = 0.005, 0.25
#: What is kept of the deadline to read the receipts a last time, in seconds.
_LAST_LOOK = 0.25


class SqlConnector:
    """Reads a province's own tables or views, by its mapping.

    Attributes:
        mistakes: What of the mapping did not fit the catalogue when it was last read.
    """

    def __init__(
        self,
        province: ProvinceCode,
        settings: SqlSettings,
        mapping: MappingFile,
        database: Database,
        clock: Clock,
        *,
        version: str = WHOLE_CONTRACT.contract_version,
        as_of: Callable[[], datetime] | None = None,
    ) -> None:
        """Take the mapping's word for what is served until the first probe.

        Args:
            province: Who.
            settings: Which tables were agreed on.
            mapping: How its rows become records.
            database: Where they are; it is closed with the connector.
            clock: Tells when an answer was complete.
            version: Which contract is declared.
            as_of: How fresh a row is that does not tell it; the moment of the look-up,
                where none is given.
        """
        self.mistakes: tuple[Mistake, ...] = ()
        self._province = province
        self._settings = settings
        self._mapping = mapping
        self._database = database
        self._clock = clock
        self._version = version
        self._as_of = as_of or clock.now
        self._inbox = Inbox(settings.inbox) if settings.inbox else None
        self._log = CaseLog(province, settings.changes) if settings.changes else None
        self._catalogue: Catalogue | None = None
        self._capabilities = self._declared(
            mapping.fields, inbox=bool(settings.inbox), changes=bool(settings.changes)
        )

    @property
    def province(self) -> ProvinceCode:
        """Which province this speaks to."""
        return self._province

    @property
    def capabilities(self) -> Capabilities:
        """What mapping and catalogue serve together; the mapping's word until then."""
        return self._capabilities

    async def ask(self, question: Question, deadline: float) -> Answer:
        """Ask in one transaction: one statement for each ask and kind.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if not question.asks:
            return Answer((), (), self._clock.now())
        there = self._catalogue or await self._read_catalogue(deadline)
        if not all(self._capabilities.covers(ask.selection) for ask in question.asks):
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "not declared")
        reading = Reading(self._province, there.sources, self._as_of(), self._clock.now)
        return await self._database.read(
            lambda session: reading.answer(session, question), deadline
        )

    async def act(
        self,
        commands: Sequence[Command],
        request: str,  # noqa: ARG002  # a table has no headers
        deadline: float,
    ) -> Acted:
        """Write commands into the inbox, and wait a while for their receipts.

        Raises:
            ProvinceFault: Nothing is known of any of them, for any reason.
        """
        if not {one.act for one in commands} <= self._capabilities.acts:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "acts are not declared")
        if self._inbox is None or not commands:
            return Acted(())
        inbox, sent = self._inbox, commands[:MOST_COMMANDS]
        await self._database.write(lambda session: inbox.put(session, sent), deadline)
        loop = asyncio.get_running_loop()
        wait = self._settings.receipt_wait.total_seconds()
        until = min(loop.time() + wait, deadline - _LAST_LOOK)
        pause = _FIRST_LOOK
        while True:
            lines = await self._database.read(
                lambda session: inbox.lines(session, sent), deadline
            )
            if not unanswered(lines) or loop.time() + pause > until:
                return acted(self._province, commands, lines)
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_LOOK)

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Read a page of the agreed log.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        log = self._log
        if log is None or not self._capabilities.changes:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "changes are not declared")
        return Changed(
            await self._database.read(
                lambda session: log.page(session, wanted), deadline
            )
        )

    async def probe(self, deadline: float) -> Capabilities:
        """Hold the mapping against the live catalogue.

        What does not fit is logged with its line in the mapping, and is not served
        until it fits.

        Raises:
            ProvinceFault: The catalogue could not be read, or has no workers.
        """
        await self._read_catalogue(deadline)
        return self._capabilities

    async def close(self) -> None:
        """Close the connections."""
        await self._database.close()

    async def _read_catalogue(self, deadline: float) -> Catalogue:
        there = await self._database.read(
            lambda session: catalogue.read(
                session.connection, self._mapping, self._settings
            ),
            deadline,
        )
        if there.mistakes != self.mistakes:
            self.mistakes = there.mistakes
            for one in there.mistakes:
                _LOG.error("mapping province=%s %s", self._province, one)
        if RecordKind.WORKER not in there.sources:
            self._catalogue = None
            self._capabilities = Capabilities(self._version, {})
            raise ProvinceFault(
                FaultCode.MALFORMED,
                f"no workers to read: {len(there.mistakes)} mistakes of the mapping",
            )
        fields = {kind: source.fields for kind, source in there.sources.items()}
        self._capabilities = self._declared(
            fields, inbox=there.inbox, changes=there.changes
        )
        self._catalogue = there
        return there

    def _declared(
        self,
        fields: Mapping[RecordKind, frozenset[str]],
        *,
        inbox: bool,
        changes: bool,
    ) -> Capabilities:
        acts = WHOLE_CONTRACT.acts if inbox else frozenset()
        return Capabilities(self._version, dict(fields), acts, changes)
