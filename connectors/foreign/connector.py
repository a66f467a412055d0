"""Adapter: a province that serves a GraphQL schema of its own, by its mapping."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from connectors.faults import ProvinceFault
from connectors.foreign.declaring import QUERY, Introspected, declared
from connectors.foreign.settings import ForeignSettings
from connectors.graphql.envelope import Envelope, opened
from connectors.own_words.caller import Asked
from connectors.own_words.connector import OwnWordsConnector
from connectors.transport import Exchange
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.purpose import PurposeOfUse
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping as Known

    from connectors.foreign.fitting import Root
    from connectors.mapping.mapping import Mapping
    from connectors.mapping.mistakes import Mistake
    from connectors.own_words.connector import Parts
    from connectors.port import Answer, Capabilities, Clock, Question
    from connectors.settings import ProvinceSettings

_LOG = logging.getLogger(__name__)
_PROBE = msgspec.json.encode({"operationName": "HubSchema", "query": QUERY})
_DATA = msgspec.json.Decoder(Envelope[Introspected])
#: Who does not tell its schema answers in one of these ways.
_KEPT_SECRET = frozenset(
    {FaultCode.NOT_SUPPORTED, FaultCode.MALFORMED, FaultCode.PROVINCE_ERROR}
)


class ForeignConnector(OwnWordsConnector):
    """Speaks a province's own GraphQL schema.

    Attributes:
        mistakes: What of the mapping the schema does not have, as it was told last.
    """

    def __init__(
        self,
        settings: ProvinceSettings,
        mapping: Mapping,
        roots: Known[RecordKind, Root],
        parts: Parts,
        clock: Clock,
    ) -> None:
        """Declare what the mapping has, until the schema tells otherwise.

        Args:
            settings: The province.
            mapping: What its rows mean.
            roots: How the rows of each kind are asked for.
            parts: What speaks its tongue.
            clock: Tells when an answer was complete.
        """
        code = ProvinceCode(settings.code)
        super().__init__(code, mapping, parts, clock, settings.contract_version)
        self.mistakes: tuple[Mistake, ...] = ()
        self._roots = roots
        self._address = settings.url
        foreign = settings.graphql or ForeignSettings()
        #: Whether the schema is to be asked at the next probe: at first, and when the
        #: province did not know what it was asked for.
        self._outdated = self._asks = foreign.introspection

    async def ask(self, question: Question, deadline: float) -> Answer:
        """Ask for every kind that is needed, in one document.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        try:
            return await super().ask(question, deadline)
        except ProvinceFault as failed:
            if failed.code is FaultCode.NOT_SUPPORTED:
                self._outdated = self._asks
            raise

    async def probe(self, deadline: float) -> Capabilities:
        """Ask for nobody; and, where it is due, what the schema has.

        Raises:
            ProvinceFault: It does not answer, the credentials are no good, or the
                schema has nothing where the mapping looks for workers.
        """
        if self._outdated:
            await self._introspect(deadline)
        return await super().probe(deadline)

    async def _introspect(self, deadline: float) -> None:
        asked = Asked("probe", PurposeOfUse.MEMBERSHIP_SERVICE.value, deadline)
        sent = Exchange("POST", self._address, {}, _PROBE)
        try:
            reply = await self._parts.caller.send(sent, asked)
            told, _ = opened(_DATA, reply, whole=True)
        except ProvinceFault as failed:
            if failed.code not in _KEPT_SECRET:
                raise
            _LOG.info(
                "schema not told province=%s code=%s", self._province, failed.code
            )
            self._outdated = self._asks = False
            return
        there = declared(told, self._mapping, self._roots)
        if there.mistakes != self.mistakes:
            for one in there.mistakes:
                _LOG.error("mapping province=%s %s", self._province, one)
        self.mistakes = there.mistakes
        self._capabilities = msgspec.structs.replace(
            self._capabilities, fields=there.fields
        )
        if RecordKind.WORKER not in there.fields:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "no workers in its schema")
        self._outdated = False
