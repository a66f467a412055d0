"""Decider: memberships along a life, by the states of RULEBOOK §2."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from deploy.demo.population.shares import Draw, between, chance
from schema.records.membership import MembershipState as State

if TYPE_CHECKING:
    from random import Random

    from deploy.demo.population.stint import Stint

#: In these states the union is the worker's home: exactly one at every instant.
HOME_STATES = frozenset(
    {
        State.ACTIVE,
        State.OUT_REGISTERED,
        State.IN_REGISTERED,
        State.RETAINED,
        State.LANDED_FALLBACK,
    }
)

#: How the last membership of a chain stands today.
_LAST = Draw[State](
    {
        State.ACTIVE: 85,
        State.RETAINED: 6,
        State.IN_TRANSIT: 4,
        State.IN_REGISTERED: 1.2,
        State.LANDED_FALLBACK: 1.5,
        State.WITHDRAWN: 1.5,
        State.APPLIED: 0.7,
        State.EXPELLED: 0.1,
    }
)


@dataclass(frozen=True, slots=True)
class Join:
    """One membership. Days are ordinals.

    Attributes:
        province: Where the union is.
        stint: Place of the stint in the life.
        since: First day; of the offer or application while it is not a membership.
        until: Last day; none while it lasts.
        state: Where it stands today.
        source_enrolled: Joined at home, before or without a job (源头入会).
        local: At the township or village union, not at the employer's.
        card: Which of the worker's membership numbers; more than one only where
            both ends joined.
        joined: First day in any union, under this number.
        in_on: Day of the IN entry.
        out_on: Day of the OUT entry.
        counterpart: The other province of the last transfer; may be empty.
    """

    province: str
    stint: int
    since: int
    until: int | None
    state: State
    source_enrolled: bool
    local: bool
    card: int
    joined: int
    in_on: int | None = None
    out_on: int | None = None
    counterpart: str = ""


def joins(
    rng: Random, home: str, stints: tuple[Stint, ...], reference: int
) -> tuple[Join, ...]:
    """Draw the memberships of a life: a chain in which each follows the last."""
    if not chance(rng, 0.94):
        return ()
    chain: list[Join] = []
    for place, stint in enumerate(stints):
        only_chance_left = not chain and place == len(stints) - 1
        if only_chance_left or chance(rng, 0.85 if stint.job else 0.75):
            chain.append(_join(rng, home, chain, place, stint))
    linked = [_handed_over(rng, old, new) for old, new in pairwise(chain)]
    last = chain[-1]
    if len(chain) > 1:
        last = replace(last, in_on=last.since, counterpart=chain[-2].province)
    return _ended(rng, [*_paired(linked), last], reference)


def _join(rng: Random, home: str, chain: list[Join], place: int, stint: Stint) -> Join:
    since = min(stint.start + between(rng, 2, 45), stint.end or stint.start + 25)
    source = (
        not chain and stint.province == home and not (stint.job and chance(rng, 0.6))
    )
    return Join(
        province=stint.province,
        stint=place,
        since=since,
        until=None,
        state=State.ACTIVE,
        source_enrolled=source,
        local=source or not stint.job,
        card=0,
        joined=chain[0].since if chain else since,
    )


def _handed_over(rng: Random, old: Join, new: Join) -> Join:
    """Close a membership by the OUT entry that the next one's IN entry answers."""
    out_on = max(old.since, new.since - between(rng, 0, 15))
    return replace(
        old,
        state=State.TRANSFERRED,
        until=new.since,
        out_on=out_on,
        counterpart=new.province,
    )


def _paired(chain: list[Join]) -> list[Join]:
    """Give every later one the IN entry that pairs with the OUT before it."""
    return [
        join if place == 0 else replace(join, in_on=join.since)
        for place, join in enumerate(chain)
    ]


def _ended(rng: Random, chain: list[Join], reference: int) -> tuple[Join, ...]:
    """Draw how the last membership stands, and mend the one before it to fit."""
    last, moved = chain[-1], len(chain) > 1
    if moved and chance(rng, 0.012):
        return (*chain[:-2], *_both_ends(chain))
    state = _LAST(rng)
    match state:
        case State.IN_TRANSIT if moved:
            return (*chain[:-2], *_in_transit(rng, chain[-2], last, reference))
        case State.APPLIED if not moved:
            last = replace(last, state=state)
        case State.IN_REGISTERED if moved and last.since > reference - 60:
            last = replace(last, state=state)
        case State.WITHDRAWN | State.EXPELLED:
            until = between(rng, last.since, reference)
            last = replace(last, state=state, until=until)
        case State.RETAINED | State.LANDED_FALLBACK:
            last = replace(last, state=state, local=True)
        case _:
            pass
    return (*chain[:-1], last)


def _both_ends(chain: list[Join]) -> tuple[Join, Join]:
    """Join at both ends: two homes that must converge to one (000 三(一))."""
    before = chain[-3].province if len(chain) > 2 else ""  # noqa: PLR2004
    still = replace(
        chain[-2], state=State.ACTIVE, until=None, out_on=None, counterpart=before
    )
    new = chain[-1]
    again = replace(new, card=1, joined=new.since, in_on=None, counterpart="")
    return still, again


def _in_transit(rng: Random, old: Join, new: Join, reference: int) -> tuple[Join, Join]:
    """Leave the last transfer unanswered: the home stays where it was."""
    out_on = max(old.since, reference - between(rng, 1, 12))
    leaving = replace(old, state=State.OUT_REGISTERED, until=None, out_on=out_on)
    offered = replace(new, state=State.IN_TRANSIT, in_on=None)
    return leaving, offered
