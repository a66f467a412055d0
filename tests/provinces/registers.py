"""The reference province with a register of its own: its data, its process, its end."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import create_engine, insert

from connectors.credentials import Credentials
from connectors.graphql.connector import GraphQLConnector
from connectors.settings import ProvinceSettings
from connectors.transport import Transport
from deploy.demo.province import tables
from hub.clock import SystemClock
from schema.records.command import Act, Command
from schema.records.keys import ProvinceCode
from schema.records.membership import MembershipRecord, MembershipState
from schema.records.worker import WorkerRecord

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 10, 30, 8, tzinfo=UTC)
TODAY = date(2026, 11, 2)
JOINED = date(2019, 5, 4)
TOKEN = "a-token-of-the-tests"  # noqa: S105

#: Two unions of Guangdong, one of Guangxi, and one that is none.
U1, U2 = "81440100MA12345671", "81440300MA12345672"
AWAY, NONE = "81450100MA12345673", "not-a-union"


def membership(id_, card, union=U1, state=MembershipState.ACTIVE):
    return MembershipRecord(
        id=id_, as_of=AT, membership_no=card, union_code=union, state=state,
        joined_on=JOINED, since=JOINED,
    )  # fmt: skip


def worker(local_id, *memberships):
    return WorkerRecord(local_id=local_id, as_of=AT, memberships=memberships)


def write(file, workers):
    """Write a population of one province."""
    engine = create_engine(f"sqlite:///{file}")
    tables.METADATA.create_all(engine)
    names = [column.name for column in tables.MEMBERSHIP.columns][1:]
    with engine.begin() as db:
        db.execute(
            insert(tables.PROVINCE).values(
                code="44", name_zh="广东", name_en="Guangdong", kinds=["MEMBERSHIP"],
                as_of=AT,
            )
        )  # fmt: skip
        people = [{"local_id": one.local_id, "as_of": AT} for one in workers]
        db.execute(insert(tables.WORKER), people)
        rows = [
            {"worker": one.local_id}
            | {name: getattr(row, name) or None for name in names}
            for one in workers
            for row in one.memberships
        ]
        db.execute(insert(tables.MEMBERSHIP), rows)
    engine.dispose()
    return file


def start(database, acts, *words):
    """Start the province; it tells its address when it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.demo.province", "--code", "44", "--database",
         str(database), "--acts", str(acts), *words],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        env={**os.environ, "PROVINCE_TOKEN": TOKEN},
    )  # fmt: skip
    line = process.stdout.readline()
    if not line:
        end(process)
    assert line.startswith("ready "), "the province ended before it was ready"
    return process, line.removeprefix("ready ").strip()


def end(process):
    """Kill it, at whatever instruction it is."""
    process.kill()
    process.wait()
    process.stdout.close()


@contextlib.contextmanager
def serving(database, acts, *words):
    process, url = start(database, acts, *words)
    try:
        yield url
    finally:
        end(process)


@contextlib.asynccontextmanager
async def speaking(url):
    """A connector to it."""
    settings = ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", url=url, deadline="10s"
    )
    clock = SystemClock()
    transport = Transport(settings, Credentials(TOKEN, None), clock)
    connector = GraphQLConnector(settings, transport, clock)
    try:
        yield connector
    finally:
        await connector.close()


def compared(acts):
    """What the command shows of a register, by card."""
    told = subprocess.run(
        [sys.executable, "-m", "deploy.demo.province", "register", "--acts", str(acts)],
        check=True, capture_output=True, cwd=ROOT,
    ).stdout  # fmt: skip
    lines = map(json.loads, told.splitlines())
    return {line["membershipNo"]: line for line in lines}


def command(act, transfer="t1", local_id="w1", card="c1", union=U1, **more):
    return Command(
        **{
            "key": f"{transfer}:{act}",
            "act": Act(act),
            "transfer": transfer,
            "province": ProvinceCode("44"),
            "local_id": local_id,
            "membership_no": card,
            "union": union,
            "counterpart_union": AWAY,
            "counterpart_province": ProvinceCode("45"),
            "on": TODAY,
            **more,
        }
    )
