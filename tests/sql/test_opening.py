"""A province with a database, from its settings to an answer."""

from __future__ import annotations

import logging

import pytest
from pydantic import ValidationError

from connectors.settings import ProvinceSettings
from schema.records.told import FaultCode
from tests.provinces import own_tables
from tests.provinces.opened import registry_of
from tests.provinces.over_sql import soon
from tests.provinces.registers import membership, worker
from tests.sql.test_catalogue import MEMBERS, TEXT, question


def settings(file, **more):
    return ProvinceSettings(**{
        "code": "44", "name_zh": "广东", "name_en": "Guangdong", "kind": "sql",
        "mapping_file": file, "sql": {"url_env": "SQL_44"}, "deadline": "10s",
        **more,
    })  # fmt: skip


async def asked(one, environ):
    registry = registry_of([one], environ)
    guard = registry.get("44")
    await registry.start()
    answer = await guard.ask(question("w1", MEMBERSHIP=["membership_no"]), soon())
    await registry.close()
    return guard, answer


async def test_it_answers_through_its_guard(database, tmp_path):
    url, engine = database
    with engine.begin() as connection:
        own_tables.fill(connection, [worker("w1", membership("a", "c1"))])
    file = tmp_path / "44.toml"
    file.write_text(TEXT, "utf-8")
    guard, answer = await asked(settings(file), {"SQL_44": url})

    assert answer.faults == ()
    assert answer.workers[0][0].memberships[0].membership_no == "c1"
    assert guard.capabilities.fields == MEMBERS
    assert guard.capabilities.acts == frozenset()


WRONG = {
    "mistakes in the mapping": (TEXT.replace("phone =", "fone ="), "postgresql://a/b"),
    "no mapping": (None, "postgresql://a/b"),
    "no address": (TEXT, ""),
    "an address that is none": (TEXT, "secret-of-ours"),
}


@pytest.mark.parametrize(("written", "url"), WRONG.values(), ids=WRONG)
async def test_what_cannot_be_opened_keeps_nothing_from_starting(
    tmp_path, caplog, written, url
):
    file = tmp_path / "44.toml"
    if written is not None:
        file.write_text(written, "utf-8")
    with caplog.at_level(logging.ERROR):
        _, answer = await asked(settings(file), {"SQL_44": url})

    assert [one.code for one in answer.faults] == [FaultCode.NOT_CONNECTED]
    assert "Province 44" in caplog.text
    assert "secret-of-ours" not in caplog.text
    if written and "fone" in written:
        assert "44.toml:" in caplog.text
        assert "phone" in caplog.text


UNFIT = {
    "an address": ({"url": "https://a.example/"}, "has no use for url"),
    "no database": ({"sql": None}, "needs sql"),
    "no mapping": ({"mapping_file": None}, "需要设置 mapping_file"),
    "another kind": ({"kind": "graphql"}, "needs url"),
    "a statement for a table": (
        {"sql": {"url_env": "X", "inbox": 'x"; DROP TABLE y'}},
        "sql.inbox",
    ),
}


@pytest.mark.parametrize(("more", "words"), UNFIT.values(), ids=UNFIT)
def test_settings_fit_their_kind(more, words):
    with pytest.raises(ValidationError) as raised:
        settings("m.toml", **more)
    assert words in str(raised.value)
