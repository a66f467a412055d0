"""Decider: the hardship file of a household, as one or two provinces keep it."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING

from deploy.demo.population.shares import between, chance, one_of
from deploy.demo.population.teller import day
from schema.records.hardship import AidRecord, HardshipFileRecord, HardshipStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.demo.population.facts import Household
    from deploy.demo.population.teller import Teller

_WHY = ("因病致困", "子女就学", "意外灾害", "收入偏低", "残疾")
_PLANS = (
    "医疗互助与大病救助，每季走访。",
    "金秋助学，子女入学前核实。",
    "推荐就业岗位，安排技能培训。",
    "送温暖慰问，纳入常态化帮扶。",
)
_PROGRAMMES = ("送温暖", "金秋助学", "平安返乡", "医疗救助")


def hardship_files(teller: Teller) -> Iterator[tuple[str, HardshipFileRecord]]:
    """Tell the file of the household in every province that keeps one."""
    found = teller.life.household
    if found is None:
        return
    why, size = one_of(teller.rng, _WHY), between(teller.rng, 2, 6)
    for province in found.told_in:
        yield province, _file(teller, found, province, why, size)


def _file(
    teller: Teller, found: Household, province: str, why: str, size: int
) -> HardshipFileRecord:
    rng = teller.rng
    union = one_of(rng, teller.world.provinces[province].local_unions)
    # Only the first province hears that the household is out of need.
    ended = found.ended if province == found.told_in[0] else None
    over = HardshipStatus.LIFTED if chance(rng, 0.7) else HardshipStatus.CLOSED
    aids = _ledger(teller, found, union.name)
    last = ended or max((aid.given_on for aid in aids if aid.given_on), default=None)
    event = last.toordinal() if isinstance(last, date) else last
    return HardshipFileRecord(
        id=teller.row_id(province, "H", 0),
        as_of=teller.as_of(event or found.opened, living=ended is None),
        household_key=household_key(teller.world.seed, teller.life.index),
        status=HardshipStatus.OPEN if ended is None else over,
        category=why,
        opened_on=day(found.opened),
        opened_by=union.name,
        closed_on=day(ended),
        income_per_head=f"{between(rng, 280, 1600)}.{between(rng, 0, 99):02d}",
        household_size=size,
        plan=one_of(rng, _PLANS),
        aids=aids,
    )


def _ledger(teller: Teller, found: Household, union: str) -> tuple[AidRecord, ...]:
    """Draw what was given: two provinces may pay the same need and period twice."""
    rng = teller.rng
    until = found.ended or teller.world.reference
    aids = []
    for _ in range(between(rng, 0, 3)):
        given = date.fromordinal(between(rng, found.opened, until))
        aids.append(
            AidRecord(
                programme=one_of(rng, _PROGRAMMES),
                period=str(given.year),
                amount=f"{100 * between(rng, 3, 50)}.00",
                given_on=given,
                given_by=union,
            )
        )
    return tuple(aids)


def household_key(seed: int, index: int) -> str:
    """Name a household by a pseudonym that both provinces derive alike."""
    return "HH-" + blake2b(f"{seed}/{index}".encode(), digest_size=8).hexdigest()
