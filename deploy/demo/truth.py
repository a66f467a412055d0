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
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

#: Of each kind: the field of the graph and the province's table.
TABLES: Final = {
    "memberships": "membership",
    "rightsCases": "rights_case",
    "employments": "employment",
    "skills": "skill",
    "trainings": "training",
}
#: Tables that acts change, and what names a row in them.
_CHANGED: Final = {"membership": ("worker", "id"), "worker": ("local_id",)}
#: How many lines of the links file are looked through: the stories stand there.
_LOOKED_AT: Final = 120_000
_OLD_FORM: Final = 15


class Known(NamedTuple):
    """A worker, and where they are known.

    Attributes:
        resident_id: Their number; made up, like everything in the demo.
        local_keys: Their name in each province, by code.
    """

    resident_id: str
    local_keys: Mapping[str, str]


class Card(NamedTuple):
    """A membership as a register has it, with what names it there."""

    province: str
    membership_no: str | None
    union_code: str
    state: str
    since: str | None


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
        stories: Numbers of workers with a story, the best first.
        acts: Where a province keeps who came and went, by code, if it does.
    """

    def __init__(
        self,
        links: Path,
        databases: Mapping[str, Path],
        stories: Sequence[str],
        acts: Mapping[str, Path] | None = None,
    ) -> None:
        self._links = links
        self._databases = databases
        self._stories = stories
        self._acts = acts or {}

    def choose(self, count: int) -> list[Known]:
        """Choose workers worth looking at: first those with a story, then others.

        The same population gives the same workers. Those with a story are known
        to several provinces and differ in what the hub makes of them.

        Args:
            count: How many.
        """
        known = self._known()
        stories = [
            known[_short(number)] for number in self._stories if _short(number) in known
        ]
        told = {id(each) for each in stories}
        others = [each for each in known.values() if id(each) not in told]
        return self.anew([*stories, *others][:count])

    def anew(self, workers: Iterable[Known]) -> list[Known]:
        """Add the files that registers began when workers came to them."""
        return [self._with_new_files(each) for each in workers]

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
                    f"SELECT count(*) FROM {self._table(code, TABLES[field])}"  # noqa: S608  # of our own table
                    " WHERE worker = ?",
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
                code,
                f"SELECT name FROM {self._table(code, 'worker')} WHERE local_id = ?",  # noqa: S608  # of our own table
                local_key,
            )
        }

    def memberships(self, worker: Known) -> set[Membership]:
        """Find the memberships of a worker in all provinces."""
        return {
            Membership(*row)
            for code, local_key in worker.local_keys.items()
            for row in self._select(
                code,
                "SELECT union_name, state, since"  # noqa: S608  # of our own table
                f" FROM {self._table(code, 'membership')} WHERE worker = ?",
                local_key,
            )
        }

    def cards(self, worker: Known) -> list[Card]:
        """Find the same memberships, with what names them in the registers."""
        return [
            Card(code, *row)
            for code, local_key in worker.local_keys.items()
            for row in self._select(
                code,
                "SELECT membership_no, union_code, state, since"  # noqa: S608  # of our own table
                f" FROM {self._table(code, 'membership')} WHERE worker = ?",
                local_key,
            )
        ]

    def _with_new_files(self, worker: Known) -> Known:
        came = {
            code: row[0]
            for number in {card.membership_no or "" for card in self.cards(worker)}
            for code in self._acts.keys() - worker.local_keys.keys()
            for row in self._select(
                code,
                "SELECT local_id FROM acts.entry"
                " WHERE direction = 'IN' AND membership_no = ?",
                number,
            )
        }
        return worker._replace(local_keys={**worker.local_keys, **came})

    def _table(self, code: str, table: str) -> str:
        """Name a table; where acts have changed rows of it, those go before."""
        if code not in self._acts or table not in _CHANGED:
            return f"main.{table}"
        same = " AND ".join(f"n.{key} = p.{key}" for key in _CHANGED[table])
        return (
            f"(SELECT * FROM acts.{table} UNION ALL SELECT * FROM main.{table} AS p"  # noqa: S608  # of our own tables
            f" WHERE NOT EXISTS (SELECT 1 FROM acts.{table} AS n WHERE {same}))"
        )

    def _known(self) -> dict[str, Known]:
        local_keys: dict[str, dict[str, str]] = defaultdict(dict)
        with self._links.open(encoding="utf-8", newline="") as file:
            for row in islice(csv.DictReader(file), _LOOKED_AT):
                if not row["valid_to"]:
                    number = _short(row["resident_id"])
                    local_keys[number][row["province"]] = row["local_key"]
        stories = {_short(number): number for number in self._stories}
        return {
            number: Known(stories.get(number, number), keys)
            for number, keys in local_keys.items()
        }

    def _select(self, code: str, statement: str, local_key: str) -> Iterable[tuple]:  # type: ignore[type-arg]
        with closing(self._open(code)) as database:
            return database.execute(statement, [local_key]).fetchall()

    def _open(self, code: str) -> sqlite3.Connection:
        database = sqlite3.connect(
            f"{self._databases[code].as_uri()}?mode=ro", uri=True
        )
        if code in self._acts:
            also = f"{self._acts[code].as_uri()}?mode=ro"
            database.execute("ATTACH DATABASE ? AS acts", (also,))
        return database


def _short(resident_id: str) -> str:
    """Write a number as it was before 1999: provinces keep some in that form.

    Only the demo may compare so: it drops the century and the check digit.
    """
    if len(resident_id) == _OLD_FORM:
        return resident_id
    return resident_id[:6] + resident_id[8:17]
