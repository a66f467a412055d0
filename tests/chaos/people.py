"""Value: whom the run moves, and from where to where, chosen by a seed."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from deploy.demo.population.shares import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ACTIVE = """
SELECT worker, membership_no, union_code FROM membership
WHERE state = 'ACTIVE' AND until IS NULL AND membership_no IS NOT NULL
ORDER BY membership_no, worker
"""


class Move(NamedTuple):
    """One membership that shall move.

    Attributes:
        number: Place in the run.
        membership_no: Number of the card.
        local_id: The worker's name in the old province.
        from_province: The old province.
        from_union: The old union.
        to_province: The new province; now and then the same.
        to_union: The new union.
        by: ``request`` or ``offer``.
        wish: How an offer shall be answered: accept, reject or withdraw.
        twice: Every act is sent twice at once.
    """

    number: int
    membership_no: str
    local_id: str
    from_province: str
    from_union: str
    to_province: str
    to_union: str
    by: str
    wish: str
    twice: bool


def choose(
    population: Path,
    count: int | None,
    seed: int,
    provinces: Sequence[str] = PROVINCES,
) -> list[Move]:
    """Choose memberships, each of a worker with one only, and where they go.

    Args:
        population: Where the people are.
        count: How many; all that can move if not said.
        seed: Chooses.
        provinces: Between which.

    Raises:
        ValueError: The population has not so many.
    """
    rng = random.Random(f"people/{seed}")  # noqa: S311  # a seed, no secret
    rows = [(code, *row) for code in provinces for row in _rows(population, code)]
    seen: dict[str, int] = {}
    for _, worker, number, _ in rows:
        for name in (worker, number):
            seen[name] = seen.get(name, 0) + 1
    alone = [row for row in rows if seen[row[1]] == seen[row[2]] == 1]
    if len(alone) < (count or 0):
        raise ValueError(f"only {len(alone)} memberships can move")
    unions = {
        code: sorted({row[3] for row in rows if row[0] == code}) for code in provinces
    }
    return [
        _move(rng, place, row, unions)
        for place, row in enumerate(
            rng.sample(alone, len(alone) if count is None else count)
        )
    ]


def _move(
    rng: random.Random,
    number: int,
    row: tuple[str, str, str, str],
    unions: dict[str, list[str]],
) -> Move:
    code, worker, membership_no, union = row
    near = rng.random() < 0.05  # some move within their province
    to = code if near else rng.choice([one for one in unions if one != code])
    return Move(
        number,
        membership_no,
        worker,
        code,
        union,
        to,
        rng.choice([one for one in unions[to] if one != union]),
        rng.choice(("request", "offer")),
        rng.choices(("accept", "reject", "withdraw"), (70, 15, 15))[0],
        rng.random() < 0.1,
    )


def _rows(population: Path, code: str) -> list[tuple[str, str, str]]:
    file = population / f"{code}.sqlite"
    with closing(
        sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    ) as kept:
        return kept.execute(_ACTIVE).fetchall()
