"""Itinerary: turns the hub's inside into what the web serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.store.unavailable import StoreUnavailable
from hub.web.context import RequestContext, extensions_of
from hub.web.ports import WebParts
from schema.graph.build import build_schema
from schema.records.province import ProvinceState

if TYPE_CHECKING:
    from hub.access.caller import Caller
    from hub.config.settings import Settings
    from hub.web.metrics import Figures
    from hub.web.negotiate import Language
    from hub.wiring import Parts


def web_parts(parts: Parts, settings: Settings, figures: Figures) -> WebParts:
    """Put together what the web needs.

    Args:
        parts: The hub's inside.
        settings: What the files say.
        figures: Where requests are counted.
    """

    def context_for(
        caller: Caller, request_id: str, language: Language, purpose: str | None
    ) -> Any:
        return RequestContext(
            parts,
            caller,
            request_id,
            language=language,
            purpose=purpose,
            most_workers=settings.limits.workers,
        )

    async def database() -> bool:
        try:
            async with parts.pool.connection() as connection:
                await connection.execute("SELECT 1")
        except StoreUnavailable:
            return False
        return True

    async def provinces() -> bool:
        """At least one province is connected and not paused.

        One that is down does not make the hub useless: the answer names it.
        """
        states = [guard.health().state for guard in parts.provinces.all()]
        return any(state is not ProvinceState.PAUSED for state in states)

    async def issuers() -> bool:
        """The keys of at least one issuer are there: somebody can be known."""
        return len(parts.verifier.without_keys()) < len(settings.issuers)

    return WebParts(
        schema=build_schema()._schema,  # noqa: SLF001  # strawberry has no public door to it
        context_for=context_for,
        verifier=parts.verifier,
        server=settings.server,
        limits=settings.limits,
        figures=figures,
        checks={"database": database, "provinces": provinces, "issuers": issuers},
        extensions_of=extensions_of,
        clock=parts.clock,
        streams=settings.streams,
        tracer=parts.tracer,
    )
