"""What every province's case files tell: in memory, over GraphQL and SQL.

The other side is the reference province: a process of its own with its own files, into
which its own command writes.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import create_engine, insert

from connectors.faults import ProvinceFault
from connectors.memory import MemoryConnector
from connectors.port import MOST_CHANGES, WHOLE_CONTRACT, ChangesWanted
from connectors.sql.agreed import CHANGE, changes
from connectors.sql.tongues import address
from deploy.demo.province.case_file import CaseFile
from hub.clock import SystemClock
from schema.records.case import ActKind
from schema.records.case_task import Document
from schema.records.change import Change, ToldFact, Tombstone, Watermark
from schema.records.keys import ProvinceCode
from schema.records.told import FaultCode
from tests.filedrop.desk_subjects import telling
from tests.foreign import subjects as foreign_subjects
from tests.provinces import in_node, over_kit, over_sql
from tests.provinces.own_tables import mapping
from tests.provinces.registers import (
    TODAY,
    U1,
    membership,
    serving,
    speaking,
    worker,
    write,
)

AT = datetime(2026, 11, 2, 1, tzinfo=UTC)
_NUMBERS = itertools.count(1)


class InMemory:
    def __init__(self):
        self.connector = MemoryConnector(ProvinceCode("44"), {}, SystemClock())

    def write(self, statement):
        self.connector.file.write(statement)


class OverGraphQL:
    def __init__(self, connector, file):
        self.connector = connector
        self._file = file

    def write(self, statement):
        body = told(statement)
        number = self._file.write(f"k{next(_NUMBERS)}", statement.case_no, body)
        assert number == statement.seq


class OverNode:
    def __init__(self, connector, url):
        self.connector = connector
        self._url = url

    def write(self, statement):
        where = {"caseNo": statement.case_no, "seq": statement.seq}
        in_node.control(
            "POST", f"{self._url}/contract/case", **where, **told(statement)
        )


class OverSql:
    """The agreed log; whoever keeps it writes lines of it."""

    def __init__(self, connector, engine):
        self.connector = connector
        self._engine = engine

    def write(self, statement):
        line = dict.fromkeys(CHANGE[1:]) | {
            "case_no": statement.case_no,
            "seq": statement.seq,
            "as_of": statement.as_of,
        }
        if isinstance(statement, Tombstone):
            line["gone"] = statement.gone
        else:
            line |= {
                "act": statement.act.value,
                "on_day": statement.on,
                "union_code": statement.union,
                "corrects": statement.corrects,
            }
            if paper := statement.document:
                line["document_reference"] = paper.reference
                line["document_sha256"] = paper.sha256
            if fact := statement.fact:
                line |= {
                    "fact_kind": fact.kind,
                    "fact_about": fact.about or None,
                    "fact_names": fact.names,
                    "fact_days": fact.days,
                }
        with self._engine.begin() as connection:
            connection.execute(insert(changes("hub_log")), line)


def told(statement):
    """As the province writes it down: in the words of the contract."""
    more = {}
    if isinstance(statement, Tombstone):
        more = {"gone": statement.gone}
    else:
        more = {"act": statement.act, "on": statement.on, "unionCode": statement.union}
        if statement.corrects:
            more["corrects"] = statement.corrects
        if statement.document:
            paper = statement.document
            more["document"] = {"reference": paper.reference, "sha256": paper.sha256}
        if statement.fact:
            more["fact"] = statement.fact
    local = statement.as_of.astimezone(
        datetime.fromisoformat("2026-01-01T00+08:00").tzinfo
    )
    return json.loads(msgspec.json.encode({"asOf": local, **more}))


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    directory = tmp_path_factory.mktemp("province")
    database = write(directory / "44.sqlite", [worker("w1", membership("a", "c1"))])
    cases = directory / "cases.sqlite"
    with serving(database, directory / "acts.sqlite", "--cases", str(cases)) as url:
        yield url, cases


@pytest.fixture(scope="module")
def database(postgres):
    url = postgres.ensure_database("changes")
    engine = create_engine(address(url))
    over_sql.make(engine)
    yield url, engine
    engine.dispose()


@contextlib.asynccontextmanager
async def on_node(kind, url, directory):
    if kind == "over_node":
        async with in_node.speaking(url) as connector:
            await connector.probe(soon())
            yield OverNode(connector, url)
        return
    async with foreign_subjects.over_foreign(url, directory) as one:
        one.write = lambda statement: one.put_down(statement, told(statement))
        yield one


@pytest.fixture(
    params=[
        "memory",
        "over_graphql",
        "over_node",
        "over_foreign",
        "over_postgresql",
        "over_rest",
        "over_kit",
        "over_files",
    ]
)
async def subject(request, province, database, over_rest):
    if request.param == "memory":
        yield InMemory()
        return
    if request.param == "over_rest":
        yield over_rest
        return
    if request.param in {"over_node", "over_foreign"}:
        url = request.getfixturevalue("node_provinces")
        directory = request.getfixturevalue("tmp_path")
        async with on_node(request.param, url, directory) as one:
            yield one
        return
    if request.param == "over_postgresql":
        url, engine = database
        one = over_sql.connector(url, mapping(WHOLE_CONTRACT.fields))
        await one.probe(soon())
        yield OverSql(one, engine)
        await one.close()
        return
    if request.param == "over_kit":
        url, engine = database
        one = over_sql.connector(url, mapping(WHOLE_CONTRACT.fields))
        async with over_kit.before(one) as outside:
            yield OverSql(outside, engine)
        await one.close()
        return
    if request.param == "over_files":
        directory = request.getfixturevalue("tmp_path")
        async with telling(directory) as files:
            yield files
        return
    url, cases = province
    file = CaseFile(cases)
    async with speaking(url) as connector:
        await connector.probe(soon())
        yield OverGraphQL(connector, file)
    file.close()


@pytest.fixture
def case_no():
    return f"2026-44-{next(_NUMBERS)}"


def soon():
    return asyncio.get_running_loop().time() + 10


def change(case_no, seq, **more):
    return Change(**{
        "province": ProvinceCode("44"), "case_no": case_no, "seq": seq,
        "as_of": AT + timedelta(hours=seq), "act": ActKind.MEDIATION, "on": TODAY,
        "union": U1, **more,
    })  # fmt: skip


def gone(case_no, seq, what):
    return Tombstone(
        province=ProvinceCode("44"), case_no=case_no, seq=seq, as_of=AT, gone=what
    )


def mark(case_no, seq):
    return Watermark(province=ProvinceCode("44"), case_no=case_no, seq=seq)


async def ask(subject, first=100, **wanted):
    changed = await subject.connector.changes(
        ChangesWanted("request-1", first, **wanted), soon()
    )
    assert changed.fault is None
    return changed.changes


async def head(subject):
    page = await ask(subject, MOST_CHANGES)
    while page.more:
        page = await ask(subject, MOST_CHANGES, after=page.next)
    return page.next


async def test_it_is_declared(subject):
    told = await subject.connector.probe(soon())

    assert told.changes
    assert WHOLE_CONTRACT.changes


async def test_what_was_written_is_told_in_its_order_and_whole(subject, case_no):
    before = await head(subject)
    paper = Document(reference="p-1", sha256="ab" * 32, province=ProvinceCode("44"))
    fact = ToldFact(kind="hearing-set", about="r", names=TODAY, days=3)
    written = [
        change(case_no, 1),
        change(f"{case_no}-b", 1, act=ActKind.OTHER, document=paper),
        change(case_no, 2, corrects=1, fact=fact),
        gone(case_no, 3, 2),
    ]
    for one in written:
        subject.write(one)

    page = await ask(subject, after=before)

    marks = (mark(case_no, 3), mark(f"{case_no}-b", 1))
    assert page.arrivals == (*written, *marks)
    assert not page.more
    assert (await ask(subject, after=page.next)).arrivals == ()
    assert (await ask(subject, after=page.next)).next == page.next
    assert await ask(subject, after=before) == page, "asking again changes nothing"


async def test_pages_are_as_long_as_is_asked_for_and_lead_to_the_end(subject, case_no):
    after = await head(subject)
    written = [change(case_no, seq) for seq in range(1, 8)]
    for one in written:
        subject.write(one)
    found, more = [], True
    while more:
        page = await ask(subject, 3, after=after)
        assert len([one for one in page.arrivals if isinstance(one, Change)]) <= 3
        assert page.arrivals[-1] == mark(case_no, 7)
        found += page.arrivals[:-1]
        after, more = page.next, page.more

    assert found == written


async def test_the_file_of_a_case_is_told_from_a_number_on(subject, case_no):
    written = [change(case_no, seq) for seq in range(1, 6)]
    for one in written:
        subject.write(one)
        subject.write(msgspec.structs.replace(one, case_no=f"{case_no}-b"))

    page = await ask(subject, case_no=case_no, seq=2)
    part = await ask(subject, 2, case_no=case_no)

    assert page.arrivals == (*written[2:], mark(case_no, 5))
    assert not page.more
    assert part.arrivals == (*written[:2], mark(case_no, 5))
    assert part.more
    assert (await ask(subject, case_no=case_no, seq=5)).arrivals == (mark(case_no, 5),)
    assert (await ask(subject, case_no="nothing-of-it")).arrivals == ()


async def test_a_cursor_of_another_log_begins_anew(subject, case_no):
    subject.write(change(case_no, 1))

    assert await ask(subject, 1, after="another-7") == await ask(subject, 1)
    assert (await ask(subject, 1)).arrivals


@pytest.mark.parametrize("first", [0, MOST_CHANGES + 1])
async def test_no_page_is_longer_than_the_contract_has_it(subject, first):
    with pytest.raises(ProvinceFault) as raised:
        await ask(subject, first)

    assert raised.value.code is FaultCode.PROVINCE_ERROR
