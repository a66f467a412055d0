"""A mapping is held against the live catalogue; names in it never become statements."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from connectors.faults import ProvinceFault
from connectors.mapping.mapping import Mapping
from connectors.mapping.mistakes import MappingMistakes
from connectors.port import WHOLE_CONTRACT, Ask, Question
from schema.records.command import Act
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from schema.records.told import FaultCode
from tests.provinces import own_tables
from tests.provinces.over_sql import NEITHER, SqlSettings, connector, soon
from tests.provinces.registers import membership, worker

MEMBERS = {
    RecordKind.WORKER: WHOLE_CONTRACT.fields[RecordKind.WORKER],
    RecordKind.MEMBERSHIP: WHOLE_CONTRACT.fields[RecordKind.MEMBERSHIP],
}
TEXT = own_tables.mapping_text(MEMBERS)


def question(*keys, **fields):
    wanted = {RecordKind[kind]: names for kind, names in fields.items()}
    return Question((Ask(keys, Selection.of(wanted)),), "r", "MEMBERSHIP_SERVICE")


async def probed(url, written, settings=NEITHER):
    one = connector(url, Mapping.load(written.encode(), "44.mapping.toml"), settings)
    try:
        await one.probe(soon())
    finally:
        await one.close()
    return one


async def test_a_missing_column_is_told_with_its_line_and_what_was_meant(
    database, caplog
):
    url, _ = database
    written = TEXT.replace('column = "PHONE"', 'column = "PHONES"')
    with caplog.at_level(logging.ERROR):
        one = await probed(url, written)

    (mistake,) = one.mistakes
    line = written.splitlines()[mistake.line - 1]
    assert line.startswith("phone = ")
    assert mistake.file == "44.mapping.toml"
    assert mistake.message.zh == "“省_WORKER”没有列“PHONES”，phone 因此无法提供。"
    assert 'has no column "PHONES"' in mistake.message.en
    assert (mistake.remedy.zh, mistake.remedy.en) == (
        "是否应为“PHONE”？",
        'Did you mean "PHONE"?',
    )
    assert "44.mapping.toml:" in caplog.text
    # All else is served.
    fields = one.capabilities.fields
    assert fields[RecordKind.WORKER] == MEMBERS[RecordKind.WORKER] - {"phone"}
    assert fields[RecordKind.MEMBERSHIP] == MEMBERS[RecordKind.MEMBERSHIP]


async def test_every_mistake_is_told_at_once_and_a_kind_without_its_key_is_not_served(
    database,
):
    url, _ = database
    written = TEXT.replace('key = "WORKER"', 'key = "PERSON"')
    written = written.replace('"SECTOR"', '"SEKTOR"').replace('"SINCE"', '"since"')
    one = await probed(url, written)

    told = [mistake.key.rpartition(".")[2] for mistake in one.mistakes]
    assert sorted(told) == ["key", "sector", "since"]
    assert 'Did you mean "SINCE"?' in {one.remedy.en for one in one.mistakes}
    assert one.capabilities.kinds == {RecordKind.WORKER}


async def test_without_workers_nothing_is_served_until_there_are(postgresql):
    url, engine = postgresql
    one = connector(url, own_tables.mapping(MEMBERS), NEITHER)
    await one.probe(soon())
    rename(engine, "省_WORKER", "省_WORKERS")
    with pytest.raises(ProvinceFault) as raised:
        await one.probe(soon())
    assert raised.value.code is FaultCode.MALFORMED
    assert one.capabilities.kinds == frozenset()
    assert "是否应为" in one.mistakes[0].remedy.zh
    rename(engine, "省_WORKERS", "省_WORKER")

    assert (await one.probe(soon())).fields == MEMBERS
    assert one.mistakes == ()
    await one.close()


def rename(engine, before, after):
    with engine.begin() as connection:
        connection.execute(text(f'ALTER TABLE "{before}" RENAME TO "{after}"'))


async def test_acts_and_changes_need_their_agreed_tables(database):
    url, engine = database
    with engine.begin() as connection:
        made = 'CREATE TABLE half ("key" VARCHAR(9), answered INTEGER)'
        connection.execute(text(made))
    settings = SqlSettings(url_env="X", inbox="half", changes="nowhere")
    one = await probed(url, TEXT, settings)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE half"))

    assert one.capabilities.acts == frozenset()
    assert not one.capabilities.changes
    inbox, changes = one.mistakes
    assert "sql.inbox" in inbox.message.zh
    assert "transfer" in inbox.message.en
    assert "nowhere" in changes.message.en
    whole = await probed(url, TEXT, SqlSettings(url_env="X", inbox="hub_inbox"))
    assert whole.capabilities.acts == frozenset(Act)


async def test_tables_that_this_kind_does_not_map_are_not_passed_over(sqlite):
    written = TEXT + '\n[changes]\ncase_no = "NO"\nseq = "SEQ"\nas_of = "AT"\n'
    one = await probed(sqlite[0], written)

    (mistake,) = one.mistakes
    assert mistake.key == "changes"
    assert written.splitlines()[mistake.line - 1] == "[changes]"
    assert "sql.changes" in mistake.remedy.en


HOSTILE = [
    '省_WORKER\\"; DROP TABLE hub_inbox; --',
    "省_WORKER; DELETE FROM hub_inbox",
    "(SELECT 1)",
    "省_WORKER WHERE 1=1",
    "pg_sleep(9)",
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_is_refused_or_is_a_name_that_nothing_bears(
    database, name
):
    url, engine = database
    for place in ('"PHONE"', '"LOCAL_ID"', '"省_WORKER"'):
        try:
            await probed(url, TEXT.replace(place, f'"{name}"'))
        except MappingMistakes:
            continue
        except ProvinceFault as failed:
            assert failed.code is FaultCode.MALFORMED  # noqa: PT017
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM hub_inbox")).scalar() == 0


QUOTED = ["a b", "选择", "select", "x-y", "人(员)"]


@pytest.mark.parametrize("name", QUOTED)
async def test_odd_names_are_quoted_and_serve(database, name):
    url, engine = database
    with engine.begin() as connection:
        own_tables.fill(connection, [worker("w1", membership("a", "c1"))])
        connection.execute(
            text(f'ALTER TABLE "省_WORKER" RENAME COLUMN "NAME" TO "{name}"')
        )
        written = f'UPDATE "省_WORKER" SET "{name}" = \'李四\''  # noqa: S608
        connection.execute(text(written))
    written = TEXT.replace('column = "NAME"', f'column = "{name}"')
    one = connector(url, Mapping.load(written.encode(), "44"), NEITHER)
    answer = await one.ask(question("w1", WORKER=["name"]), soon())
    await one.close()
    with engine.begin() as connection:
        connection.execute(
            text(f'ALTER TABLE "省_WORKER" RENAME COLUMN "{name}" TO "NAME"')
        )

    assert answer.workers[0][0].name == "李四"


@pytest.mark.parametrize(
    "key", ["' OR 1=1 --", '"; DROP TABLE x', "w1' --", "\x00", "\ud800", "w%", "王"]
)
async def test_a_hostile_key_is_a_value_and_nothing_else(database, key):
    url, engine = database
    with engine.begin() as connection:
        own_tables.fill(connection, [worker("w1", membership("a", "c1"))])
    one = connector(url, own_tables.mapping(MEMBERS), NEITHER)
    answer = await one.ask(question(key, "w1", WORKER=[]), soon())
    await one.close()

    assert answer.workers[0][0] is None
    assert answer.workers[0][1].local_id == "w1"
    assert answer.faults == ()
