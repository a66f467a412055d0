"""Adapter: six real provinces, hub, runner and PostgreSQL, to move members in.

The ground of the chaos run without its lines: the hub speaks to the provinces directly.
"""

from __future__ import annotations

import csv
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Final

from deploy.demo.population.building import build
from deploy.demo.population.shares import PROVINCES
from hub.clock import SystemClock, day_in_china
from hub.identity.resident_id import parse
from tests.bench.spent import spent
from tests.chaos.ground import Ground
from tests.chaos.people import choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hub.identity.resident_id import ResidentId
    from tests.chaos.people import Move

#: A province, and its name for a worker.
Key = tuple[str, str]

#: The province whose project union closes.
CLOSING: Final = "44"
_SEED: Final = 1
#: So many of the people are known to one province and have a membership that can move.
_SHARE: Final = 0.2
#: And so many of those are in the province of the project union.
_THERE: Final = 0.18


class Federation(Ground):
    """All that runs, over people who are made once and kept."""

    def __init__(self, directory: Path, moves: int, closing_members: int) -> None:
        """Prepare.

        Args:
            directory: Where people are kept between runs; the rest is made anew.
            moves: How many members shall move one by one.
            closing_members: How many the closing union has.
        """
        there = closing_members / _THERE
        size = int(max(moves / _SHARE, there * 1.05)) + 400
        for stale in ("postgres", "logs", "provinces"):
            shutil.rmtree(directory / stale, ignore_errors=True)
        for ledger in directory.glob("acts-*"):
            ledger.unlink()
        super().__init__(directory, size, _SEED)
        self.population = directory / f"people-{size}-{closing_members}"
        self._closing = closing_members
        self.doors = dict(self._ports)

    def populate(self) -> None:
        """Make the people, and put some of them into one union."""
        done = self.population / "each-once-known"
        if done.exists():
            return
        shutil.rmtree(self.population, ignore_errors=True)
        build(self.population, self._size, _SEED, PROVINCES)
        members = self.members()
        if members:
            union = members[0].from_union
            with closing(
                sqlite3.connect(self.population / f"{CLOSING}.sqlite")
            ) as kept:
                kept.executemany(
                    "UPDATE membership SET union_code = ? WHERE membership_no = ?",
                    [(union, one.membership_no) for one in members],
                )
                kept.commit()
        done.touch()

    def members(self) -> list[Move]:
        """List the members of the union that closes."""
        return self._parted()[0]

    def moves(self) -> list[Move]:
        """List everybody else who can move, in any order."""
        found = self._parted()[1]
        random.Random(_SEED).shuffle(found)  # noqa: S311  # a seed, no secret
        return found

    def _parted(self) -> tuple[list[Move], list[Move]]:
        movable = choose(self.population, None, _SEED)
        return part(movable, persons(self.population / "links.csv"), self._closing)

    def spent(self) -> dict[str, float]:
        """Tell the seconds of processor time of each part until now."""
        running = {
            name: child.process.pid
            for name, child in self._running.items()
            if child.process.poll() is None
        }
        return spent(running, {"postgres": self._server.process.pid})


def part(
    movable: Iterable[Move], whose: Mapping[Key, ResidentId], closing: int
) -> tuple[list[Move], list[Move]]:
    """Part cards into those of the union that closes and all others; no person twice.

    Who has two cards has one transfer at a time, and one credential: moving both would be
    refused, and rightly.

    Args:
        movable: All cards that can move.
        whose: Whose each local key of each province is.
        closing: How many the union that closes shall have.

    Raises:
        ValueError: There are not so many.
    """
    known_today = (one for one in movable if (one.from_province, one.local_id) in whose)
    every = sorted(known_today, key=lambda one: one.membership_no)
    there: dict[ResidentId, Move] = {}
    for one in every:
        if one.from_province == CLOSING and len(there) < closing:
            there.setdefault(whose[one.from_province, one.local_id], one)
    if len(there) < closing:
        raise ValueError(f"only {len(there)} members for the union that closes")
    known = Counter(whose.values())
    others = (whose[one.from_province, one.local_id] for one in every)
    return list(there.values()), [
        one
        for one, person in zip(every, others, strict=True)
        if known[person] == 1 and person not in there
    ]


def persons(links: Path) -> dict[Key, ResidentId]:
    """Tell whose each local key of each province is, as far as it holds today.

    A register may keep the card of somebody whom it struck off years ago; the hub knows
    nobody by that key any more. Numbers are compared as the hub reads them: one register writes a person's with 15
    digits or a small letter, another does not.
    """
    today = day_in_china(SystemClock().now())
    with links.open(encoding="utf-8", newline="") as file:
        return {
            (line["province"], line["local_key"]): parse(line["resident_id"], today)
            for line in csv.DictReader(file)
            if not line["valid_to"] or line["valid_to"] >= today.isoformat()
        }
