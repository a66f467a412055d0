"""A look-up in a province's own rows, a million of them: in databases, and in files.

So many workers, one membership each; one worker at a time is asked for through the
guardless connector: all fields of both kinds.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from time import perf_counter

import msgspec
from sqlalchemy import create_engine, text

from connectors.faults import ProvinceFault
from connectors.mapping.mapping import Mapping
from connectors.opening import open_connector
from connectors.port import WHOLE_CONTRACT, Ask, Question
from connectors.settings import ProvinceSettings
from connectors.sql.tongues import address
from hub.clock import SystemClock
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
#: Two million rows take a minute or two, in seconds.
_TAKEN_IN = 900
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
    # What a server does by itself soon after so many new rows; not while it is measured.
    settled = engine.execution_options(isolation_level="AUTOCOMMIT")
    with settled.connect() as connection:
        connection.execute(text("VACUUM ANALYZE" if postgresql else "ANALYZE"))
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


class Looked(msgspec.Struct, frozen=True):
    """What looking workers up came to.

    Attributes:
        kind: Where the rows are.
        rows: How many of each kind.
        asked: How many workers were looked up.
        p50: Milliseconds of the median …
        p99: … of the slowest of a hundred …
        most: … and of the slowest.
        taken: Seconds until they could be asked; 0 where they are a province's own.
    """

    kind: str
    rows: int
    asked: int
    p50: float
    p99: float
    most: float
    taken: float = 0


def _looked(kind, rows, spent, taken=0.0):
    at = len(spent)
    return Looked(
        kind, rows, at, spent[at // 2], spent[at * 99 // 100], spent[-1], taken
    )


def in_database(url, rows, asked):
    """Fill a database, and look workers up in it."""
    fill(url, rows)
    mapping = Mapping.load(own_tables.mapping_text(FIELDS).encode(), "44.toml")
    connector = over_sql.connector(url, mapping, over_sql.NEITHER)
    spent = asyncio.run(measure(connector, rows, asked, random.Random(6)))  # noqa: S311
    return _looked(f"sql, {address(url).get_backend_name()}", rows, spent)


def in_files(place, rows, asked):
    """Deliver a batch, take it, and look workers up in it."""
    deliver(place / "drop" / "in" / "batch", rows)
    mapping = place / "44.mapping.toml"
    mapping.write_text(own_tables.mapping_text(FIELDS, lambda kind: f"{kind}.csv"))
    settings = ProvinceSettings(
        code="44",
        name_zh="广东",
        name_en="Guangdong",
        kind="files",
        mapping_file=str(mapping),
        files={"directory": str(place / "drop")},
    )
    connector = open_connector(settings, {}, SystemClock())

    async def run():
        began = perf_counter()
        await taken(connector)
        took = perf_counter() - began
        chance = random.Random(6)  # noqa: S311
        return took, await measure(connector, rows, asked, chance)

    took, spent = asyncio.run(run())
    return _looked("files, CSV", rows, spent, took)


async def taken(connector):
    """Wait until the batch is taken: a probe looks for one, and waits a while."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _TAKEN_IN
    while True:
        try:
            await connector.probe(loop.time() + 30)
        except ProvinceFault:
            assert loop.time() < end, "the batch was not taken"
        else:
            return


def deliver(batch, rows):
    """Write a batch: the sheets, and then the manifest."""
    batch.mkdir(parents=True)
    at = _AT.strip("'")
    person = {
        "LOCAL_ID": "w{0}",
        "NAME": "工友{0}",
        "SEX": "MALE",
        "PHONE": "13000000000",
    }
    member = {
        "ID": "m{0}", "WORKER": "w{0}", "STATE": "ACTIVE", "MEMBERSHIP_NO": "c{0}",
        "SINCE": "2024-03-01", "UNION_DIVISION": "440305",
    }  # fmt: skip
    files = []
    for kind, written in zip(KINDS, (person, member), strict=True):
        columns = {column.name: "" for column in own_tables.TABLES[kind].columns}
        columns.pop("NO", None)
        columns |= {"AS_OF": at, **written}
        line = ",".join(columns.values()) + "\n"
        file = batch / f"{kind}.csv"
        with file.open("w", encoding="utf-8") as out:
            out.write(",".join(columns) + "\n")
            out.writelines(line.format(number) for number in range(1, rows + 1))
        with file.open("rb") as read:
            digest = hashlib.file_digest(read, "sha256").hexdigest()
        files.append({"name": file.name, "rows": rows, "sha256": digest})
    told = {"as_of": at, "files": files}
    (batch / "manifest.json").write_text(json.dumps(told))
