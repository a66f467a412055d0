"""Port: what registering asks of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.linking.rows import LinkResult, Statement


class LinkBook(Protocol):
    """Where links are kept."""

    async def settle(
        self, statements: Sequence[Statement], source: str
    ) -> list[LinkResult]:
        """Work statements into the links that stand: all of them, or none.

        Args:
            statements: A batch, in the order in which they were stated.
            source: Who stated them.

        Returns:
            One result for each statement, in their order.

        Raises:
            schema.records.refusal.Refused: The store cannot be used now; nothing
                of the batch was kept.
        """
        ...

    async def counted(self) -> None:
        """After much was registered: let the store count what it keeps now.

        A store that has not counted plans questions for tables that it does not know.

        Raises:
            schema.records.refusal.Refused: The store cannot be used now; it counts by
                itself, a minute or some later.
        """
        ...


class GivesWay(Protocol):
    """The pace that all long work of a process shares."""

    async def breathe(self) -> None:
        """Let others have their turn, if this one has been long."""
        ...
