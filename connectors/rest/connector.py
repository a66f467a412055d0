"""Adapter: a province that serves REST with JSON, by its mapping."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.own_words.caller import Asked
from connectors.own_words.joining import joined
from connectors.own_words.register import Register
from connectors.own_words.words import Words
from connectors.port import Answer, Ask, Capabilities, Changed
from connectors.rest.acts import RestDesk
from connectors.rest.changes import Log
from connectors.rest.gathering import Rows
from connectors.rest.looking_up import Endpoint
from connectors.rest.settings import RestSettings
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.purpose import PurposeOfUse
from schema.records.selection import Selection
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping as Known
    from collections.abc import Sequence

    from connectors.mapping.mapping import Mapping
    from connectors.own_words.caller import Caller
    from connectors.port import Acted, ChangesWanted, Clock, Question
    from connectors.rest.settings import EndpointSettings
    from connectors.settings import ProvinceSettings
    from schema.records.command import Command

_LOG = logging.getLogger(__name__)

_WHETHER = Selection.of({RecordKind.WORKER: ()})
#: Nobody's name: that the answer is "no such worker" shows that the province answers.
_NOBODY = "hub-probe"


class RestConnector:
    """Speaks a province's own REST interface."""

    def __init__(
        self,
        settings: ProvinceSettings,
        mapping: Mapping,
        endpoints: Known[RecordKind, EndpointSettings],
        caller: Caller,
        clock: Clock,
    ) -> None:
        """Declare what the mapping has.

        Args:
            settings: The province.
            mapping: What its rows mean.
            endpoints: How the rows of each kind are asked for.
            caller: Sends requests; it is closed with the connector.
            clock: Tells when an answer was complete.
        """
        self._province = ProvinceCode(settings.code)
        self._caller = caller
        self._mapping = mapping
        self._clock = clock
        address = settings.url.rstrip("/")
        rest = settings.rest or RestSettings()
        asked = {
            kind: Endpoint(one, endpoints[kind], rest.paging, address)
            for kind, one in mapping.kinds.items()
        }
        self._rows = Rows(asked, caller, rest.parallel, settings.concurrency)
        self._register: Register | None = None
        if rest.acts and mapping.command and mapping.receipt:
            words = Words(mapping.command, mapping.receipt)
            desk = RestDesk(rest.acts, words, caller, address)
            self._register = Register(desk, parallel=rest.parallel)
        self._log: Log | None = None
        if rest.changes and mapping.change:
            self._log = Log(rest.changes, mapping.change, caller, address)
        self._capabilities = Capabilities(
            settings.contract_version,
            mapping.fields,
            self._register.acts if self._register else frozenset(),
            changes=self._log is not None,
        )

    @property
    def province(self) -> ProvinceCode:
        """Which province this speaks to."""
        return self._province

    @property
    def capabilities(self) -> Capabilities:
        """What its mapping has."""
        return self._capabilities

    async def ask(self, question: Question, deadline: float) -> Answer:
        """Ask every endpoint that is needed, at once.

        A kind whose endpoint fails is missing from the answer; without the workers
        themselves there is none.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if not question.asks:
            return Answer((), (), self._clock.now())
        if not all(self._capabilities.covers(ask.selection) for ask in question.asks):
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "not declared")
        asked = Asked(question.request, question.purpose, deadline)
        told = await self._rows.ask(question.asks, asked)
        workers, faults, flaws = joined(self._province, self._mapping, question, told)
        for flaw in flaws:
            _LOG.warning(
                "in part province=%s request=%s detail=%s",
                self._province,
                question.request,
                flaw,
            )
        return Answer(workers, faults, self._clock.now())

    async def act(
        self, commands: Sequence[Command], request: str, deadline: float
    ) -> Acted:
        """Have commands carried out, one request each.

        Raises:
            ProvinceFault: Nothing is known of any of them, for any reason.
        """
        if self._register is None:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "acts are not declared")
        asked = Asked(request, PurposeOfUse.MEMBERSHIP_SERVICE.value, deadline)
        return await self._register.act(self._province, commands, asked)

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Ask for changes of case files.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if self._log is None:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "changes are not declared")
        asked = Asked(wanted.request, PurposeOfUse.RIGHTS_PROTECTION.value, deadline)
        return Changed(await self._log.ask(self._province, wanted, asked))

    async def probe(self, deadline: float) -> Capabilities:
        """Ask for nobody: does the province answer, and are the credentials good?

        Raises:
            ProvinceFault: It does not, or they are not.
        """
        asked = Asked("probe", PurposeOfUse.MEMBERSHIP_SERVICE.value, deadline)
        await self._rows.ask((Ask((_NOBODY,), _WHETHER),), asked)
        return self._capabilities

    async def close(self) -> None:
        """Close the connections."""
        await self._caller.close()
