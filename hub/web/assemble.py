"""Itinerary: turns the hub's inside into what the web serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.store.patience import within
from hub.store.unavailable import StoreUnavailable
from hub.web.context import RequestContext, extensions_of
from hub.web.documents import Documents
from hub.web.ports import WebParts
from hub.web.registered import by_hash, read_directory
from schema.graph.build import build_schema
from schema.records.province import ProvinceState

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from hub.access.caller import Caller
    from hub.config.settings import Settings
    from hub.store.pool import Pool
    from hub.web.documents import Prepared
    from hub.web.metrics import Figures
    from hub.web.negotiate import Language
    from hub.wiring import Parts


#: A balancer does not wait for ever: a database that takes longer is not ready.
_READY_S = 1.5


async def _ping(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("SELECT 1")


def web_parts(parts: Parts, settings: Settings, figures: Figures) -> WebParts:
    """Put together what the web needs.

    Args:
        parts: The hub's inside.
        settings: What the files say.
        figures: Where requests are counted.

    Raises:
        hub.config.mistakes.BadSettings: A registered document cannot be used.
    """
    schema = build_schema()._schema  # noqa: SLF001  # strawberry has no public door to it

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
            await within(_READY_S, _ping(parts.pool))
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
        schema=schema,
        context_for=context_for,
        verifier=parts.verifier,
        server=settings.server,
        limits=settings.limits,
        figures=figures,
        checks={"database": database, "provinces": provinces, "issuers": issuers},
        trusted=settings.trusted,
        pace=parts.pace,
        registered=registered(settings, schema),
        extensions_of=extensions_of,
        tracer=parts.tracer,
        clock=parts.clock,
        streams=settings.streams,
        credentials=parts.credentials.publisher,
        uploads=parts.moving.uploads,
        case_files=parts.case_files,
        callback_secrets=parts.callback_secrets,
        settings_told=parts.standing.told,
    )


def registered(settings: Settings, schema: GraphQLSchema) -> dict[str, Prepared]:
    """Read the registered documents that the settings name, by their hashes.

    Raises:
        hub.config.mistakes.BadSettings: With every mistake in them.
    """
    directory = settings.trusted.directory
    if directory is None:
        return {}
    return by_hash(read_directory(directory, Documents(schema, settings.limits)))
