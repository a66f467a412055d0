"""Port: what taking in the words of provinces about their case files asks of the world."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from schema.records.change import Arrival
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.following.timeline import Timeline
    from hub.following.told_facts import FactsDue


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What came from a province, to be taken in one transaction.

    Attributes:
        province: From whom.
        arrivals: What it told.
        nonce: Id of a pushed message; empty if the province was asked.
        at: With ``nonce``: when it was signed.
        log: If the log was asked: where it was read from, and where it is read on.
        file: If the file of one case was asked: which.
        now: The present moment.
    """

    province: ProvinceCode
    arrivals: tuple[Arrival, ...]
    now: datetime
    nonce: str = ""
    at: datetime | None = None
    log: tuple[str, str] | None = None
    file: str = ""


class Taken(msgspec.Struct, frozen=True):
    """What became of it.

    Attributes:
        new: How many statements were not known before.
        passed_over: How many are of cases in which the province has no role, or that
            are not followed here.
        contradicted: How many say something else than before under the same number.
    """

    new: int
    passed_over: int
    contradicted: int


class Replayed(Exception):  # it is no error: the message was taken already
    """A message of this id was taken before; nothing was changed."""


class UnknownCases(Exception):  # the caller says so to the province
    """A pushed message is about a case that is not the province's; nothing changed."""


class Overtaken(Exception):  # somebody else took it
    """Another process has read the log on meanwhile; nothing was changed."""


class CaseFiles(Protocol):
    """Where what provinces told is kept (``hub.store.case_changes``).

    Every method may raise ``hub.store.unavailable.StoreUnavailable``.
    """

    async def take(self, intake: Intake) -> Taken:
        """Take in what came; it is there when this returns. Repetitions change nothing.

        Raises:
            Replayed: The pushed message was taken before.
            UnknownCases: It is pushed, and about a case that is not the province's.
            Overtaken: The log was read on by another process.
        """
        ...

    async def turn(
        self, province: ProvinceCode, now: datetime, since: datetime
    ) -> str | None:
        """Take one's turn to ask for a log, if nobody has since a moment.

        Returns:
            Where to read on; ``None`` if it is not one's turn.
        """
        ...

    async def to_ask(
        self, province: ProvinceCode, now: datetime, most: int
    ) -> Mapping[str, int]:
        """Tell which files are to be asked for, and after which number."""
        ...

    async def timelines(self, numbers: Sequence[str]) -> Mapping[str, Timeline]:
        """Read the timelines of cases; one of which nothing was told is empty."""
        ...

    async def facts_due(self, most: int) -> Sequence[FactsDue]:
        """Tell in which files facts came or changed, with all that they say now."""
        ...

    async def facts_done(self, due: FactsDue, refused: Sequence[int]) -> None:
        """Note that the facts of a file were taken, but for these numbers."""
        ...

    async def forget(self, before: datetime) -> None:
        """Forget ids of messages that were signed before a moment."""
        ...


class FactsTaker(Protocol):
    """Whoever takes facts of files into their cases (``hub.following.following``)."""

    async def facts_from_province(self, due: FactsDue) -> Sequence[int]:
        """Have a case say what its file says; what it says already changes nothing.

        Returns:
            Numbers of the statements that the case could not take.

        Raises:
            schema.records.refusal.Refused: The store cannot be used now.
        """
        ...
