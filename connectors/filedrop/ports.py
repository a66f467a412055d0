"""Port: what a drop folder asks of what stands beside its batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connectors.filedrop.taking import Look
    from connectors.port import Acted, Changed, ChangesWanted
    from schema.records.command import Act, Command

    Tell = Callable[[str, int, int], None]


class Desk(Protocol):
    """Where commands are laid down and answered; ``connectors.port`` has the rules."""

    @property
    def acts(self) -> frozenset[Act]:
        """The acts that are taken."""
        ...

    async def act(
        self, commands: Sequence[Command], request: str, deadline: float
    ) -> Acted:
        """Lay commands down, and tell what is answered by now."""
        ...

    async def look(self) -> None:
        """Look for receipts, though nobody waits for one."""
        ...

    async def close(self) -> None:
        """Give back what is open."""
        ...


class CaseLog(Protocol):
    """What a province tells of its case files."""

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Tell a page of changes."""
        ...

    async def look(self) -> None:
        """Look for changes, though nobody asks for them."""
        ...

    async def close(self) -> None:
        """Give back what is open."""
        ...


class Mirror(Protocol):
    """Brings the province's files here, and ours there."""

    async def bring(self) -> None:
        """Bring what is new; before each look for batches, and as long as it takes."""
        ...

    async def close(self) -> None:
        """Give back what is open."""
        ...


class Taker(Protocol):
    """Looks for a batch, and takes it outside the event loop."""

    async def look(self, tell: Tell, *, anew: bool = False) -> Look:
        """Take the freshest whole batch, if it is fresher than the last.

        Args:
            tell: Is told of a batch how many rows are done, of how many.
            anew: Look again at what was turned down, and take what is improbable.
        """
        ...
