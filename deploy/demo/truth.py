"""Adapter: what the provinces really keep, read from their own files.

The self-check compares the hub's answers with this. It passes by everything that
it checks: no connector, no contract, no merge; plain SQL on the provinces' data.
"""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: Of each kind: the field of the graph and the province's table.
TABLES: Final = {
    "memberships": "membership",
    "rightsCases": "rights_case",
    "employments": "employment",
    "skills": "skill",
    "trainings": "training",
}
#: How many lines of the links file are looked through for somebody to show.
_LOOKED_AT = 4000


class Known(NamedTuple):
    """A worker, and where they are known.

    Attributes:
        resident_id: Their number; made up, like everything in the demo.
        local_keys: Their name in each province, by code.
    """

    resident_id: str
    local_keys: Mapping[str, str]


class Membership(NamedTuple):
    """A membership as its province keeps it."""

    union_name: str
    state: str
    since: str


class Truth:
    """Reads links and rows of the population.

    Args:
        links: The file that was registered.
        databases: The file of each province, by code.
    """

    def __init__(self, links: Path, databases: Mapping[str, Path]) -> None:
        self._links = links
        self._databases = databases

    def choose(self, count: int) -> list[Known]:
        """Choose workers worth looking at: known to most provinces, with cases.

        The same population gives the same workers. Every second one of those
        chosen besides the first comes as they stand in the file, so that workers
        known to one province only are looked at too.
        """
        known = self._known()
        ranked = sorted(known, key=lambda each: -len(each.local_keys))
        best = max(ranked[:200], key=self._interest)
        rest = [each for each in ranked if each is not best]
        half = (count - 1) // 2
        return [best, *rest[:half], *rest[half :: max(1, len(rest) // count)]][:count]

    def rows(self, worker: Known, field: str) -> Counter[str]:
        """Count the rows that each province keeps of a worker.

        Args:
            worker: Of whom.
            field: Which kind, by the graph's name.
        """
        counts: Counter[str] = Counter()
        for code, local_key in worker.local_keys.items():
            with closing(self._open(code)) as database:
                (count,) = database.execute(
                    f"SELECT count(*) FROM {TABLES[field]} WHERE worker = ?",  # noqa: S608  # of our own table
                    [local_key],
                ).fetchone()
            if count:
                counts[code] = count
        return counts

    def names(self, worker: Known) -> set[str]:
        """Find the names under which provinces know a worker."""
        return {
            row[0]
            for code, local_key in worker.local_keys.items()
            for row in self._select(
                code, "SELECT name FROM worker WHERE local_id = ?", local_key
            )
        }

    def memberships(self, worker: Known) -> set[Membership]:
        """Find the memberships of a worker in all provinces."""
        return {
            Membership(*row)
            for code, local_key in worker.local_keys.items()
            for row in self._select(
                code,
                "SELECT union_name, state, since FROM membership WHERE worker = ?",
                local_key,
            )
        }

    def _known(self) -> list[Known]:
        local_keys: dict[str, dict[str, str]] = defaultdict(dict)
        with self._links.open(encoding="utf-8", newline="") as file:
            for row in islice(csv.DictReader(file), _LOOKED_AT):
                if not row["valid_to"] and row["province"] in self._databases:
                    local_keys[row["resident_id"]][row["province"]] = row["local_key"]
        # the last worker's lines may go on behind those that were looked at
        return [Known(*item) for item in list(local_keys.items())[:-1]]

    def _interest(self, worker: Known) -> tuple[int, int]:
        open_cases = sum(
            row[0]
            for code, local_key in worker.local_keys.items()
            for row in self._select(
                code,
                "SELECT count(*) FROM rights_case "
                "WHERE worker = ? AND closed_on IS NULL",
                local_key,
            )
        )
        return min(open_cases, 1), len(worker.local_keys)

    def _select(self, code: str, statement: str, local_key: str) -> Iterable[tuple]:  # type: ignore[type-arg]
        with closing(self._open(code)) as database:
            return database.execute(statement, [local_key]).fetchall()

    def _open(self, code: str) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._databases[code].as_uri()}?mode=ro", uri=True)
