"""A first mapping from names alone: what is found, how it is marked, and that it loads."""

from __future__ import annotations

import json
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from connectors.drafting.guessing import Column, Seen
from connectors.drafting.mapping_draft import draft
from connectors.drafting.seeing import of_header, of_introspection, of_openapi
from connectors.mapping.mapping import Mapping
from hub.cli.app import app
from schema.records.kinds import RecordKind
from schema.records.refusal import Refused
from tests.mapping.samples import read


def table(name, columns, comment=""):
    return Seen(
        name, tuple(Column(*one.split(":")) for one in columns.split()), comment
    )


def guessed(*tables):
    text = draft(tables)
    return Mapping.load(text.encode(), "draft"), text


def columns(mapping, kind):
    return {field: of[0] for field, of in mapping.kind(kind).columns.items()}


def test_initials_of_pinyin_are_known_and_an_identity_number_is_never_named():
    made, text = guessed(
        table("GH.V_ZGXX", "ZGBH XM XB CSRQ SFZH HJXZQH SJHM GXSJ"),
        table("GH.T_HYXX", "ZGBH XH GHDM GHMC ZT RHRQ GXSJ"),
    )
    worker = columns(made, RecordKind.WORKER)
    assert worker["name"] == "XM"
    assert worker["birth_date"] == "CSRQ"
    assert (worker["key"], worker["as_of"]) == ("ZGBH", "GXSJ")
    member = columns(made, RecordKind.MEMBERSHIP)
    assert (member["id"], member["state"], member["union_code"]) == ("XH", "ZT", "GHDM")
    assert "SFZH" not in text
    assert 'name = "XM"  # 猜 guess 100%: xm' in text
    assert '# education = ""  # 没有找到 / not found' in text
    assert '"1" = "MALE"' in text


def test_chinese_heads_and_comments_are_known_and_so_is_the_unit_beside_an_amount():
    made, text = guessed(
        table("职工.csv", "职工编号 姓名 性别 出生日期 身份证号 更新时间"),
        table(
            "a17", "f1:职工编号 f2:案件编号 f3:涉案金额（万元） f4:受理日期", "维权案件"
        ),
    )
    assert columns(made, RecordKind.WORKER)["name"] == "姓名"
    case = columns(made, RecordKind.RIGHTS_CASE)
    assert (case["case_no"], case["amount"], case["id"]) == ("f2", "f3", "f2")
    assert 'unit = "wan"' in text
    assert "身份证" not in text


def test_one_flat_file_can_hold_workers_and_what_they_are_members_of():
    made, _ = guessed(
        table("会员.csv", "职工编号 姓名 会员证号 工会名称 会员状态 入会日期")
    )
    assert made.kind(RecordKind.WORKER).source == "会员.csv"
    assert made.kind(RecordKind.MEMBERSHIP).source == "会员.csv"


def test_our_own_names_are_found_wherever_they_stand():
    reference = read("reference.mapping.toml")
    tables = [
        Seen(kind.source, tuple(Column(one) for one in sorted({c for of in kind.columns.values() for c in of})))
        for kind in reference.kinds.values()
    ]  # fmt: skip
    made, _ = guessed(*tables)
    assert made.kinds.keys() == reference.kinds.keys()
    for kind, one in reference.kinds.items():
        assert made.kind(kind).source == one.source
        told = {f: c for f, c in one.columns.items() if f != "aids"}
        assert {f: made.kind(kind).columns.get(f) for f in told} == told


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Seen,
            st.text(max_size=12) | st.sampled_from(["t_hyxx", "people", "a;b", 'x"']),
            st.lists(
                st.builds(
                    Column,
                    st.text(max_size=12)
                    | st.sampled_from(["XM", "姓名", "SFZH", 'a"b', "id", "ZGBH"]),
                    st.text(max_size=12),
                ),
                max_size=6,
            ).map(tuple),
            st.text(max_size=12) | st.just('"\n[kinds.X]'),
        ),
        max_size=4,
    )
)
def test_whatever_names_there_are_the_draft_loads(tables):
    made, _ = guessed(*tables)
    assert RecordKind.WORKER in made.kinds


@pytest.mark.parametrize(
    "text",
    ["职工编号,姓名\r\n1,张三".encode("utf-8-sig"), "职工编号,姓名\n".encode("gb18030"),
     '职工编号;"姓名"'.encode(), "职工编号\t姓名".encode()],
    ids=["excel", "gb18030", "semicolons", "tabs"],
)  # fmt: skip
def test_the_head_of_a_file_is_read_in_both_encodings(text):
    assert [one.name for one in of_header("x.csv", text).columns] == [
        "职工编号",
        "姓名",
    ]


OPENAPI = {
    "paths": {
        "/v1/workers/{id}": {
            "get": {
                "summary": "职工信息",
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}},
            },
            "post": {},
        }
    },
    "components": {
        "schemas": {
            "Page": {"properties": {"rows": {"type": "array", "items": {"$ref": "#/components/schemas/Worker"}}}},
            "Worker": {
                "properties": {
                    "id": {"type": "string"}, "xm": {"description": "姓名"},
                    "home": {"properties": {"division": {"description": "户籍行政区划"}}},
                    "boss": {"$ref": "#/components/schemas/Worker"},
                }
            },
        }
    },
}  # fmt: skip


def test_what_an_interface_describes_is_read_with_paths_into_its_objects():
    (seen,) = of_openapi(json.dumps(OPENAPI).encode())
    assert seen.name == "/v1/workers/{key}"
    assert [one.name for one in seen.columns][:3] == ["id", "xm", "home.division"]
    made, _ = guessed(seen)
    assert columns(made, RecordKind.WORKER)["household_division"] == "home.division"


def test_an_introspection_is_read():
    told = {"data": {"__schema": {"types": [
        {"name": "Person", "fields": [{"name": "xm", "description": "姓名"}, {"name": "ZGBH"}, {"name": "xb"}]},
        {"name": "__Type", "fields": [{"name": "name"}]}, {"name": "Int", "fields": None},
    ]}}}  # fmt: skip
    (seen,) = of_introspection(json.dumps(told).encode())
    assert seen.name == "Person"
    assert columns(guessed(seen)[0], RecordKind.WORKER)["sex"] == "xb"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["x", "#/paths", "#/"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["paths", "get", "responses", "200", "content", "application/json", "schema",
                         "$ref", "items", "properties", "allOf", "data", "__schema", "types", "name", "fields"]),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(_JSON | st.binary(max_size=40))
def test_a_description_is_read_or_refused_and_nothing_else(told):
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    for read_it in (of_openapi, of_introspection, lambda one: of_header("x", one)):
        try:
            read_it(text)
        except Refused as refused:
            assert refused.refusal.code == "DESCRIPTION_NOT_READABLE"  # noqa: PT017


def test_the_command_drafts_from_a_database_a_folder_and_a_description(
    tmp_path, monkeypatch
):
    run = CliRunner().invoke
    with sqlite3.connect(tmp_path / "p.sqlite") as line:
        line.execute("CREATE TABLE T_ZGXX (ZGBH TEXT, XM TEXT, XB TEXT, CSRQ TEXT)")
        line.execute("INSERT INTO T_ZGXX VALUES ('1', '张三丰', '1', '19900101')")
    line.close()
    monkeypatch.setenv("PROVINCE_URL", f"sqlite:///{tmp_path / 'p.sqlite'}")
    told = run(app, ["province", "init", "sql", "PROVINCE_URL"])
    assert told.exit_code == 0
    assert 'source = "T_ZGXX"' in told.stdout
    assert "张三丰" not in told.stdout

    (tmp_path / "职工.csv").write_bytes(
        "职工编号,姓名,性别\n1,张三,1\n".encode("gb18030")
    )
    out = tmp_path / "draft.toml"
    assert (
        run(
            app, ["province", "init", "files", str(tmp_path), "--out", str(out)]
        ).exit_code
        == 0
    )
    assert (
        Mapping.load(out.read_bytes(), "draft").kind(RecordKind.WORKER).source
        == "职工.csv"
    )
    again = run(app, ["province", "init", "files", str(tmp_path), "--out", str(out)])
    assert again.exit_code == 1

    (tmp_path / "openapi.json").write_text(json.dumps(OPENAPI), "utf-8")
    assert (
        run(app, ["province", "init", "rest", str(tmp_path / "openapi.json")]).exit_code
        == 0
    )
    assert (
        run(
            app, ["province", "init", "graphql", str(tmp_path / "openapi.json")]
        ).exit_code
        == 1
    )


def test_a_database_that_does_not_answer_is_told_without_its_password(monkeypatch):
    monkeypatch.setenv("PROVINCE_URL", "postgresql://u:secret-word@127.0.0.1:1/x")
    told = CliRunner().invoke(app, ["province", "init", "sql", "PROVINCE_URL"])
    assert told.exit_code == 1
    assert "secret-word" not in told.output
    assert "PROVINCE_URL" in told.output
