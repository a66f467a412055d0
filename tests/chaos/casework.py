"""Value: which cases the run opens, chosen by a seed; and what officers were told."""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from stdnum.cn import uscc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from tests.chaos.people import Move

_MATTERS: Final = (
    "DISMISSAL", "LABOUR_CONTRACT", "WORK_INJURY", "SOCIAL_INSURANCE", "OTHER",
    "WAGE_ARREARS",
)  # fmt: skip
#: So many reports are on one employer.
_OF_EMPLOYER: Final = 5


class Union(NamedTuple):
    """A union of a county."""

    code: str
    province: str
    division: str


class CasePlan(NamedTuple):
    """A case that shall be worked on.

    Attributes:
        number: Its place in the run.
        by: The union that takes the request in.
        division: Where the work is done.
        matter: What it is about.
        age: So many days ago the request was received.
        local_id: The worker, by the name in the province of ``by``; none if empty.
        home: The worker's home union; none if empty.
        employer: Who owes wages, if it begins with a report.
        workers: To how many.
        twice: Every act is sent twice at once.
    """

    number: int
    by: Union
    division: str
    matter: str
    age: int
    local_id: str
    home: str
    employer: str
    workers: int
    twice: bool


class Asked(NamedTuple):
    """An act that was asked for.

    Attributes:
        name: Which.
        case_no: On which case; empty until it is known.
    """

    name: str
    case_no: str


class Reported(NamedTuple):
    """A report that the hub acknowledged."""

    case_no: str
    employer: str
    province: str
    workers: int


@dataclass
class CaseBook:
    """What was asked of the hub, and what it answered. Keys: office, bar, key.

    Attributes:
        asked: Every act that was sent.
        acknowledged: Those that the hub said were done.
        refused: Those that it refused, with the code.
        received: The day of first touch of each case.
        tasks: Where each task must stand: by case and number.
        reports: Reports, by the hub's name.
        withdrawn: Cases that were taken back.
        changes: What provinces wrote: by province and key, case and number.
        pushed: How many messages were taken, and how many refused, by the code.
        wrong_pushes: Messages that were not answered as they must be.
    """

    asked: dict[str, Asked] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    received: dict[str, date] = field(default_factory=dict)
    tasks: dict[tuple[str, str], str] = field(default_factory=dict)
    reports: dict[str, Reported] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    changes: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    pushed: Counter[str] = field(default_factory=Counter)
    wrong_pushes: list[str] = field(default_factory=list)


def counties(population: Path, provinces: Sequence[str]) -> Mapping[str, list[Union]]:
    """Read the unions of counties, by province."""
    found: dict[str, list[Union]] = {code: [] for code in provinces}
    with (population / "organisations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            county = row["kind"] == "COUNTY" and not row["valid_to"]
            if county and row["province"] in found:
                one = Union(row["code"], row["province"], row["division"])
                found[one.province].append(one)
    return found


def plan(
    moves: Sequence[Move], unions: Mapping[str, list[Union]], count: int, seed: int
) -> list[CasePlan]:
    """Choose cases: most of workers who move meanwhile, every fourth of arrears.

    Args:
        moves: Who moves.
        unions: Of counties, by province.
        count: How many cases.
        seed: Chooses.
    """
    rng = random.Random(f"cases/{seed}")  # noqa: S311  # a seed, no secret
    waiting = iter(moves)
    plans = []
    for number in range(count):
        reports = number % 4 == 3
        move = None if reports else next(waiting, None)
        province = move.from_province if move else rng.choice(sorted(unions))
        other = rng.choice([one for one in sorted(unions) if one != province])
        plans.append(
            CasePlan(
                number,
                rng.choice(unions[province]),
                rng.choice(unions[other]).division,
                "WAGE_ARREARS" if reports else rng.choice(_MATTERS),
                rng.randrange(4),
                move.local_id if move else "",
                move.from_union if move else "",
                employer(number // 4 // _OF_EMPLOYER) if reports else "",
                rng.randrange(1, 8),
                rng.random() < 0.1,
            )
        )
    return plans


def employer(number: int) -> str:
    """Make an employer's code with the right check digit."""
    first = f"91440106MA{number:07d}"
    return first + str(uscc.calc_check_digit(first))
