"""Adapter: all endpoints that a question needs are asked at once, within bounds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.own_words.joining import Found
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from connectors.own_words.caller import Asked, Caller
    from connectors.own_words.joining import ByKind
    from connectors.port import Ask
    from connectors.rest.looking_up import Endpoint


class Rows:
    """The endpoints of a province."""

    def __init__(
        self,
        endpoints: Mapping[RecordKind, Endpoint],
        caller: Caller,
        parallel: int,
        concurrency: int,
    ) -> None:
        """Ask nothing yet.

        Args:
            endpoints: By kind; the workers' own is among them.
            caller: Sends requests.
            parallel: How many requests of one question may be under way at once.
            concurrency: How many of all questions together.
        """
        self._endpoints = endpoints
        self._caller = caller
        self._parallel = parallel
        # Acts must always find a connection free.
        self._free = asyncio.Semaphore(concurrency)

    async def ask(self, asks: Sequence[Ask], asked: Asked) -> list[ByKind]:
        """Ask, and tell what was found of each ask, by kind.

        Raises:
            ProvinceFault: The workers themselves were not told, or the line is down.
        """
        turns = asyncio.Semaphore(self._parallel)
        sooner = asked.sooner(asyncio.get_running_loop().time())
        told: list[ByKind] = []
        failed: BaseException | None = None

        async def find(
            endpoint: Endpoint, ask: Ask, keys: Sequence[str], found: Found
        ) -> None:
            when = asked if endpoint.of_workers else sooner
            async with turns, self._free:
                await endpoint.find(self._caller, keys, ask.selection, when, found)

        try:
            async with asyncio.TaskGroup() as group:
                for ask in asks:
                    kinds = ask.selection.kinds | {RecordKind.WORKER}
                    told.append({kind: Found.none() for kind in kinds})
                    for kind, found in told[-1].items():
                        endpoint = self._endpoints[kind]
                        for keys in endpoint.batches(ask.keys):
                            finding = find(endpoint, ask, keys, found)
                            noting = _note(finding, found, needed=endpoint.of_workers)
                            group.create_task(noting)
        except* ProvinceFault as several:
            failed = several.exceptions[0]
        if failed is not None:
            raise failed
        return told


async def _note(finding: Awaitable[None], found: Found, *, needed: bool) -> None:
    """Take note of a failure that costs one kind only.

    Raises:
        ProvinceFault: It costs all.
    """
    try:
        await finding
    except ProvinceFault as failed:
        found.fail(failed, needed=needed)
