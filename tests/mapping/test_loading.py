"""A mapping file is checked as a whole: where, what, and what may be meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mapping.mapping import Mapping
from schema.records.kinds import KINDS, RecordKind
from schema.records.refusal import Bilingual
from schema.records.selection import Selection
from tests.mapping.samples import HEAD, loaded, mistakes, read


def test_every_mistake_is_told_at_once_with_its_line_and_what_may_be_meant():
    found = mistakes("""\
version = 1
colour = "red"

[defaults]
unit = "euro"

[codes.sex]
"1" = "MAN"

[kinds.WORKER]
source = "t; DROP TABLE t"
key = "ID"
asof = "T"

[kinds.WORKER.fields]
nmae = "XM"
sex = { column = "XB", codes = "sex" }
birth_date = { column = "CSRQ", dates = ["yyyymmdd"] }
phone = { column = "SJ", unit = "fen" }
id = "ID"

[kinds.MEMBERSHIPS]
source = "m"
""")

    assert [(one.line, one.place, one.key) for one in found] == [
        (2, 1, "colour"),
        (5, 1, "defaults.unit"),
        (8, 1, "codes.sex.1"),
        (11, 1, "kinds.WORKER.source"),
        (13, 1, "kinds.WORKER.asof"),
        (16, 1, "kinds.WORKER.fields.nmae"),
        (18, 42, "kinds.WORKER.fields.birth_date.dates.0"),
        (19, 26, "kinds.WORKER.fields.phone.unit"),
        (20, 1, "kinds.WORKER.fields.id"),
        (22, 1, "kinds.MEMBERSHIPS"),
    ]
    guesses = {one.key: one.remedy for one in found}
    assert guesses["kinds.WORKER.asof"].en == "Did you mean as_of?"
    assert guesses["kinds.WORKER.fields.nmae"].zh == "是否想写 name？"
    assert "yyyyMMdd" in guesses["kinds.WORKER.fields.birth_date.dates.0"].en
    assert guesses["kinds.MEMBERSHIPS"].en == "Did you mean MEMBERSHIP?"
    assert guesses["codes.sex.1"].en in {
        "Did you mean MALE?",
        "Known are: FEMALE, MALE, OTHER.",
    }
    assert guesses["defaults.unit"].en == "Known are: fen, wan, yuan."
    for one in found:
        assert one.file == "x.toml"
        assert all([one.message.zh, one.message.en, one.remedy.zh, one.remedy.en])
        assert "{" not in str(one).replace("{key}", "")


def one_mistake(text):
    (found,) = mistakes(text)
    return found


@pytest.mark.parametrize(
    ("text", "line", "key", "word"),
    [
        (HEAD.replace("version = 1", "version = 2"), 1, "version", "version = 1"),
        (HEAD.replace("[kinds.WORKER]", "[kinds.SKILL]\nid = 'x'"), 3, "kinds", "WORKER"),
        (HEAD.replace('key = "ID"\n', ""), 3, "kinds.WORKER", "key"),
        (HEAD.replace('source = "worker"\n', ""), 3, "kinds.WORKER", "source"),
        (HEAD + 'id = "ID"\n', 7, "kinds.WORKER.id", "Known are"),
        (HEAD + '[kinds.SKILL]\nsource = "s"\nkey = "W"\nas_of = "T"', 7, "kinds.SKILL", "id"),
        (HEAD + "fields = 3", 7, "kinds.WORKER.fields", "[fields]"),
        (HEAD + 'absent_is_empty = "yes"', 7, "kinds.WORKER.absent_is_empty", "true"),
        (HEAD + "[kinds.WORKER.fields]\nname = 3", 8, "kinds.WORKER.fields.name", "XM"),
        (HEAD + "[kinds.WORKER.fields]\nname = {}", 8, "kinds.WORKER.fields.name", "constant"),
        (HEAD + '[kinds.WORKER.fields]\nname = { column = "a", columns = ["b"] }', 8,
         "kinds.WORKER.fields.name", "Keep one"),
        (HEAD + "[kinds.WORKER.fields]\nname = { columns = [] }", 8,
         "kinds.WORKER.fields.name.columns", "B"),
        (HEAD + '[kinds.WORKER.fields]\nsex = { constant = "MAN" }', 8,
         "kinds.WORKER.fields.sex.constant", "canonical"),
        (HEAD + '[kinds.WORKER.fields]\nsex = { column = "x", codes = "sexes" }', 8,
         "kinds.WORKER.fields.sex.codes", "Known are"),
        (HEAD + '[kinds.WORKER.fields]\nsex = { column = "x", codes = 3 }', 8,
         "kinds.WORKER.fields.sex.codes", "MALE"),
        (HEAD + '[kinds.WORKER.fields.sex]\ncolumn = "x"\ncodes = { "1" = "MALE", "１" = "FEMALE" }', 9,
         "kinds.WORKER.fields.sex.codes.１", "Keep one"),
        (HEAD + '[kinds.WORKER.fields]\nphone = { column = "x", split = "-" }', 8,
         "kinds.WORKER.fields.phone", "part"),
        (HEAD + '[kinds.WORKER.fields]\nphone = { column = "x", split = "-", part = 0 }', 8,
         "kinds.WORKER.fields.phone.part", "part"),
        (HEAD + '[kinds.WORKER.fields]\nbirth_date = { column = "x", dates = ["excel", "epoch_s"] }', 8,
         "kinds.WORKER.fields.birth_date.dates", "at most one"),
        (HEAD + '[kinds.WORKER.fields]\nphone = { column = "x", blanks = "-" }', 8,
         "kinds.WORKER.fields.phone.blanks", "blanks"),
        (HEAD + '[kinds.WORKER.fields]\nphone = { column = "x", colums = "-" }', 8,
         "kinds.WORKER.fields.phone.colums", "Did you mean column"),
        (HEAD + '[acts.command]\nkey = "K"', 7, "acts", "acts.receipt"),
        (HEAD + "[codes]\nsex = 3", 8, "codes.sex", "MALE"),
        ("", 0, "kinds", "WORKER"),
    ],
)  # fmt: skip
def test_a_mistake_says_where_it_is_and_how_to_mend_it(text, line, key, word):
    found = [one for one in mistakes(text) if one.key == key]
    assert len(found) == 1
    assert found[0].line == line
    assert word in found[0].remedy.en


@pytest.mark.parametrize(
    ("text", "line", "zh"),
    [
        (b'version = 1\nname = "\xff"', 2, "不是 UTF-8"),
        (b"version = 1\nversion = 2", 2, "写了两次"),
        (
            HEAD.encode() + b'[kinds.WORKER.fields]\nsex="a"\nname="b"\nsex = "c"',
            10,
            "写了两次",
        ),
        (b"version = ", 1, "TOML"),
        (b"[" * 5000, 1, "TOML"),
        (b"x = " + b"[" * 5000, 0, "TOML"),
        (b"#" * 1_000_001, 0, "1 MB"),
    ],
    ids=["bytes", "twice", "field twice", "half", "brackets", "deep", "large"],
)
def test_what_is_no_file_of_this_kind_is_told_with_its_line(text, line, zh):
    found = one_mistake(text)
    assert (found.line, zh in found.message.zh) == (line, True)


HOSTILE = [
    "x; DROP TABLE y", 'x" OR "1"="1', "x' --", "x--y", "x/*y*/", "x\ny", "x\x00", "`x`",
    "[x]", "x,y", "{x}", "{{7*7}}", "${x}", "%(x)s", "x = 1", "../x", "x\\y", "a" * 65, "",
    " x", "x ", ".", "x.", "x..y", "x:y", "x?y", "x@y", "x*", "x|y", "<x>", "\u202ex",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
@pytest.mark.parametrize("key", ["source", "key", "column", "path"])
def test_a_name_is_a_name_and_nothing_else(name, key):
    quoted = '"' + "".join(f"\\u{ord(c):04x}" for c in name) + '"'
    text = HEAD
    if key in {"source", "key"}:
        old = '"worker"' if key == "source" else '"ID"'
        text = HEAD.replace(f"{key} = {old}", f"{key} = {quoted}")
    elif key == "column":
        text += f"[kinds.WORKER.fields]\nname = {quoted}"
    else:
        text += f'[kinds.WORKER.fields]\nname = {{ columns = ["A", {quoted}] }}'
    found = mistakes(text)
    assert {one.key.split(".")[-1] for one in found} <= {key, "name", "1"}
    assert all(len(str(one)) < 1000 for one in found)


@pytest.mark.parametrize(
    "name",
    ["worker", "GH.V_ZGXX", "人员信息", "files/members.csv", "/v1/workers/{key}/memberships",
     "data.workers", "2026-members.xlsx"],
)  # fmt: skip
def test_sources_of_every_tongue_have_names(name):
    made = Mapping.load(HEAD.replace('"worker"', f'"{name}"').encode(), "x")
    assert made.kind(RecordKind.WORKER).source == name


@pytest.mark.parametrize(
    "name", ["/a/{key}/b/{key}", "/a/{id}", "http://x/y", "/a?b=c"]
)
def test_a_source_is_no_address_and_names_the_worker_once(name):
    assert (
        mistakes(HEAD.replace('"worker"', f'"{name}"'))[0].key == "kinds.WORKER.source"
    )


@pytest.mark.parametrize(
    "name", ["XM", "姓名", "姓名（必填）", "full name", "a.b.0.c", "#1", "x$"]
)
def test_columns_have_the_names_that_people_gave_them(name):
    text = HEAD + f'[kinds.WORKER.fields]\nname = "{name}"'
    made = Mapping.load(text.encode(), "x").kind(RecordKind.WORKER)
    assert made.columns["name"] == (name,)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_the_file_is_it_loads_or_its_mistakes_are_told(text):
    _, found = loaded(text)
    assert all(one.message.zh for one in found)


_SCALARS = st.one_of(
    st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["A", "x;y", "sex", "excel", "fen", "MALE", ""]),
)  # fmt: skip
_KEYS = st.sampled_from(
    ["column", "columns", "codes", "dates", "unit", "blanks", "join", "split", "part",
     "constant", "exact", "fields", "source", "key", "id", "as_of", "name", "sex", "aids",
     "WORKER", "HARDSHIP_FILE", "kinds", "defaults", "acts", "changes", "own", "command"]
)  # fmt: skip
_TREES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def _toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(_KEYS, _TREES, max_size=4), _TREES, _TREES)
def test_whatever_stands_under_a_known_key_is_used_or_told(top, field, kind):
    top = {"version": 1, **top}
    top["kinds"] = {
        "WORKER": {"source": "w", "key": "k", "fields": {"name": field, "sex": kind}},
        "HARDSHIP_FILE": kind,
    }
    text = "\n".join(f"{key} = {_toml(value)}" for key, value in top.items())
    made, found = loaded(text.encode())
    assert all(one.line for one in found)
    if made:
        made.kind(RecordKind.WORKER).columns_for(Selection.everything())


def test_the_shortest_mapping_serves_the_whole_contract():
    made = read("reference.mapping.toml")
    assert made.fields == {line.kind: line.fields for line in KINDS.values()}
    assert made.command is None
    assert made.kind(RecordKind.SKILL).tells_as_of


def test_only_what_is_asked_for_is_asked_of_the_province():
    made = read("own_words.mapping.toml").kind(RecordKind.MEMBERSHIP)
    few = Selection.of(
        {RecordKind.MEMBERSHIP: ["state", "sector"], RecordKind.SKILL: ["level"]}
    )
    assert made.columns_for(few) == ("ZGBH", "GHBH", "XH", "更新日期", "ZT")
    assert made.kind is RecordKind.MEMBERSHIP
    assert "sector" not in made.fields


def test_the_connector_s_own_tables_are_handed_over_and_their_mistakes_have_lines():
    text = HEAD + '[kinds.WORKER.own]\npath = 7\n[own]\nbatch = "yes"\n'
    made = Mapping.load(text.encode(), "x.toml")
    assert made.own == {"batch": "yes"}
    assert made.kind(RecordKind.WORKER).own == {"path": 7}
    said = Bilingual("零", "nought")
    told = made.mistake(("kinds", "WORKER", "own", "path"), said, said)
    assert str(told) == "x.toml:8:1: kinds.WORKER.own.path: 零零 / nought nought"
    assert made.mistake(("own", "batch", "size"), said, said).line == 10
    assert made.mistake(("nowhere",), said, said).line == 0


def test_a_byte_order_mark_and_windows_lines_do_no_harm():
    text = b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode() + b"\r\nkye = 1"
    assert [(one.line, one.key) for one in mistakes(text)] == [(8, "kinds.WORKER.kye")]
