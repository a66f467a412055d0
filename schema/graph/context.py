"""Port: what resolvers may reach. The hub fulfils it anew for each request.

Each Protocol is a door. A resolver is a plain attribute, a pure function of its
parent, or one awaited line to one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from schema.records.linking import LinkResult, LinkRow
    from schema.records.merged import Merged
    from schema.records.province import ProvinceStatus
    from schema.records.province_event import ProvinceEvent
    from schema.records.purpose import PurposeOfUse
    from schema.records.refusal import Bilingual, Refusal
    from schema.records.selection import Selection
    from schema.records.wanted import WorkerBy


class Loaders(Protocol):
    """The reading door."""

    async def worker(
        self, by: WorkerBy, purpose: PurposeOfUse, selection: Selection
    ) -> Merged | Refusal | None:
        """Look one worker up; ``None`` if nobody is known by that."""
        ...

    async def workers(
        self, by: Sequence[WorkerBy], purpose: PurposeOfUse, selection: Selection
    ) -> Sequence[Merged | Refusal | None] | Refusal:
        """Look several up, in their order; too many are refused as a whole."""
        ...


class Provinces(Protocol):
    """The door to the health of provinces."""

    def status(self) -> Sequence[ProvinceStatus]:
        """Tell how each province does, in the order of their codes."""
        ...


class Linking(Protocol):
    """The door to registering links."""

    async def register(self, rows: Sequence[LinkRow]) -> Sequence[LinkResult] | Refusal:
        """Register links, each for itself; the results are in their order."""
        ...


class Feeds(Protocol):
    """The door to live events."""

    async def provinces(
        self, after: str | None, codes: Sequence[str] | None
    ) -> AsyncGenerator[ProvinceEvent, None]:
        """Follow how provinces do.

        Args:
            after: The cursor of the last event that the caller got.
            codes: Which provinces; all if not given.

        Raises:
            Refused: A code or the cursor cannot be used.
        """
        ...


class Context(Protocol):
    """What one request has."""

    #: ``zh`` or ``en``, by ``Accept-Language``.
    language: str
    #: From the header ``Purpose-Of-Use``: a gateway's ``_entities`` has no
    #: argument to say it in.
    purpose: PurposeOfUse | None
    loaders: Loaders
    provinces: Provinces
    linking: Linking
    feeds: Feeds

    def say(self, words: Bilingual) -> str:
        """Choose the sentence in the caller's language."""
        ...
