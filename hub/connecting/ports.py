"""Port: what connecting provinces asks of the rest of the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.store.province_settings import Pause, Stated
    from schema.records.keys import ProvinceCode


class Book(Protocol):
    """Where versions and pauses are kept."""

    async def keep(self, stated: Stated, by: str) -> int | None:
        """Keep settings as a new version, unless they are the last one already.

        Raises:
            schema.records.refusal.Refused: The store cannot be used now.
        """
        ...

    async def pauses(self) -> Mapping[ProvinceCode, Pause]:
        """Tell which provinces an operator has paused.

        Raises:
            schema.records.refusal.Refused: The store cannot be used now.
        """
        ...


class Notes(Protocol):
    """Whoever counts: for the metrics."""

    def settings_read(self, mistakes: int) -> None:
        """Take note of how many mistakes keep settings from being taken; 0 if none."""
        ...

    def province_changed(self, province: ProvinceCode, kind: str) -> None:
        """Take note that a province was ``added``, ``changed`` or ``removed``."""
        ...

    def secrets_failing(self, province: ProvinceCode, count: int) -> None:
        """Take note of how many secrets of a province cannot be read now."""
        ...
