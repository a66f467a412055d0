"""Port: what the trail asks of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.audit.chain import Draft, Head
    from schema.records.showing import Showing
    from schema.records.verdict import Alarm, Disclosure


class Book(Protocol):
    """Where the trail is written."""

    async def append(self, drafts: Sequence[Draft]) -> Head:
        """Put entries at the end of the chain, all or none of them.

        They are on disk when this returns. Whatever is raised means that they
        may or may not be there.
        """
        ...


class Trail(Protocol):
    """The audit trail; fails closed."""

    async def record(self, disclosures: Sequence[Disclosure | Showing]) -> None:
        """Write disclosures down; they are on disk when this returns.

        Raises:
            hub.audit.trail.TrailUnavailable: They are not; show nothing.
        """
        ...

    async def alarm(self, alarm: Alarm) -> None:
        """Write an alarm down; it is on disk when this returns.

        Raises:
            hub.audit.trail.TrailUnavailable: It is not; show nothing.
        """
        ...
