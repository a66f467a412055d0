"""Decider: whether what a hub process sees of a province is news."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from schema.records.kinds import KINDS, RecordKind
from schema.records.province import ProvinceState, ProvinceStatus
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from datetime import timedelta

    from connectors.health import Health

#: What makes two statuses differ for those who follow: not times and latencies.
Signature: TypeAlias = tuple[ProvinceState, str | None, tuple[RecordKind, ...]]


class ProvinceChange(msgspec.Struct, frozen=True):
    """What is said of a province when it changes: the body of an event.

    Attributes:
        province: How it does now.
        was: How it did before; none if nobody had said.
        seen_by: The hub process that saw it.
    """

    province: ProvinceStatus
    was: ProvinceState | None
    seen_by: str


class Stated(msgspec.Struct, frozen=True):
    """The last change of a province, and when it was said.

    Attributes:
        cursor: Of its event.
        at: When it was written.
        change: What was said.
    """

    cursor: int
    at: datetime
    change: ProvinceChange


def status_of(health: Health) -> ProvinceStatus:
    """Show a province's health as callers see it."""
    served = health.capabilities.kinds
    median = health.median_seconds
    return ProvinceStatus(
        code=health.province,
        name=Bilingual(health.name_zh, health.name_en),
        state=health.state,
        contract_version=health.capabilities.contract_version
        if health.declared
        else None,
        kinds=tuple(kind for kind in KINDS if kind in served),
        last_answer_at=health.last_ok_at,
        last_fault=health.last_fault,
        last_fault_at=health.last_fault_at,
        median_latency_ms=None if median is None else round(median * 1000, 2),
    )


def signature(status: ProvinceStatus) -> Signature:
    """Tell what of a status is news when it differs."""
    return (status.state, status.contract_version, status.kinds)


def change_of(
    last: ProvinceChange | None, seen: ProvinceStatus, seen_by: str
) -> ProvinceChange | None:
    """Tell what to say, if it is news.

    Args:
        last: What was said last, by any hub process.
        seen: What this process sees.
        seen_by: Its name.

    Returns:
        ``None`` if nothing has changed, or nothing is known: a process that has
        just started takes back nobody's word. Nor does it know the contract of
        a province that has not answered it yet, so what was said of it stays.
    """
    if seen.state is ProvinceState.UNKNOWN:
        return None
    if last is None:
        return ProvinceChange(seen, None, seen_by)
    if seen.contract_version is None:
        seen = msgspec.structs.replace(
            seen,
            contract_version=last.province.contract_version,
            kinds=last.province.kinds,
        )
    if signature(seen) == signature(last.province):
        return None
    return ProvinceChange(seen, last.province.state, seen_by)


def may_contradict(
    stated: Stated, seen: ProvinceStatus, now: datetime, after: timedelta
) -> bool:
    """Tell whether another process's word is old, and ours rests on newer facts.

    Processes may disagree for good (one cannot reach the province); then they
    take turns, not more often than ``after``. And the last word of a process that
    is gone does not stand for ever.

    Args:
        stated: What was said last.
        seen: What this process sees instead.
        now: The present moment.
        after: How old a word must be.
    """
    facts = [at for at in (seen.last_answer_at, seen.last_fault_at) if at is not None]
    return now - stated.at >= after and max(facts, default=stated.at) > stated.at
