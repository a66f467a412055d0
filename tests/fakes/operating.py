"""Operations on the real graph over the inside of a hub, without HTTP."""

from __future__ import annotations

from hub.config.server import LimitSettings, ServerSettings
from hub.web.context import RequestContext, extensions_of
from hub.web.metrics import Figures
from hub.web.operation import Asker
from hub.web.operations import Operations
from hub.web.payload import Asked
from hub.web.ports import WebParts
from tests.fakes.hub import graph


class Operating:
    """Runs documents as HTTP would; ``limits`` are those of the settings."""

    def __init__(self, inside, pace=None, **limits):
        more = {} if pace is None else {"pace": pace}
        parts = WebParts(
            schema=graph(),
            context_for=lambda who, request, language, purpose: RequestContext(
                inside, who, request,
                language=language, purpose=purpose, most_workers=100,
            ),
            verifier=None,
            server=ServerSettings(port=0),
            limits=LimitSettings(**limits),
            figures=Figures(),
            extensions_of=extensions_of,
            **more,
        )  # fmt: skip
        self._operations = Operations(parts)

    async def __call__(self, who, text, operation=None, purpose=None, **variables):
        asked = self._operations.read(Asked(text, operation, variables), who)
        return await self._operations.answer(
            asked, Asker(who, "request-1", "en", purpose)
        )
