"""Decider: what a statement does to the links that stand.

Two rules hold on every day: a worker has one local key in a province, and a local
key is one worker. A statement that would break either is a conflict, shown to
people and never worked in; the standing link is not touched (RULEBOOK §2: a
possible duplicate is a question, never an automatic act).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from hub.linking.mistakes import LOCAL_KEY_TAKEN, OVERLAPPING_PERIOD, TWIN_LOCAL_KEY
from hub.linking.rows import LinkResult, Outcome
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.linking.rows import Statement


class StandingLink(msgspec.Struct, frozen=True):
    """A link as it stands, or as it will after this batch.

    Attributes:
        link: Its number in the store; below zero for one made by this batch.
        worker: Whose.
        province: Where.
        local_key: Their name there.
        kinds: Which kinds, sorted.
        valid_from: First day.
        valid_to: Last day; none while it holds.
    """

    link: int
    worker: WorkerId
    province: ProvinceCode
    local_key: str
    kinds: tuple[str, ...]
    valid_from: date
    valid_to: date | None

    def meets(self, other: StandingLink) -> bool:
        """Tell whether there is a day on which both hold."""
        return self.valid_from <= (other.valid_to or date.max) and (
            other.valid_from <= (self.valid_to or date.max)
        )


class StatedConflict(msgspec.Struct, frozen=True):
    """A statement, and the link that stands against it."""

    stated: StandingLink
    standing: StandingLink
    code: str


class Settling:
    """One batch of statements, worked into the links that stand.

    Attributes:
        made: The links that the batch makes, by number (all below zero).
        changed: The links of the store that it changes, by number.
        conflicts: What people must decide.
    """

    def __init__(self, standing: Iterable[StandingLink]) -> None:
        """Begin with every link of the batch's workers and of its local keys."""
        self.made: dict[int, StandingLink] = {}
        self.changed: dict[int, StandingLink] = {}
        self.conflicts: list[StatedConflict] = []
        self._of_worker: _Links = defaultdict(dict)
        self._of_local_key: _Links = defaultdict(dict)
        for link in standing:
            self._put(link)

    def settle(self, statement: Statement, worker: WorkerId) -> LinkResult:
        """Work in one statement.

        Args:
            statement: What is stated.
            worker: The person whose number it names.
        """
        stated = StandingLink(
            -1 - len(self.made),
            worker,
            statement.province,
            statement.local_key,
            statement.kinds,
            statement.valid_from,
            statement.valid_to,
        )
        old = self._restated(stated)
        if old is not None:
            stated = msgspec.structs.replace(stated, link=old.link)
        if old == stated:
            return LinkResult(statement.row, Outcome.UNCHANGED, None, worker)
        against = self._against(stated)
        if against is not None:
            refusal, standing = against
            self.conflicts.append(StatedConflict(stated, standing, refusal.code))
            return LinkResult(statement.row, Outcome.CONFLICT, refusal, worker)
        self._write(stated)
        return LinkResult(statement.row, _outcome(old, stated), None, worker)

    def _restated(self, stated: StandingLink) -> StandingLink | None:
        """Find the link that a statement is about: same first day, or some day."""
        same = [
            link
            for link in self._of_worker[stated.worker, stated.province].values()
            if link.local_key == stated.local_key
        ]
        begun_alike = (x for x in same if x.valid_from == stated.valid_from)
        return next(begun_alike, None) or next(
            (x for x in same if x.meets(stated)), None
        )

    def _against(self, stated: StandingLink) -> tuple[Refusal, StandingLink] | None:
        for link in self._of_worker[stated.worker, stated.province].values():
            if link.link != stated.link and link.meets(stated):
                if link.local_key == stated.local_key:
                    return OVERLAPPING_PERIOD, link
                return _twin(link.local_key), link
        for link in self._of_local_key[stated.local_key, stated.province].values():
            if link.worker != stated.worker and link.meets(stated):
                return LOCAL_KEY_TAKEN, link
        return None

    def _write(self, link: StandingLink) -> None:
        (self.made if link.link < 0 else self.changed)[link.link] = link
        self._put(link)

    def _put(self, link: StandingLink) -> None:
        self._of_worker[link.worker, link.province][link.link] = link
        self._of_local_key[link.local_key, link.province][link.link] = link


_Links = defaultdict[tuple[str, str], dict[int, StandingLink]]


def _outcome(old: StandingLink | None, new: StandingLink) -> Outcome:
    if old is None:
        return Outcome.CREATED
    if old.valid_to is None and new.valid_to is not None:
        return Outcome.ENDED
    return Outcome.UPDATED


def _twin(standing: str) -> Refusal:
    return Refusal(
        TWIN_LOCAL_KEY.code,
        TWIN_LOCAL_KEY.rule,
        TWIN_LOCAL_KEY.message.format(standing=standing),
        TWIN_LOCAL_KEY.remedy,
    )
