"""Adapter: stands in for a province whose settings name secrets that are not there.

The hub starts without it, and says so in every answer and in ``health``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.port import WHOLE_CONTRACT
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.port import (
        Acted,
        Answer,
        Capabilities,
        Changed,
        ChangesWanted,
        Question,
    )
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode
    from schema.records.refusal import Refusal


class UnusableConnector:
    """Answers every question with ``NOT_CONNECTED``."""

    def __init__(self, province: ProvinceCode, refusal: Refusal) -> None:
        """Remember why the province cannot be asked."""
        self._province = province
        self._refusal = refusal

    @property
    def province(self) -> ProvinceCode:
        """Which province cannot be asked."""
        return self._province

    @property
    def capabilities(self) -> Capabilities:
        """The whole contract: who declares nothing is not asked, and so not missed."""
        return WHOLE_CONTRACT

    async def ask(self, question: Question, deadline: float) -> Answer:  # noqa: ARG002  # the port's
        """Raise, always.

        Raises:
            ProvinceFault: ``NOT_CONNECTED``.
        """
        raise self._fault()

    async def act(
        self,
        commands: Sequence[Command],  # noqa: ARG002  # the port's
        request: str,  # noqa: ARG002
        deadline: float,  # noqa: ARG002
    ) -> Acted:
        """Raise, always.

        Raises:
            ProvinceFault: ``NOT_CONNECTED``.
        """
        raise self._fault()

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:  # noqa: ARG002  # the port's
        """Raise, always.

        Raises:
            ProvinceFault: ``NOT_CONNECTED``.
        """
        raise self._fault()

    async def probe(self, deadline: float) -> Capabilities:  # noqa: ARG002  # the port's
        """Raise, always.

        Raises:
            ProvinceFault: ``NOT_CONNECTED``.
        """
        raise self._fault()

    async def close(self) -> None:
        """Nothing is open."""

    def _fault(self) -> ProvinceFault:
        return ProvinceFault(FaultCode.NOT_CONNECTED, self._refusal.message.en)
