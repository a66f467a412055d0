"""Decider: the five cooperation indicators, folded from the journal (RULEBOOK §10).

Each offer or task is judged once, whatever the order of its events and however often
they come; what may still be done in time is not judged yet.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.clock import day_in_china
from schema.records.cooperation import (
    CooperationEvent,
    CooperationStep,
    Indicators,
    Mean,
    Share,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from schema.records.keys import ProvinceCode

    #: From the province that asks to the one that is asked.
    Corridor = tuple[ProvinceCode, ProvinceCode]


class _Matter(msgspec.Struct):
    """One offer or task."""

    asked: CooperationEvent | None = None
    accepted: datetime | None = None
    answered: datetime | None = None
    rated: CooperationEvent | None = None
    extended: CooperationEvent | None = None
    withdrawn: bool = False


class Cooperation(msgspec.Struct, frozen=True):
    """Indicators, for who is asked.

    Attributes:
        unions: Of each union that was asked.
        corridors: Of each pair of provinces.
    """

    unions: dict[str, Indicators]
    corridors: dict[Corridor, Indicators]


def cooperation(
    events: Iterable[CooperationEvent], *, until: datetime, within_days: int
) -> Cooperation:
    """Fold events into indicators.

    Args:
        events: Of the journal, in any order; one that comes twice counts once.
        until: The moment up to which is judged; later events do not count.
        within_days: In how many days an offer or task is to be accepted.
    """
    matters: dict[str, _Matter] = defaultdict(_Matter)
    for event in events:
        if event.at <= until:
            _take(matters[event.id], event)
    unions: dict[str, Indicators] = defaultdict(Indicators)
    corridors: dict[Corridor, Indicators] = defaultdict(Indicators)
    for _, matter in sorted(matters.items()):
        asked = matter.asked
        if asked is None or matter.withdrawn:
            continue
        one = _judged(matter, asked, until, timedelta(days=within_days))
        unions[asked.asked] = joined(unions[asked.asked], one)
        if asked.asker_province != asked.asked_province:
            pair = asked.asker_province, asked.asked_province
            corridors[pair] = joined(corridors[pair], one)
    return Cooperation(dict(unions), dict(corridors))


def joined(one: Indicators, other: Indicators) -> Indicators:
    """Join indicators of different offers and tasks."""
    return Indicators(
        accepted=_shares(one.accepted, other.accepted),
        answer_hours=_means(one.answer_hours, other.answer_hours),
        answered=_shares(one.answered, other.answered),
        timeliness=_means(one.timeliness, other.timeliness),
        effort=_means(one.effort, other.effort),
    )


def _take(matter: _Matter, event: CooperationEvent) -> None:
    match event.step:
        case CooperationStep.ASKED:
            matter.asked = _chosen(matter.asked, event, _first)
        case CooperationStep.ACCEPTED:
            matter.accepted = min(matter.accepted or event.at, event.at)
        case CooperationStep.ANSWERED:
            matter.answered = min(matter.answered or event.at, event.at)
        case CooperationStep.RATED:
            matter.rated = _chosen(matter.rated, event, _last)
        case CooperationStep.EXTENDED:
            matter.extended = _chosen(matter.extended, event, _last)
        case CooperationStep.WITHDRAWN:
            matter.withdrawn = True


def _first(one: CooperationEvent, other: CooperationEvent) -> bool:
    return (one.at, repr(one)) <= (other.at, repr(other))


def _last(one: CooperationEvent, other: CooperationEvent) -> bool:
    return not _first(one, other)


def _chosen(
    known: CooperationEvent | None,
    new: CooperationEvent,
    goes_before: Callable[[CooperationEvent, CooperationEvent], bool],
) -> CooperationEvent:
    return known if known is not None and goes_before(known, new) else new


def _judged(
    matter: _Matter, asked: CooperationEvent, until: datetime, within: timedelta
) -> Indicators:
    # Who answers at once has accepted, too.
    taken = [at for at in (matter.accepted, matter.answered) if at is not None]
    accepted = min(taken, default=None)
    agreed = matter.extended.answer_by if matter.extended else None
    answer_by = agreed or asked.answer_by
    answered = Share()
    if answer_by is not None:
        day = None if matter.answered is None else day_in_china(matter.answered)
        over = day_in_china(until) > answer_by
        answered = _share(
            good=day is not None and day <= answer_by, decided=day is not None or over
        )
    rated = matter.rated
    return Indicators(
        accepted=_share(
            good=accepted is not None and accepted - asked.at <= within,
            decided=accepted is not None or until - asked.at > within,
        ),
        answer_hours=_mean(_hours(asked.at, matter.answered)),
        answered=answered,
        timeliness=_mean(rated.timeliness if rated else None),
        effort=_mean(rated.effort if rated else None),
    )


def _hours(since: datetime, at: datetime | None) -> float | None:
    return None if at is None else (at - since) / timedelta(hours=1)


def _share(*, good: bool, decided: bool) -> Share:
    return Share(int(good), int(decided))


def _mean(value: float | None) -> Mean:
    return Mean() if value is None else Mean(value, 1)


def _shares(one: Share, other: Share) -> Share:
    return Share(one.good + other.good, one.whole + other.whole)


def _means(one: Mean, other: Mean) -> Mean:
    return Mean(one.total + other.total, one.number + other.number)
