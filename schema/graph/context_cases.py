"""Port: what resolvers of rights cases may reach; a part of ``context``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.records.case_list import CaseFilter, TaskFilter
    from schema.records.case_seen import SeenCase, SeenTask, SeenTimeline
    from schema.records.case_wish import CaseWish, IntakeWish
    from schema.records.keys import WorkerId
    from schema.records.paging import Page
    from schema.records.refusal import Refusal
    from schema.records.venue import Routing


class Cases(Protocol):
    """The door to rights cases; every act bears the caller's idempotency key.

    What the table of roles does not let the caller see is left out of each answer.
    """

    async def open(self, wish: IntakeWish, key: str) -> SeenCase | Refusal:
        """Open a case as the union or station that received the request."""
        ...

    async def act(
        self, no: str, wish: CaseWish, by: str | None, key: str
    ) -> SeenCase | Refusal:
        """Do something about a case.

        Args:
            no: Number of the case.
            wish: What.
            by: The union that does it; the only one for which the caller can, if none.
            key: The idempotency key.
        """
        ...

    async def route(self, wish: IntakeWish) -> Routing | Refusal:
        """Tell where a case would go, and why; nothing is opened."""
        ...

    async def one(self, no: str) -> SeenCase | Refusal:
        """Read one; refused if there is none that the caller may see."""
        ...

    async def now(self, no: str) -> SeenCase | Refusal:
        """Read one as it stands now, whatever was read of it before."""
        ...

    async def page(
        self, wanted: CaseFilter, first: int, after: str | None
    ) -> Page[SeenCase] | Refusal:
        """Read some, in the order that is asked for."""
        ...

    async def tasks(
        self, wanted: TaskFilter, first: int, after: str | None
    ) -> Page[SeenTask] | Refusal:
        """Read co-handling tasks, in the order that is asked for."""
        ...

    async def timeline(
        self, case: SeenCase, first: int, after: str | None
    ) -> SeenTimeline | Refusal | None:
        """Read a page of the history of a case that was read; none if it is not seen."""
        ...

    async def of_worker(self, worker: WorkerId) -> Sequence[SeenCase]:
        """Read the cases of a worker that the caller may see, the oldest first."""
        ...
