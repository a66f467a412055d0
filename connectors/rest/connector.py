"""Adapter: a province that serves REST with JSON, by its mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.own_words.connector import OwnWordsConnector, Parts
from connectors.own_words.register import Register
from connectors.own_words.words import Words
from connectors.rest.acts import RestDesk
from connectors.rest.changes import Log
from connectors.rest.gathering import Rows
from connectors.rest.looking_up import Endpoint
from connectors.rest.settings import RestSettings
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Mapping as Known

    from connectors.mapping.mapping import Mapping
    from connectors.own_words.caller import Caller
    from connectors.port import Clock
    from connectors.rest.settings import EndpointSettings
    from connectors.settings import ProvinceSettings
    from schema.records.kinds import RecordKind


class RestConnector(OwnWordsConnector):
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
        address = settings.url.rstrip("/")
        rest = settings.rest or RestSettings()
        asked = {
            kind: Endpoint(one, endpoints[kind], address)
            for kind, one in mapping.kinds.items()
        }
        rows = Rows(asked, caller, rest.parallel, settings.concurrency)
        register: Register | None = None
        if rest.acts and mapping.command and mapping.receipt:
            words = Words(mapping.command, mapping.receipt)
            desk = RestDesk(rest.acts, words, caller, address)
            register = Register(desk, parallel=rest.parallel)
        log: Log | None = None
        if rest.changes and mapping.change:
            log = Log(rest.changes, mapping.change, caller, address)
        super().__init__(
            ProvinceCode(settings.code),
            mapping,
            Parts(rows, caller, register, log),
            clock,
            settings.contract_version,
        )
