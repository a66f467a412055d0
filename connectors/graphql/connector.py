"""Adapter: a province that serves the contract over GraphQL."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from connectors.faults import ProvinceFault
from connectors.graphql.changes import changes_body, changes_told
from connectors.graphql.commands import acted, among, runs
from connectors.graphql.commands import body as acts_body
from connectors.graphql.declaration import (
    Contract,
    acts_since,
    capabilities,
    changes_since,
    version_of,
)
from connectors.graphql.decode import answer
from connectors.graphql.document import body
from connectors.graphql.envelope import Envelope, opened
from connectors.port import WHOLE_CONTRACT, Acted, Answer, Capabilities, Changed
from schema.records.keys import ProvinceCode
from schema.records.purpose import PurposeOfUse
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.port import ChangesWanted, Clock, Question
    from connectors.settings import ProvinceSettings
    from connectors.transport import Transport
    from schema.records.command import Command

_PROBE = msgspec.json.encode(
    {
        "operationName": "HubProbe",
        "query": "query HubProbe{contract{version province kinds} _service{sdl}}",
    }
)


class _Service(msgspec.Struct):
    sdl: str


class _Declared(msgspec.Struct):
    contract: Contract
    service: _Service = msgspec.field(name="_service")


_BODY = msgspec.json.Decoder(Envelope[_Declared])


class GraphQLConnector:
    """Speaks the province contract (``schema/province.graphql``)."""

    def __init__(
        self, settings: ProvinceSettings, transport: Transport, clock: Clock
    ) -> None:
        """Take the settings' word for what is served until the first probe.

        Args:
            settings: The province.
            transport: The line to it; it is closed with the connector.
            clock: Tells when an answer was complete.
        """
        self._province = ProvinceCode(settings.code)
        self._transport = transport
        self._clock = clock
        self._capabilities = Capabilities(
            settings.contract_version,
            {kind: WHOLE_CONTRACT.fields[kind] for kind in settings.kinds},
            acts_since(settings.contract_version),
            changes_since(settings.contract_version),
        )
        self._declared: tuple[Contract, str] | None = None

    @property
    def province(self) -> ProvinceCode:
        """Which province this speaks to."""
        return self._province

    @property
    def capabilities(self) -> Capabilities:
        """What the province declared last; what the settings say until then."""
        return self._capabilities

    async def ask(self, question: Question, deadline: float) -> Answer:
        """Ask in one HTTP request.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if not question.asks:
            return Answer((), (), self._clock.now())
        if not all(self._capabilities.covers(ask.selection) for ask in question.asks):
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "not declared")
        headers = {
            "X-Request-Id": question.request,
            "Purpose-Of-Use": question.purpose,
        }
        reply = await self._transport.post(body(question), headers, deadline)
        return answer(self._province, question, reply, self._clock.now())

    async def act(
        self, commands: Sequence[Command], request: str, deadline: float
    ) -> Acted:
        """Have commands carried out in one HTTP request: one mutation.

        Raises:
            ProvinceFault: Nothing is known of any of them, for any reason.
        """
        if not commands:
            return Acted(())
        known = [one for one in commands if one.act in self._capabilities.acts]
        if not known:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "acts are not declared")
        if len(known) < len(commands):
            # What an older contract does not know holds nothing else up.
            told = await self.act(known, request, deadline)
            return among(self._province, commands, known, told)
        divided = runs(commands)
        headers = {
            "X-Request-Id": request,
            "Purpose-Of-Use": PurposeOfUse.MEMBERSHIP_SERVICE.value,
        }
        sent = acts_body(commands, divided)
        reply = await self._transport.post(sent, headers, deadline)
        return acted(self._province, commands, divided, reply)

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Ask for changes of case files in one HTTP request.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if not self._capabilities.changes:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "changes are not declared")
        headers = {
            "X-Request-Id": wanted.request,
            "Purpose-Of-Use": PurposeOfUse.RIGHTS_PROTECTION.value,
        }
        reply = await self._transport.post(changes_body(wanted), headers, deadline)
        return Changed(changes_told(self._province, wanted, reply))

    async def probe(self, deadline: float) -> Capabilities:
        """Ask the province what it serves, and remember it.

        A province that has moved on to a major version unknown here serves us
        nothing from then on, until it says otherwise.

        Raises:
            ProvinceFault: It did not tell, or not in a way that can be used.
        """
        reply = await self._transport.post(_PROBE, {}, deadline)
        told, _ = opened(_BODY, reply, whole=True)
        contract, sdl = told.contract, told.service.sdl
        if contract.province != self._province:
            raise ProvinceFault(FaultCode.MALFORMED, "another province answers there")
        try:
            version_of(contract)
        except ProvinceFault as failed:
            if failed.code is FaultCode.NOT_SUPPORTED:
                self._capabilities = Capabilities(contract.version, {})
                self._declared = None
            raise
        if self._declared != (contract, sdl):
            # Some milliseconds of pure computing: not on the loop, where other
            # provinces' answers wait.
            self._capabilities = await asyncio.to_thread(capabilities, contract, sdl)
            self._declared = (contract, sdl)
        return self._capabilities

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()
