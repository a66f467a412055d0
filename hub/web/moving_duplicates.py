"""Itinerary: the door to questions of duplicate memberships, for one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.access.caller import Scope
from hub.acting.actor import actor_of
from hub.clock import today_in_china
from hub.transfer.acting import may_move
from hub.transfer.showing import showings
from hub.web import moving_refusals as no
from schema.records.paging import MOST_ON_PAGE
from schema.records.refusal import Refusal
from schema.records.showing import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.transfer.moving import Moving
    from schema.records.duplicate import DuplicateQuestion, DuplicateState, Found
    from schema.records.keys import WorkerId
    from schema.records.paging import Page


class Duplicates:
    """Asks and resolves for one caller."""

    def __init__(
        self, moving: Moving, trail: Trail, caller: Caller, request: str
    ) -> None:
        """Open the door; the arguments are as for ``hub.web.moving.Transfers``."""
        self._moving = moving
        self._trail = trail
        self._actor = actor_of(caller, request)

    async def report(
        self, worker: WorkerId, first: Found, second: Found, reason: str, key: str
    ) -> DuplicateQuestion | Refusal:
        """Ask whether two memberships are one worker's."""
        return await self._moving.duplicates.report(
            self._actor, worker, (first, second), reason, key
        )

    async def resolve(
        self,
        id: str,  # noqa: A002  # as in the graph
        kept: str | None,
        reason: str,
        key: str,
    ) -> DuplicateQuestion | Refusal:
        """Say which membership goes on; without ``kept``, that it is no duplicate."""
        return await self._moving.duplicates.resolve(self._actor, id, kept, reason, key)

    async def answer(
        self,
        id: str,  # noqa: A002  # as in the graph
        wished: str | None,
        reason: str,
        key: str,
        *,
        same_worker: bool,
    ) -> DuplicateQuestion | Refusal:
        """Say, as the worker, whether both are theirs and where they wish to stay."""
        return await self._moving.duplicates.replies.reply(
            self._actor, id, wished, reason, key, same_worker=same_worker
        )

    async def undo(self, id: str, reason: str, key: str) -> DuplicateQuestion | Refusal:  # noqa: A002  # as in the graph
        """Undo what was resolved."""
        return await self._moving.duplicates.undo(self._actor, id, reason, key)

    async def page(
        self, states: Sequence[DuplicateState], first: int, after: str | None
    ) -> Page[DuplicateQuestion] | Refusal:
        """Read the questions of the caller's unions, or the worker's own; oldest first."""
        scopes = self._actor.scopes
        own = Scope.SELF_READ in scopes and Scope.TRANSFERS_WRITE not in scopes
        today = today_in_china(self._moving.clock)
        refused = may_move(self._moving.directory(), self._actor, today)
        if refused is not None and not own:
            return refused
        if not 1 <= first <= MOST_ON_PAGE:
            return no.PAGE_SIZE
        duplicates = self._moving.duplicates
        page: Page[DuplicateQuestion] | Refusal
        if own:
            page = await duplicates.replies.page(self._actor, states, first, after)
        else:
            page = await duplicates.page(self._actor, states, first, after)
        if not isinstance(page, Refusal):
            named = ((one.worker, one.id) for one in page.items)
            await self._trail.record(showings(self._actor, Shown.DUPLICATE, named))
        return page
