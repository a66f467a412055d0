"""Mistakes in what is asked of the real graph: what is wrong, where, and how to mend it."""

from __future__ import annotations

import pytest

from hub.web.errors import BadRequest, Code
from hub.web.operation import Asker, Operation
from hub.web.operations import Operations
from hub.web.payload import Asked
from tests.fakes.hub import Hub, caller
from tests.fakes.operating import Operating

REGISTER = "mutation($l: [LinkInput!]!) { registerLinks(links: $l) { __typename } }"
LINK = {
    "residentId": "1",
    "province": "44",
    "localId": "W1",
    "kinds": ["SKILL"],
    "validFrom": "2020-01-01",
}


@pytest.fixture
def operate():
    return Operating(Hub().parts)


async def wrong(operate, text, **variables):
    with pytest.raises(BadRequest) as refused:
        await operate(caller("44", "links:write"), text, **variables)
    return refused.value.problems[0]


@pytest.mark.parametrize("field", ["validFrom", "validTo"])
@pytest.mark.parametrize("value", ["2020-13-01", "2025-02-29", "31.7.2025", "", 5, [1]])
async def test_a_bad_date_is_named_with_its_place_and_how_to_write_one(
    operate, field, value
):
    told = await wrong(operate, REGISTER, l=[LINK, {**LINK, field: value}])

    assert told.code is Code.BAD_USER_INPUT
    assert told.message.en == f"A date is needed ($l[1].{field})."
    assert told.message.zh == f"此处须是日期 ($l[1].{field})。"
    assert "2025-07-31" in told.remedy.zh
    assert "2025-07-31" in told.remedy.en


async def test_a_bad_date_in_the_document_has_its_place_there(operate):
    text = """mutation { registerLinks(links: [
      {residentId: "1", province: "44", localId: "k", kinds: [], validFrom: "2020-02-01"}
      {residentId: "1", province: "44", localId: "k", kinds: [], validFrom: "2020-02-31"}
    ]) { __typename } }"""
    told = await wrong(operate, text)

    assert told.message.en == "A date is needed."
    assert told.locations == ((3, 77),)


@pytest.mark.parametrize(
    ("selection", "zh", "en", "remedy"),
    [
        ("a: provinceStatus { cursor } b: provinceStatus { cursor }",
         "只能有一个根字段", "one field of the root", "a subscription of each"),
        ("__typename", "不能是 __typename", "cannot be __typename", "provinceStatus"),
        ("provinceStatus @skip(if: true) { cursor }",
         "@skip", "neither @skip nor @include", "Remove it"),
    ],
)  # fmt: skip
async def test_what_a_subscription_may_not_be_is_said(
    operate, selection, zh, en, remedy
):
    told = await wrong(operate, f"subscription S {{ {selection} }}")
    nameless = await wrong(operate, f"subscription   {{ {selection} }}")

    assert told.code is Code.GRAPHQL_VALIDATION_FAILED
    assert zh in told.message.zh
    assert en in told.message.en
    assert remedy in told.remedy.en
    assert told.remedy.zh
    assert told.locations
    assert nameless == told


@pytest.mark.parametrize(
    "text",
    ["{ provinces {} }", "{}", "{ provinces { # nothing\n } }", "{ ... {} }",
     "{ provinces { code } } fragment F on Province {}"],
)  # fmt: skip
async def test_an_empty_selection_is_a_mistake_of_syntax(operate, text):
    told = await wrong(operate, text)

    assert told.code is Code.GRAPHQL_PARSE_FAILED
    assert told.locations


async def test_what_cannot_be_shown_is_repeated_as_an_escape():
    hub = Hub()
    hub.province("44")
    codes = ["\u0000", "\u202e44", "\x1b[2J", "号"]
    operations = Operating(hub.parts)._operations
    text = "subscription($c: [String!]) { provinceStatus(codes: $c) { cursor } }"
    asked = operations.read(Asked(text, None, {"c": codes}), caller())
    with pytest.raises(BadRequest) as refused:
        await operations.stream(asked, Asker(caller(), "request-1", "en", None))

    (told,) = refused.value.problems
    assert told.reason == "UNKNOWN_PROVINCE"
    for said in (told.message.zh, told.message.en):
        assert said.isprintable()
        assert "\\u0000" in said
        assert "\\u202e44" in said
        assert "号" in said


@pytest.mark.parametrize(
    ("text", "sent", "name"),
    [
        ("query A { __typename }", None, "A"),
        ("query A { __typename } mutation B { __typename }", "B", "B"),
        ("{ __typename }", None, "query"),
        ("query A { __typename } query B { __typename }", None, ""),
        ("query A { __typename }", "Other", ""),
        (f"query {'A' * 200} {{ __typename }}", None, "A" * 80),
    ],
)
def test_an_operation_is_called_by_its_name_in_the_document(operate, text, sent, name):
    operations: Operations = operate._operations
    operation: Operation = operations.read(Asked(text, sent, {}), caller())

    assert operation.name == name


async def test_null_is_no_representation_and_its_place_is_told(operate):
    entities = "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    told = await wrong(operate, entities, r=[{}, None])

    assert told.code is Code.BAD_USER_INPUT
    assert told.message.en == "Null will not do here ($r[1])."
    assert told.remedy.en == "Give a value of type _Any!."
