"""Decider: the memberships of a life, as the provinces register them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.demo.population.joining import HOME_STATES
from deploy.demo.population.shares import Draw, chance, one_of
from deploy.demo.population.teller import day
from schema.records.membership import (
    DispatchSide,
    JoinChannel,
    MembershipRecord,
    MembershipState,
    OccupationGroup,
    Sector,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.demo.population.joining import Join
    from deploy.demo.population.organisations import Organisation
    from deploy.demo.population.teller import Teller

_CHANNEL = Draw[JoinChannel](
    {JoinChannel.ONLINE: 45, JoinChannel.WINDOW: 30, JoinChannel.COLLECTIVE: 25}
)
_NOT_YET = frozenset({MembershipState.APPLIED, MembershipState.IN_TRANSIT})


def memberships(teller: Teller) -> Iterator[tuple[str, MembershipRecord]]:
    """Tell every membership, with the province that registered it."""
    for number, join in enumerate(teller.life.joins):
        yield join.province, _membership(teller, number, join)


def _membership(teller: Teller, number: int, join: Join) -> MembershipRecord:
    rng, stint = teller.rng, teller.life.stints[join.stint]
    work = teller.works[join.stint]
    side = None
    if stint.dispatched and not join.local:
        side = DispatchSide.AGENCY if chance(rng, 0.7) else DispatchSide.USER_UNIT
    union = _union(teller, join, side)
    begun = join.state not in _NOT_YET
    living = join.state in HOME_STATES or not begun
    last = max(d for d in (join.since, join.until, join.out_on) if d is not None)
    return MembershipRecord(
        id=teller.row_id(join.province, "M", number),
        as_of=teller.as_of(last, living=living),
        membership_no=_card(teller, join),
        union_code=union.code,
        union_name=union.name,
        union_division=union.division,
        organisation_kind=union.kind,
        state=join.state,
        join_channel=_CHANNEL(rng),
        joined_on=day(join.joined if join.state != MembershipState.APPLIED else None),
        since=day(join.since if begun else None),
        until=day(join.until),
        source_enrolled=join.source_enrolled,
        dispatch_side=side,
        sector=Sector(stint.sector) if stint.job else None,
        occupation_group=OccupationGroup(work.group) if work.group else None,
        seasonal=stint.seasonal,
        registered_out_on=day(join.out_on),
        registered_in_on=day(join.in_on),
        counterpart_province=join.counterpart or None,
    )


def _union(teller: Teller, join: Join, side: DispatchSide | None) -> Organisation:
    province = teller.world.provinces[join.province]
    if join.local:
        return one_of(teller.rng, province.local_unions)
    work = teller.works[join.stint]
    if side is DispatchSide.USER_UNIT and work.user_unit is not None:
        return province.own_union[work.user_unit.code]
    return province.own_union[work.employer.code]


def _card(teller: Teller, join: Join) -> str:
    """Number the membership card: the same wherever the membership goes."""
    issued_by = next(
        each.province for each in teller.life.joins if each.card == join.card
    )
    return f"GH{issued_by}-{teller.life.index:08d}-{join.card}"
