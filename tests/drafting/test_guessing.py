"""A first mapping from names alone: what is found, how it is marked, and that it loads."""

from __future__ import annotations

from time import process_time

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.drafting.guessing import Column, Seen
from connectors.drafting.mapping_draft import draft
from connectors.mapping.mapping import Mapping
from schema.records.kinds import RecordKind
from schema.records.worker import Sex
from tests.mapping.samples import read


def table(name, columns, comment=""):
    return Seen(
        name, tuple(Column(*one.split(":")) for one in columns.split()), comment
    )


def guessed(*tables):
    text = draft(tables).text
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


def test_codes_that_people_wrote_beside_a_column_are_put_on_the_left():
    member = table("t_hyxx", "ZGBH XH ZT:会员状态（10-正常，20-转出，30-冻结） GXSJ")
    people = Seen(
        "t_zgxx",
        (Column("ZGBH"), Column("XM"), Column("XB", "", (("M", "男"), ("F", "女")))),
    )
    made, text = guessed(people, member)
    state = made.kind(RecordKind.MEMBERSHIP)
    assert state.from_value("state", "ACTIVE") == "10"
    assert state.from_value("state", "TRANSFERRED") == "20"
    assert made.kind(RecordKind.WORKER).from_value("sex", Sex.FEMALE) == "F"
    assert '# "30" = ""  # 没有猜到 / not guessed (冻结)' in text


def test_one_number_beside_a_column_is_no_list_of_codes():
    _, text = guessed(table("t_zgxx", "ZGBH XM XB:性别2位"))
    assert '"1" = "MALE"' in text


def test_what_a_person_must_decide_is_told_with_its_line():
    told = draft(
        [table("t_hyxx", "a1 XM ZT:状态（10-正常，20-转出，30-冻结） membrship_no")]
    )
    lines = told.text.splitlines()
    for number, line in told.open:
        assert lines[number - 1] == line
    open_lines = "\n".join(line for _, line in told.open)
    assert 'key = "FILL_IN"' in open_lines
    assert '# "30" = ""' in open_lines
    assert "请核对 doubtful" in open_lines
    assert told.found == {RecordKind.MEMBERSHIP: 2}


def test_codes_that_only_the_province_knows_are_a_persons_to_decide():
    told = draft([table("t_hyxx", "ZGBH XH ZT"), table("t_zgxx", "ZGBH XM XB")])
    marked = [line for _, line in told.open if line.startswith("[codes.")]

    assert [line.partition("]")[0] for line in marked] == ["[codes.membership_state"]


def test_a_catalogue_of_hundreds_of_tables_is_guessed_in_seconds():
    tables = [
        table(f"T_{n}", " ".join(f"COL_{n}_{k}:业务{n}字段{k}" for k in range(30)))
        for n in range(300)
    ]
    began = process_time()
    made, _ = guessed(*tables, table("T_ZGXX", "ZGBH XM XB CSRQ"))
    assert process_time() - began < 5
    assert made.kind(RecordKind.WORKER).source == "T_ZGXX"


def test_how_rows_are_asked_for_is_written_and_nothing_that_breaks_a_line():
    one = msgspec.structs.replace(
        table("/v1/zg/{key}", "id XM XB"),
        own=(("keys_in", "path"), ("rows_at", 'x"\n[kinds.X]'), ("batch", 5)),
    )
    made, text = guessed(one)
    assert made.kind(RecordKind.WORKER).own == {"keys_in": "path", "batch": 5}
    assert "kinds.X" not in text
