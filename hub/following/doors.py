"""Port: what the doors of following cases ask of the rest of the hub, in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.following.book import Book
    from hub.following.ports import CaseReading
    from hub.following.report_doors import ReportDoors
    from hub.following.timeline import Timeline
    from hub.organisation.directory import Directory
    from schema.records.case import Case
    from schema.records.case_wish import CaseWish, IntakeWish
    from schema.records.refusal import Refusal
    from schema.records.venue import Routing


class Follows(Protocol):
    """Acts on cases (``hub.following.following``); it judges who may."""

    async def open(self, actor: Actor, wish: IntakeWish, key: str) -> Case | Refusal:
        """Open a case and route it."""
        ...

    async def act(
        self, actor: Actor, number: str, wish: CaseWish, by: str | None, key: str
    ) -> Case | Refusal:
        """Do something about a case, for the union ``by`` or the only one that can."""
        ...

    async def route(self, actor: Actor, wish: IntakeWish) -> Routing | Refusal:
        """Tell where a case would go; nothing is opened."""
        ...


class Timelines(Protocol):
    """Reads what provinces told of cases (``hub.store.case_changes``)."""

    async def timelines(self, numbers: Sequence[str]) -> Mapping[str, Timeline]:
        """Read several at once; one of which nobody told is not in it."""
        ...


class NothingTold:
    """Timelines where no province is asked for changes."""

    async def timelines(self, numbers: Sequence[str]) -> Mapping[str, Timeline]:  # noqa: ARG002  # as the port has it
        """Tell that nobody told anything."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDoors:
    """What the doors need; the wiring hands it over.

    Attributes:
        following: Acts on cases.
        reading: Reads cases.
        timelines: Reads what provinces told of them.
        book: All rules by which cases are followed.
        directory: Gives the unions as they are known now.
        clock: Tells the day.
        reports: What the doors to reports, figures and digests need.
    """

    following: Follows
    reading: CaseReading
    timelines: Timelines
    book: Book
    directory: Callable[[], Directory]
    clock: Clock
    reports: ReportDoors
