"""What stands below a field: rows, nobody, or a failure; and what is written to ask."""

from __future__ import annotations

import tomllib

import msgspec
import pytest

from connectors.faults import ProvinceFault
from connectors.foreign.arguments import argument
from connectors.foreign.document import Part, document
from connectors.foreign.fitting import fit
from connectors.foreign.reading import Place, errors_below, rows
from connectors.graphql.errors import ErrorBody
from connectors.mapping.mapping import Mapping
from connectors.settings import ProvinceSettings
from schema.records.refusal import Refused
from schema.records.told import FaultCode
from tests.foreign.own_schema import interface, mapping_text
from tests.house.documents import ROOT

LIST = Place((), (), "hao")
ONE = Place((), (), "hao", single=True)
NODES = Place(("edges", "node"), (), "hao")
INNER = Place(("hang",), ("peiXun",), "hao")
A, B = {"hao": "a", "x": 1}, {"hao": "b", "x": None}


def error(*path):
    return ErrorBody(path=path)


TOLD = {
    "a list": (LIST, [A, B], [], [A, B]),
    "nobody in a list": (LIST, [A, None], [], [A]),
    "one": (ONE, A, [], [A]),
    "nobody": (ONE, None, [], []),
    "edges": (NODES, {"edges": [{"node": A}, {"node": B}]}, [], [A, B]),
    "an error in a row": (LIST, [A, B], [error(1, "x")], [A, {"hao": "b"}]),
    "inside": (
        INNER, {"hang": [{"hao": "a", "peiXun": [{"x": 1}, None]}, None]}, [],
        [{"hao": "a", "x": 1}],
    ),
    "an error inside": (
        INNER, {"hang": [{"hao": "a", "peiXun": [{"x": 1}, {"x": None}]}]},
        [error("hang", 0, "peiXun", 1, "x")], [{"hao": "a", "x": 1}, {"hao": "a"}],
    ),
    "none inside, by an error": (
        INNER, {"hang": [{"hao": "a", "peiXun": None}]},
        [error("hang", 0, "peiXun", 3, "x")], [{"hao": "a"}],
    ),
    "none inside, and nobody knows why": (
        INNER, {"hang": [{"hao": "a", "peiXun": None}]}, [], [{"hao": "a"}]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("place", "told", "errors", "found"), TOLD.values(), ids=TOLD)
def test_what_stands_there_becomes_rows(place, told, errors, found):
    assert rows(told, place, errors) == found


FAILED = {
    "a null list": (LIST, None, [], FaultCode.MALFORMED),
    "a null on the way": (NODES, {"edges": None}, [], FaultCode.MALFORMED),
    "a null by an error": (LIST, None, [error()], FaultCode.PROVINCE_ERROR),
    "a null by an error below": (
        NODES, {"edges": None}, [error("edges", 0, "node", "x")],
        FaultCode.PROVINCE_ERROR,
    ),
    "nobody by an error": (ONE, None, [error()], FaultCode.PROVINCE_ERROR),
    "a place that is null by an error": (
        LIST, [A, None], [error(1)], FaultCode.PROVINCE_ERROR
    ),
    "an error elsewhere": (
        NODES, {"edges": [{"node": A}]}, [error("pageInfo")], FaultCode.PROVINCE_ERROR
    ),
    "a text": (LIST, "a", [], FaultCode.MALFORMED),
    "a list of texts": (LIST, ["a"], [], FaultCode.MALFORMED),
}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "told", "errors", "code"), FAILED.values(), ids=FAILED
)
def test_what_is_no_answer_is_a_fault(place, told, errors, code):
    with pytest.raises(ProvinceFault) as raised:
        rows(told, place, errors)

    assert raised.value.code is code


@pytest.mark.parametrize("path", [None, (), ("b", 1)])
def test_an_error_about_none_of_the_fields_is_about_the_whole_answer(path):
    with pytest.raises(ProvinceFault):
        errors_below([ErrorBody(path=path)], {"a0": 0})


def test_arguments_may_stand_inside_one_input_object():
    given = ("bi.hao._in: [String!]!", "bi.sheng: String", "tiao: Int")
    part = Part(
        ("dangAn", "huiJi"),
        tuple((argument(one), None) for one in given),
        (("edges", "node", "hao"), ("edges", "node", "list", "0", "x"), ("end",)),
    )

    assert document("query", (part.shape,)) == (
        "query Hub($v0_0:[String!]!,$v0_1:String,$v0_2:Int)"
        "{hub_a0:dangAn{huiJi(bi:{hao:{_in:$v0_0},sheng:$v0_1},tiao:$v0_2)"
        "{edges{node{hao list{x}}} end}}}"
    )


def province(table):
    return ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", url="http://127.0.0.1:1",
        mapping_file="44.toml", graphql=table,
    )  # fmt: skip


UNFIT = {
    "a source": ('source = "jiNeng"', 'source = "/v1/jn"', "kinds.SKILL.source"),
    "a column": ('= "xlevel"', '= "级别"', "kinds.SKILL.fields.level"),
    "own": ('inside = "peiXun"', 'insid = "peiXun"', "kinds.TRAINING.own"),
    "a clash": ('"tiaoJian.sheng: String"', '"tiaoJian: X"', "kinds.MEMBERSHIP"),
    "no key": ('key = { "column" = "xyek", "exact" = true }', "", "acts.command"),
}


@pytest.mark.parametrize(("was", "now", "where"), UNFIT.values(), ids=UNFIT)
def test_what_does_not_go_together_is_refused_with_its_place(was, now, where):
    text = mapping_text()
    assert was in text
    text = text.replace(was, now, 1)
    settings = province(interface())
    with pytest.raises(Refused) as raised:
        fit(settings, settings.graphql, Mapping.load(text.encode(), "44.toml"))

    assert f"({where})" in raised.value.refusal.message.en


WRONG = {
    "no type": {"keys": "hao"},
    "no bracket": {"keys": "hao: [String!"},
    "a value": {"keys": 'hao: "x"'},
    "unknown": {"key": "hao: ID"},
    "acts without a key": {
        "acts": {"mutations": {"REGISTER_OUT": "a"}, "argument": "b: B!"}
    },
    "a statement": {"changes": {"field": "a{b}"}},
}


@pytest.mark.parametrize("table", WRONG.values(), ids=WRONG)
def test_a_setting_that_is_none_is_refused(table):
    with pytest.raises(ValueError, match=r"\d validation error"):
        province(table)


def test_a_mapping_without_the_table_is_refused():
    with pytest.raises(ValueError, match="needs graphql"):
        province(None)


def test_the_example_of_the_readme_goes_together():
    text = (ROOT / "connectors" / "REFERENCE.md").read_text("utf-8")
    part = text.partition("A GraphQL schema of its own\n")[2]
    settings, mapping = (one.partition("```")[0] for one in part.split("```toml")[1:3])
    told = tomllib.loads(settings)
    table = ProvinceSettings(code="31", **told)
    roots = fit(
        table,
        table.graphql,
        Mapping.load(mapping.removeprefix(" mapping").encode(), "31.toml"),
    )

    assert {kind.value: root.path for kind, root in roots.items()} == {
        "WORKER": ("zhiGong",), "MEMBERSHIP": ("dangAn", "huiJi"), "TRAINING": ("zhiGong",)
    }  # fmt: skip
    assert msgspec.to_builtins(roots["TRAINING"].place)["inside"] == ("peiXun",)
