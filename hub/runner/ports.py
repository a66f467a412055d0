"""Port: what the runner asks of the world besides the ports of the transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.port import Acted, Capabilities, Changed, ChangesWanted
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode


class Register(Protocol):
    """A province's register of members, in its guard: it never raises."""

    async def act(
        self, commands: Sequence[Command], request: str, deadline: float
    ) -> Acted:
        """Have commands carried out, in one call and in their order."""
        ...


class Registers(Protocol):
    """The registers of all provinces that this hub has settings for."""

    def get(self, province: ProvinceCode) -> Register | None:
        """Find one."""
        ...


class Teller(Protocol):
    """A province that tells what happens in its case files, in its guard."""

    @property
    def province(self) -> ProvinceCode:
        """Which province it is."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it declared last."""
        ...

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Ask for changes; it never raises."""
        ...


class Tellers(Protocol):
    """All provinces that this hub has settings for."""

    def all(self) -> Sequence[Teller]:
        """Tell all of them."""
        ...


class Notes(Protocol):
    """Whoever counts: for the metrics."""

    def delivered(self, province: ProvinceCode, outcome: str, commands: int) -> None:
        """Take note of commands that ended ``done``, ``refused``, ``pending`` ….

        … ``unknown`` or ``fault``.
        """
        ...

    def polled(self, province: ProvinceCode, outcome: str, changes: int) -> None:
        """Take note of a page of a province's case files: ``ok``, or why not."""
        ...

    def called(self, endpoint: str, outcome: str) -> None:
        """Take note of a call to an endpoint: ``ok``, or why not."""
        ...
