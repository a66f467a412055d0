"""Decider: the jobs of a life, as the provinces register them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.demo.population.shares import Draw, between, chance, one_of
from deploy.demo.population.teller import day
from schema.records.employment import EmploymentForm, EmploymentRecord
from schema.records.membership import Sector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.demo.population.stint import Stint
    from deploy.demo.population.teller import Teller, Work

_FORM = Draw[EmploymentForm](
    {
        EmploymentForm.CONTRACT: 70,
        EmploymentForm.DE_FACTO: 20,
        EmploymentForm.SELF_EMPLOYED: 3,
    }
)
_PLATFORM = frozenset({"COURIER", "ONLINE_ORDER_DELIVERY"})


def employments(teller: Teller) -> Iterator[tuple[str, EmploymentRecord]]:
    """Tell every job: where it was, and where else it was heard of."""
    for number, stint in enumerate(teller.life.stints):
        if not stint.job:
            continue
        row = _employment(teller, number, stint)
        yield stint.province, row
        if stint.also:
            yield stint.also, _heard(teller, number, stint, row)


def _employment(teller: Teller, number: int, stint: Stint) -> EmploymentRecord:
    rng, work = teller.rng, teller.works[number]
    form = _form(teller, stint, work)
    # A contract that two provinces tell has a number, or they could not know
    # it for the same one.
    filed = bool(stint.also) or (form is EmploymentForm.CONTRACT and chance(rng, 0.8))
    seat = work.employer.division
    away = one_of(rng, teller.world.provinces[stint.province].places).code
    user = work.user_unit
    return EmploymentRecord(
        id=teller.row_id(stint.province, "E", number),
        as_of=teller.as_of(stint.end or stint.start, living=stint.end is None),
        employer_code=work.employer.code,
        employer_name=work.employer.name,
        employer_division=seat,
        # The seat and the place of work are two things (RULEBOOK §7).
        workplace_division=away if chance(rng, 0.25) else seat,
        user_unit_code=user.code if user else None,
        user_unit_name=user.name if user else None,
        sector=Sector(stint.sector),
        position=work.position,
        form=form,
        started_on=day(stint.start),
        ended_on=day(stint.end),
        contract_no=f"HT{stint.province}-{teller.life.index:08d}-{number}"
        if filed
        else None,
    )


def _heard(
    teller: Teller, number: int, stint: Stint, row: EmploymentRecord
) -> EmploymentRecord:
    """Tell a job as another province heard of it: mostly not that it ended."""
    rng, start, end = teller.rng, stint.start, stint.end
    if end is not None and chance(rng, 0.6):
        end = (
            None
            if chance(rng, 0.5)
            else min(end + between(rng, 1, 60), teller.world.reference)
        )
    return EmploymentRecord(
        id=teller.row_id(stint.also, "E", number),
        as_of=teller.as_of(end or start, living=False),
        employer_code=row.employer_code,
        employer_name=row.employer_name,
        employer_division=row.employer_division,
        workplace_division=row.workplace_division,
        user_unit_code=row.user_unit_code,
        user_unit_name=row.user_unit_name,
        sector=row.sector,
        position=None if chance(rng, 0.3) else row.position,
        form=row.form,
        started_on=row.started_on,
        ended_on=day(end),
        contract_no=row.contract_no,
    )


def _form(teller: Teller, stint: Stint, work: Work) -> EmploymentForm:
    if stint.dispatched:
        return EmploymentForm.DISPATCH
    if stint.seasonal:
        return EmploymentForm.SEASONAL
    if work.group in _PLATFORM:
        return EmploymentForm.PLATFORM
    return _FORM(teller.rng)
