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
from tests.bench.spent import spent
from tests.chaos.ground import Ground
from tests.chaos.people import choose

if TYPE_CHECKING:
    from pathlib import Path

    from tests.chaos.people import Move

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
        done = self.population / "done"
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
        every = sorted(self._movable(), key=lambda one: one.membership_no)
        there = [one for one in every if one.from_province == CLOSING]
        if len(there) < self._closing:
            raise ValueError(f"only {len(there)} members for the union that closes")
        return there[: self._closing]

    def moves(self) -> list[Move]:
        """List everybody else who can move, in any order."""
        taken = {one.membership_no for one in self.members()}
        people = self._people()
        # Who is known to two provinces has two cards, and one transfer at a time.
        found = [
            one
            for one in self._movable()
            if one.membership_no not in taken
            and people[one.from_province, one.local_id] == 1
        ]
        random.Random(_SEED).shuffle(found)  # noqa: S311  # a seed, no secret
        return found

    def _movable(self) -> list[Move]:
        return choose(self.population, None, _SEED)

    def _people(self) -> dict[tuple[str, str], int]:
        """Tell for each local key in how many provinces its person is known."""
        provinces: Counter[str] = Counter()
        whose: dict[tuple[str, str], str] = {}
        with (self.population / "links.csv").open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                provinces[line["resident_id"]] += 1
                whose[line["province"], line["local_key"]] = line["resident_id"]
        return {key: provinces[person] for key, person in whose.items()}

    def spent(self) -> dict[str, float]:
        """Tell the seconds of processor time of each part until now."""
        running = {
            name: child.process.pid
            for name, child in self._running.items()
            if child.process.poll() is None
        }
        return spent(running, {"postgres": self._server.process.pid})
