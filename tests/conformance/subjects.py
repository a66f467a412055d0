"""Provinces of every kind that keep the contract, each with what a visit needs."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses

import msgspec
from sqlalchemy import create_engine, insert

from connectors.conformance.opening import visiting
from connectors.conformance.visit import Means
from connectors.port import WHOLE_CONTRACT, Capabilities
from connectors.settings import ProvinceSettings
from connectors.sql import agreed
from connectors.sql.tongues import address
from deploy.demo.province.case_file import CaseFile
from schema.records.kinds import RecordKind
from tests.conformance.sound import CLOCK, SAMPLE, WORKERS, change
from tests.filedrop import desk_subjects as desks
from tests.foreign import subjects as foreign
from tests.provinces import in_node, over_files, over_sql, own_tables
from tests.provinces import over_kit as kits
from tests.provinces.office import working
from tests.provinces.registers import TOKEN, U1, U2, serving, write
from tests.rest import subjects as rest_subjects

PEOPLE = tuple(WORKERS.values())
#: The registers of the tests keep no other rows of a person.
MEMBERS = msgspec.structs.replace(
    SAMPLE, rows={RecordKind.MEMBERSHIP: SAMPLE.rows[RecordKind.MEMBERSHIP]}
)
LOG = [change(seq) for seq in range(1, 8)]


def _settings(**more):
    return ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", deadline="10s",
        act_deadline="10s", **more,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def _visited(settings, environ, sample=SAMPLE, *, acts=True):
    async with visiting(settings, environ, CLOCK, acts=acts) as (connector, means):
        yield connector, sample, dataclasses.replace(means, rounds=2)


def _body(one):
    """A statement as the contract writes it."""
    return {
        "asOf": one.as_of.isoformat(), "act": one.act.value,
        "on": one.on.isoformat(), "unionCode": one.union,
    }  # fmt: skip


@contextlib.asynccontextmanager
async def over_graphql(directory):
    cases = directory / "cases.sqlite"
    database = write(directory / "44.sqlite", PEOPLE)
    with serving(database, directory / "acts.sqlite", "--cases", str(cases)) as url:
        file = CaseFile(cases)
        for one in LOG:
            file.write(f"k{one.seq}", one.case_no, _body(one))
        file.close()
        settings = _settings(url=url, bearer_env="T44")
        async with _visited(settings, {"T44": TOKEN}, MEMBERS) as visit:
            yield visit


@contextlib.asynccontextmanager
async def over_node(url):
    workers = {key: msgspec.to_builtins(one) for key, one in WORKERS.items()}
    kinds = [kind.value for kind in RecordKind]
    told = {"kinds": kinds, "workers": workers, "unions": [U1, U2]}
    in_node.control("PUT", f"{url}/contract", **told)
    for one in LOG:
        line = {"caseNo": one.case_no, "seq": one.seq, **_body(one)}
        in_node.control("POST", f"{url}/contract/case", **line)
    settings = _settings(url=f"{url}/contract", bearer_env="T44")
    async with _visited(settings, {"T44": in_node.TOKEN}) as visit:
        yield visit


@contextlib.asynccontextmanager
async def over_kit(directory):
    """The province kit before a database: the contract on the wire, by our own code."""
    file = directory / "own.sqlite"
    file.touch()
    async with over_database(f"sqlite:///{file}", directory) as (behind, _, _):
        await behind.probe(asyncio.get_running_loop().time() + 10)
        async with kits.running() as kit:
            await kit.put(behind)
            settings = _settings(url=kit.url, bearer_env="T44")
            async with _visited(settings, {"T44": kits.TOKEN}) as visit:
                yield visit


@contextlib.asynccontextmanager
async def over_foreign(url, directory):
    settings, connector = foreign.opened(url, directory)
    subject = foreign.OverForeign(connector, url, directory)
    await subject.put(WORKERS, unions=[U1, U2])
    for one in LOG:
        subject.put_down(one, _body(one))
    await connector.close()
    async with _visited(settings, foreign.ENVIRON) as visit:
        yield visit


@contextlib.asynccontextmanager
async def over_desk(directory):
    """Acts of a drop folder: its office answers by files."""
    people = {one.local_id: one for one in PEOPLE}
    async with desks.acting(directory, people.values(), {U1, U2}.__contains__) as desk:
        await desk._files.keep(people, capabilities=desks.BOTH)
        means = Means(
            clock=CLOCK, deadline=10, act_deadline=20, batches=True, acts=True, rounds=1
        )
        yield desk._files.connector, MEMBERS, means


@contextlib.asynccontextmanager
async def over_database(url, directory):
    """The tables of a province, an office at its inbox, and the log."""
    written = address(url).render_as_string(hide_password=False)
    engine = create_engine(written)
    over_sql.make(engine)
    with engine.begin() as connection:
        own_tables.fill(connection, PEOPLE)
        lines = [
            {
                **dict.fromkeys(agreed.CHANGE[1:]), "case_no": one.case_no,
                "seq": one.seq, "as_of": one.as_of, "act": one.act.value,
                "on_day": one.on, "union_code": one.union,
            }
            for one in LOG
        ]  # fmt: skip
        for line in lines:
            connection.execute(insert(agreed.changes("hub_log")), line)
    engine.dispose()
    file = directory / "44.mapping.toml"
    file.write_text(own_tables.mapping_text(WHOLE_CONTRACT.fields), "utf-8")
    settings = _settings(
        kind="sql",
        mapping_file=str(file),
        sql={"url_env": "DB", "inbox": "hub_inbox", "changes": "hub_log"},
    )
    with working(written, PEOPLE, {U1, U2}.__contains__):
        async with _visited(settings, {"DB": url}) as visit:
            yield visit


@contextlib.asynccontextmanager
async def over_rest(directory):
    async with rest_subjects.over_rest(directory) as subject:
        await subject.put(workers=WORKERS, unions=[U1, U2])
        for one in LOG:
            subject.write(one)
        mapping = rest_subjects.mapping_text(WHOLE_CONTRACT, acts=True, changes=True)
        settings, connector = rest_subjects.opened(subject.url, directory, mapping)
        await connector.close()
        async with _visited(settings, rest_subjects.ENVIRON) as visit:
            yield visit


@contextlib.asynccontextmanager
async def over_drop_folder(directory):
    async with over_files.over(directory) as subject:
        declared = Capabilities("1.2", WHOLE_CONTRACT.fields)
        await subject.keep(WORKERS, capabilities=declared)
        yield subject.connector, SAMPLE, Means(clock=CLOCK, deadline=10, rounds=2)
