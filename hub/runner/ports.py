"""Port: what the runner asks of the world besides the ports of the transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.port import Acted
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


class Notes(Protocol):
    """Whoever counts: for the metrics."""

    def delivered(self, province: ProvinceCode, outcome: str, commands: int) -> None:
        """Take note of commands that ended ``done``, ``refused``, ``pending`` ….

        … ``unknown`` or ``fault``.
        """
        ...

    def called(self, endpoint: str, outcome: str) -> None:
        """Take note of a call to an endpoint: ``ok``, or why not."""
        ...
