"""Adapter: a province that speaks words of its own, whatever its tongue, by its mapping."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple, Protocol

from connectors.faults import ProvinceFault
from connectors.own_words.caller import Asked
from connectors.own_words.joining import joined
from connectors.port import Answer, Ask, Capabilities, Changed
from schema.records.kinds import RecordKind
from schema.records.purpose import PurposeOfUse
from schema.records.selection import Selection
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.mapping.mapping import Mapping
    from connectors.own_words.caller import Caller
    from connectors.own_words.joining import ByKind
    from connectors.own_words.register import Register
    from connectors.port import Acted, ChangesWanted, Clock, Question
    from schema.records.change import Changes
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode

_LOG = logging.getLogger(__name__)

_WHETHER = Selection.of({RecordKind.WORKER: ()})
#: Nobody's name: that the answer is "no such worker" shows that the province answers.
_NOBODY = "hub-probe"


class Rows(Protocol):
    """Where rows are asked for."""

    async def ask(self, asks: Sequence[Ask], asked: Asked) -> list[ByKind]:
        """Ask, and tell what was found of each ask, by kind.

        Raises:
            ProvinceFault: The workers themselves were not told, or the line is down.
        """
        ...


class Log(Protocol):
    """Where changes of case files are asked for."""

    async def ask(
        self, province: ProvinceCode, wanted: ChangesWanted, asked: Asked
    ) -> Changes:
        """Ask for one page.

        Raises:
            ProvinceFault: Nothing was told, or what cannot be used.
        """
        ...


class Parts(NamedTuple):
    """What speaks the tongue of a province.

    Attributes:
        rows: Asks for rows.
        caller: Sends requests; it is closed with the connector.
        register: Carries acts out; none where none are declared.
        log: Asks for changes of case files; none likewise.
    """

    rows: Rows
    caller: Caller
    register: Register | None
    log: Log | None


class OwnWordsConnector:
    """Speaks to a province in its own words."""

    def __init__(
        self,
        province: ProvinceCode,
        mapping: Mapping,
        parts: Parts,
        clock: Clock,
        version: str,
    ) -> None:
        """Declare what the mapping has.

        Args:
            province: Who.
            mapping: What its rows mean.
            parts: What speaks its tongue.
            clock: Tells when an answer was complete.
            version: Which contract is declared.
        """
        self._province = province
        self._mapping = mapping
        self._parts = parts
        self._clock = clock
        self._capabilities = Capabilities(
            version,
            mapping.fields,
            parts.register.acts if parts.register else frozenset(),
            changes=parts.log is not None,
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
        """Ask for every kind that is needed, at once.

        A kind that cannot be told is missing from the answer; without the workers
        themselves there is none.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if not question.asks:
            return Answer((), (), self._clock.now())
        if not all(self._capabilities.covers(ask.selection) for ask in question.asks):
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "not declared")
        asked = Asked(question.request, question.purpose, deadline)
        told = await self._parts.rows.ask(question.asks, asked)
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
        if self._parts.register is None:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "acts are not declared")
        asked = Asked(request, PurposeOfUse.MEMBERSHIP_SERVICE.value, deadline)
        return await self._parts.register.act(self._province, commands, asked)

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Ask for changes of case files.

        Raises:
            ProvinceFault: Nothing was told, for any reason.
        """
        if self._parts.log is None:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "changes are not declared")
        asked = Asked(wanted.request, PurposeOfUse.RIGHTS_PROTECTION.value, deadline)
        return Changed(await self._parts.log.ask(self._province, wanted, asked))

    async def probe(self, deadline: float) -> Capabilities:
        """Ask for nobody: does the province answer, and are the credentials good?

        Raises:
            ProvinceFault: It does not, or they are not.
        """
        asked = Asked("probe", PurposeOfUse.MEMBERSHIP_SERVICE.value, deadline)
        await self._parts.rows.ask((Ask((_NOBODY,), _WHETHER),), asked)
        return self._capabilities

    async def close(self) -> None:
        """Close the connections."""
        await self._parts.caller.close()
