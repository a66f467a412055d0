"""A look-up in a province's own tables of a million rows: ``python -m tests.bench.tables``.

It fills PostgreSQL and SQLite with so many workers, one membership each, and asks for one
worker at a time through the guardless connector: all fields of both kinds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine, text

from connectors.mapping.mapping import Mapping
from connectors.port import WHOLE_CONTRACT, Ask, Question
from connectors.sql.tongues import address
from deploy.demo.postgres import EmbeddedPostgres
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from tests.provinces import over_sql, own_tables

KINDS = (RecordKind.WORKER, RecordKind.MEMBERSHIP)
FIELDS = {kind: WHOLE_CONTRACT.fields[kind] for kind in KINDS}
EVERYTHING = Selection.of(FIELDS)
_NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
)
#: Look-ups until connections are made and statements prepared.
_WARMING = 50
#: The target of issue 6 for one look-up, in milliseconds.
TARGET = 20
_AT = "'2026-10-01T08:00:00+08:00'"


def fill(url, rows):
    """Make so many workers, in the database itself."""
    engine = create_engine(address(url))
    over_sql.make(engine)
    postgresql = engine.dialect.name == "postgresql"
    numbers = (
        f"FROM generate_series(1, {rows}) AS i"
        if postgresql
        else f"FROM ({_NUMBERS.format(rows)} SELECT i FROM n)"  # noqa: S608
    )
    people, members = (own_tables.TABLES[kind].name for kind in KINDS)
    with engine.begin() as connection:
        connection.execute(
            text(
                f'INSERT INTO "{people}" ("LOCAL_ID", "AS_OF", "NAME", "SEX", "PHONE")'
                f" SELECT 'w' || i, {_AT}, '工友' || i, 'MALE', '13000000000' {numbers}"
            )
        )
        connection.execute(
            text(
                f'INSERT INTO "{members}" ("ID", "WORKER", "AS_OF", "STATE",'
                ' "MEMBERSHIP_NO", "SINCE", "UNION_DIVISION")'
                f" SELECT 'm' || i, 'w' || i, {_AT}, 'ACTIVE', 'c' || i, '2024-03-01',"
                f" '440305' {numbers}"
            )
        )
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    engine.dispose()


async def measure(connector, rows, asked, chance):
    """Ask for one worker after the other; milliseconds of each, in their order."""
    loop = asyncio.get_running_loop()
    await connector.probe(loop.time() + 30)
    spent = []
    for at in range(asked + _WARMING):
        key = f"w{chance.randint(1, rows)}"
        question = Question((Ask((key,), EVERYTHING),), "bench", "MEMBERSHIP_SERVICE")
        began = perf_counter()
        answer = await connector.ask(question, loop.time() + 10)
        if at >= _WARMING:
            spent.append((perf_counter() - began) * 1000)
        assert len(answer.workers[0][0].memberships) == 1
    await connector.close()
    return sorted(spent)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=2_000)
    wanted = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="bench-tables-"))
    place.chmod(0o711)
    try:
        with EmbeddedPostgres(place / "server", durable=False) as server:
            file = place / "own.sqlite"
            file.touch()
            figures = [
                told(url, wanted.rows, wanted.asked)
                for url in (server.ensure_database("own"), f"sqlite:///{file}")
            ]
    finally:
        shutil.rmtree(place, ignore_errors=True)
    for one in figures:
        sys.stdout.write(json.dumps(one) + "\n")
    return int(any(one["p99_ms"] >= TARGET for one in figures))


def told(url, rows, asked):
    fill(url, rows)
    mapping = Mapping.load(own_tables.mapping_text(FIELDS).encode(), "44.toml")
    connector = over_sql.connector(url, mapping, over_sql.NEITHER)
    spent = asyncio.run(measure(connector, rows, asked, random.Random(6)))  # noqa: S311
    return {
        "database": address(url).get_backend_name(),
        "rows": rows,
        "asked": asked,
        "p50_ms": round(spent[len(spent) // 2], 2),
        "p99_ms": round(spent[len(spent) * 99 // 100], 2),
        "most_ms": round(spent[-1], 2),
    }


if __name__ == "__main__":
    sys.exit(main())
